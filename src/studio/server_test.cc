#include "studio/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace lilt::studio {
namespace {

using namespace std::chrono_literals;

// A client that writes and reads bytes.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { close(); }

  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void send(std::string_view text) const {
    // Whoever has been refused may find nobody to send to.
    static_cast<void>(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL));
  }
  // Up to where it ends with `end`, or to the end of the connection.
  [[nodiscard]] std::string read_to(std::string_view end) const {
    std::string text;
    for (char c = 0; !text.ends_with(end) || end.empty();) {
      if (::recv(socket_, &c, 1, 0) != 1) break;
      text += c;
    }
    return text;
  }
  [[nodiscard]] std::string rest() const { return read_to(""); }
  [[nodiscard]] std::string ask(std::string_view text) const {
    send(text);
    return rest();
  }

 private:
  int socket_;
};

// Answers with what it was asked; some paths do more.
class Echo : public Site {
 public:
  Admission admit(const HttpRequest& head) override {
    if (head.path == "/no") return {HttpResponse{.status = 403, .body = "no"}};
    return {.most_bytes = 10};
  }

  HttpResponse answer(HttpRequest request) override {
    if (request.path == "/throw") throw std::runtime_error("thrown");
    if (request.path == "/wait") wait(request.stop);
    if (request.path == "/stream") return stream(request);
    return {.content_type = "text/plain",
            .body = request.method + " " + request.path + " " + request.body};
  }

  bool wait_for(const std::function<bool()>& what) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, what);
  }
  int waiting = 0, stopped = 0;

 private:
  void wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    ++waiting;
    changed_.notify_all();
    changed_.wait(lock, stop, [] { return false; });
    ++stopped;
    changed_.notify_all();
  }

  HttpResponse stream(const HttpRequest& request) {
    HttpResponse answer{.content_type = "text/plain"};
    const bool breaks = request.query.count("break") > 0;
    answer.stream = [breaks](const std::shared_ptr<BodyStream>& stream) {
      std::thread([stream, breaks] {
        for (const char* text : {"one", "", "two"}) stream->write(text);
        if (!breaks) stream->finish();
      }).detach();
    };
    return answer;
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options_.head_time = options_.idle_time = options_.body_time = 10s;
    options_.headers = {{"X-Every", "answer"}};
  }

  Client client() {
    if (!server_) {
      server_.emplace(options_);
      server_->start(site_);
    }
    return Client(server_->port());
  }

  // The answer to a request after which the connection ends.
  std::string ask(const std::string& head, const std::string& body = {}) {
    return client().ask(head + "\r\nHost: x\r\nConnection: close\r\n\r\n" + body);
  }

  ServerOptions options_;
  Echo site_;
  std::optional<Server> server_;
};

std::string status_of(const std::string& answer) {
  return answer.size() < 12 ? "nothing" : answer.substr(9, 3);
}

TEST_F(ServerTest, AnswersAndStaysOpen) {
  const Client one = client();
  for (int i = 0; i < 3; ++i) {
    one.send("POST /a%20b?c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    const std::string answer = one.read_to("POST /a b abc");
    EXPECT_EQ(status_of(answer), "200");
    EXPECT_NE(answer.find("X-Every: answer\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Content-Length: 13\r\n"), std::string::npos);
  }
  // Two at once, the body in chunks, and one that waits to be told to go on.
  one.send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\n"
      "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(one.read_to("GET /1 ")), "200");
  EXPECT_EQ(status_of(one.read_to("POST /2 abc")), "200");
  one.send("POST /3 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(one.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("a");
  EXPECT_EQ(status_of(one.read_to("POST /3 a")), "200");
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  const std::string answer = ask("HEAD /abc HTTP/1.1");
  EXPECT_NE(answer.find("Content-Length: 9\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, RefusesWhatIsMalformed) {
  EXPECT_EQ(status_of(client().ask("\x16\x03\x01garbage\r\n\r\n")), "400");
  EXPECT_EQ(status_of(client().ask("GET / HTTP/1.0\r\n\r\n")), "505");
  EXPECT_EQ(status_of(ask("GET /%zz HTTP/1.1")), "400");
  EXPECT_EQ(status_of(ask("GET /%00 HTTP/1.1")), "400");
  EXPECT_EQ(status_of(ask("GET http://x/ HTTP/1.1")), "400");
  EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: y")), "400");  // twice
  EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nA: " + std::string(20'000, 'a'))), "431");
  EXPECT_EQ(status_of(ask("GET /" + std::string(20'000, 'a') + " HTTP/1.1")), "431");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nContent-Length: -1")), "400");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2")), "400");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", "zz\r\n")), "400");
  EXPECT_EQ(status_of(ask("GET / HTTP/1.1")), "200");
}

TEST_F(ServerTest, RefusesBodiesThatAreTooLong) {
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nContent-Length: 10", "0123456789")), "200");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nContent-Length: 11", "01234567890")), "413");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nContent-Length: 99999999999999")), "413");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", "b\r\n01234567890\r\n")),
            "413");
  EXPECT_EQ(status_of(ask("POST /no HTTP/1.1\r\nContent-Length: 99999999999999")), "403");
}

TEST_F(ServerTest, HasNoRoomForAllBodiesAtOnce) {
  options_.body_bytes = 15;
  const Client first = client();
  first.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
  EXPECT_NE(first.read_to("\r\n\r\n"), "");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nContent-Length: 10", "0123456789")), "503");
  first.send("0123456789");
  EXPECT_EQ(status_of(first.read_to("0123456789")), "200");
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nContent-Length: 10", "0123456789")), "200");
}

TEST_F(ServerTest, TellsOfWhatIsThrown) {
  const std::string answer = ask("GET /throw HTTP/1.1");
  EXPECT_EQ(status_of(answer), "500");
  EXPECT_NE(answer.find("thrown"), std::string::npos);
}

TEST_F(ServerTest, LeavesSlowClients) {
  options_.head_time = options_.idle_time = options_.body_time = 100ms;
  EXPECT_EQ(client().rest(), "");
  EXPECT_EQ(client().ask("GET / HT"), "");
  EXPECT_EQ(client().ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"), "");
}

TEST_F(ServerTest, MakesRoomForNewConnections) {
  options_.connections = 3;
  const Client first = client();
  std::this_thread::sleep_for(50ms);
  const Client second = client(), third = client();
  third.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(third.read_to("GET / ")), "200");
  EXPECT_EQ(status_of(ask("GET / HTTP/1.1")), "200");
  EXPECT_EQ(first.rest(), "");
}

TEST_F(ServerTest, StopsWhatNobodyWaitsFor) {
  Client one = client();
  one.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(site_.wait_for([this] { return site_.waiting == 1; }));
  one.close();
  EXPECT_TRUE(site_.wait_for([this] { return site_.stopped == 1; }));
}

TEST_F(ServerTest, EndsWithRequestsUnderWay) {
  const Client one = client();
  one.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(site_.wait_for([this] { return site_.waiting == 1; }));
  server_.reset();
  EXPECT_EQ(site_.stopped, 1);
  EXPECT_EQ(one.rest(), "");
}

TEST_F(ServerTest, RefusesMoreThanCanWait) {
  options_.workers = 1;
  options_.waiting = 1;
  Client busy = client();
  busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(site_.wait_for([this] { return site_.waiting == 1; }));
  const Client waits = client();
  waits.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string refused;
  for (int i = 0; i < 100 && status_of(refused) != "503"; ++i) {
    Client more = client();
    more.send("GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    refused = more.read_to("}}");
  }
  EXPECT_EQ(status_of(refused), "503");
  busy.close();
  EXPECT_EQ(status_of(waits.read_to("GET /1 ")), "200");
}

TEST_F(ServerTest, StreamsPieceByPiece) {
  const Client one = client();
  for (int i = 0; i < 2; ++i) {
    one.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = one.read_to("\r\n0\r\n\r\n");
    EXPECT_NE(answer.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_NE(answer.find("one"), std::string::npos);
    EXPECT_NE(answer.find("two"), std::string::npos);
  }
  // One that nobody finishes is broken off.
  const std::string broken = ask("GET /stream?break HTTP/1.1");
  EXPECT_EQ(broken.find("\r\n0\r\n\r\n"), std::string::npos) << broken;
}

}  // namespace
}  // namespace lilt::studio
