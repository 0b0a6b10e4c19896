// The one file that knows Boost.Beast.
#include "studio/server.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <limits>
#include <mutex>
#include <new>
#include <thread>

#include "base/environment_error.h"
#include "studio/answer.h"
#include "studio/workers.h"

namespace lilt::studio {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kMostHead = 16'384;                 // bytes
constexpr std::size_t kMostDrained = std::size_t{1} << 20;  // bytes

// --- Between Beast's messages and ours

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
  return lower;
}

// False where the target is malformed, or a header comes twice that safety depends on.
template <class Message>
bool read_head(const Message& message, HttpRequest& request) {
  request.method = view(message.method_string());
  for (const auto& field : message) {
    const std::string name = lower_case(view(field.name_string()));
    if (request.headers.emplace(name, view(field.value())).second) continue;
    for (const char* once : {"host", "origin", "cookie", "authorization", "content-type"}) {
      if (name == once) return false;
    }
  }
  return read_target(view(message.target()), request);
}

template <class Message>
void write_head(const HttpResponse& answer, const ServerOptions& options, bool keeps_open,
                Message& message) {
  message.version(11);
  message.result(static_cast<unsigned>(answer.status));
  message.set(http::field::content_type, answer.content_type);
  for (const auto& [name, value] : options.headers) message.set(name, value);
  for (const auto& [name, value] : answer.headers) message.set(name, value);
  message.keep_alive(keeps_open);
}

std::string chunk_of(const std::string& text, bool is_last) {
  std::string chunk;
  if (!text.empty()) chunk = fmt::format("{:x}\r\n{}\r\n", text.size(), text);
  return chunk + (is_last ? "0\r\n\r\n" : "");
}

// Programs that are started, such as the browser, would hold the port for as long as they run.
template <class Socket>
void keep_from_children(Socket& socket) {
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

// --- What the threads share

// Whether there still is a network thread to turn to.
struct Gate {
  std::mutex mutex;
  bool is_open = true;
};

struct Shared {
  ServerOptions options;
  Site* site = nullptr;
  std::unique_ptr<Workers> workers;
  std::atomic<std::size_t> body_bytes{0};  // that requests under way have, or may have
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
};

// What the writers of a stream leave for the network thread.
struct Outbox {
  std::mutex mutex;
  std::string text;
  bool is_finished = false;  // all is written
  bool is_broken = false;    // the connection is to be broken off
  bool is_closed = false;    // nobody reads
};

// --- A connection

// Everything runs in the network thread, but answer() and what is said to be otherwise.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { release_body(); }  // in any thread

  void begin() { read_request(); }
  void close();
  // Whether it has sent no whole head since then.
  [[nodiscard]] bool is_idle() const { return is_idle_; }
  [[nodiscard]] Clock::time_point since() const { return since_; }

  // Sees to what is in the outbox. By any thread.
  void wake() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->write_more(); });
  }

 private:
  // A handler that calls this member with the error.
  auto then(void (Connection::*member)(const error_code&)) {
    return [self = shared_from_this(), member](const error_code& error, auto&&...) {
      ((*self).*member)(error);
    };
  }

  void read_request();
  void read_head(const error_code& error);
  void take_head(const error_code& error);
  void read_body(std::size_t most);
  void take_body(const error_code& error);
  void refuse(int status, std::string_view message);
  void refuse_body();
  void fail_to_read(const error_code& error);
  void release_body() { shared_.body_bytes -= std::exchange(held_, 0); }

  void hand_over();
  void answer(HttpRequest request);  // in a worker
  void watch();

  void send(HttpResponse answer);
  void send_stream(const HttpResponse& answer, std::shared_ptr<Outbox> outbox);
  void write_more();
  void sent(const error_code& error);
  void drain(const error_code& error);

  beast::tcp_stream stream_;
  Shared& shared_;
  beast::flat_buffer buffer_{kMostHead + 4096};
  std::optional<http::request_parser<http::string_body>> parser_;
  HttpRequest request_;
  std::stop_source stop_;
  Clock::time_point since_;
  std::size_t held_ = 0, most_ = 0, drained_ = 0;  // bytes
  bool is_open_ = true, is_idle_ = false, keeps_open_ = false, is_head_only_ = false;

  std::shared_ptr<Outbox> outbox_;
  std::string sending_;
  bool is_sending_ = false;
};

void Connection::close() {
  stop_.request_stop();
  if (outbox_) {
    const std::lock_guard lock(outbox_->mutex);
    outbox_->is_closed = true;
  }
  stream_.close();
  is_open_ = false;
}

// - Reading

void Connection::read_request() {
  release_body();
  parser_.emplace();
  parser_->header_limit(kMostHead);
  // It depends on the route. (To Boost 1.74, every body exceeds boost::none.)
  parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
  stop_ = std::stop_source();
  outbox_ = nullptr;
  is_idle_ = true;
  since_ = Clock::now();
  if (buffer_.size() > 0) return read_head({});
  stream_.expires_after(shared_.options.idle_time);
  stream_.async_read_some(buffer_.prepare(4096),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            self->buffer_.commit(size);
                            self->read_head(error);
                          });
}

void Connection::read_head(const error_code& error) {
  if (error) return close();
  stream_.expires_after(shared_.options.head_time);
  http::async_read_header(stream_, buffer_, *parser_, then(&Connection::take_head));
}

void Connection::take_head(const error_code& error) {
  if (error) return fail_to_read(error);
  is_idle_ = false;
  request_ = {};
  const auto& head = parser_->get();
  keeps_open_ = head.keep_alive();
  is_head_only_ = head.method() == http::verb::head;
  if (head.version() != 11) return refuse(505, "expected HTTP/1.1");
  if (!studio::read_head(head, request_)) {
    return refuse(400, "expected a target and headers that are in order");
  }
  if (is_head_only_) request_.method = "GET";
  Site::Admission admission = shared_.site->admit(request_);
  if (!admission.refusal) return read_body(admission.most_bytes);
  keeps_open_ = keeps_open_ && parser_->is_done();
  send(*std::move(admission.refusal));
}

void Connection::read_body(std::size_t most) {
  if (parser_->is_done()) return hand_over();
  most_ = most;
  const auto length = parser_->content_length();
  if (length && *length > most) return refuse_body();
  held_ = length ? static_cast<std::size_t>(*length) : most;
  if ((shared_.body_bytes += held_) > shared_.options.body_bytes) {
    return refuse(503, "too much is being sent at once; try again");
  }
  parser_->body_limit(most);
  stream_.expires_after(shared_.options.body_time);
  const auto read = [self = shared_from_this()] {
    http::async_read(self->stream_, self->buffer_, *self->parser_,
                     self->then(&Connection::take_body));
  };
  if (request_.header("expect").value_or("") != "100-continue") return read();
  static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(kGoOn),
                    [self = shared_from_this(), read](const error_code& error, std::size_t) {
                      error ? self->close() : read();
                    });
}

void Connection::take_body(const error_code& error) {
  if (error == http::error::body_limit) return refuse_body();
  if (error) return fail_to_read(error);
  request_.body = std::move(parser_->get().body());
  hand_over();
}

// An answer after which the connection ends, as what follows cannot be read.
void Connection::refuse(int status, std::string_view message) {
  keeps_open_ = false;
  send(error_answer(status, message));
}

void Connection::refuse_body() {
  refuse(413, fmt::format("expected a body of at most {} bytes", most_));
}

void Connection::fail_to_read(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return refuse(431, "expected a shorter head of the request");
  }
  const bool is_malformed = error.category() == make_error_code(http::error::bad_method).category();
  if (!is_malformed || error == http::error::end_of_stream ||
      error == http::error::partial_message) {
    return close();  // gone, or too slow
  }
  refuse(400, "expected an HTTP request: " + error.message());
}

// - Answering

void Connection::hand_over() {
  watch();
  request_.stop = stop_.get_token();
  auto request = std::make_shared<HttpRequest>(std::move(request_));
  const bool is_taken = shared_.workers->post(
      [self = shared_from_this(), request] { self->answer(std::move(*request)); });
  if (!is_taken) send(error_answer(503, "too many requests wait; try again"));
}

// Finds out whether whoever asked goes while the answer is being made.
void Connection::watch() {
  stream_.expires_never();
  stream_.socket().async_wait(
      tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
        if (error || !self->is_open_) return;
        char one = 0;
        self->stream_.socket().non_blocking(true, error);
        const std::size_t size =
            self->stream_.socket().receive(asio::buffer(&one, 1), tcp::socket::message_peek, error);
        const bool is_there = error ? error == asio::error::would_block : size > 0;
        if (!is_there) self->close();
      });
}

void Connection::send(HttpResponse answer) {
  if (!is_open_) return;
  release_body();
  const auto message = std::make_shared<http::response<http::string_body>>();
  write_head(answer, shared_.options, keeps_open_, *message);
  if (answer.status != 304) message->content_length(answer.body.size());
  if (!is_head_only_) message->body() = std::move(answer.body);
  stream_.expires_after(shared_.options.write_time);
  http::async_write(stream_, *message,
                    [self = shared_from_this(), message](const error_code& error, std::size_t) {
                      self->sent(error);
                    });
}

void Connection::send_stream(const HttpResponse& answer, std::shared_ptr<Outbox> outbox) {
  release_body();
  outbox_ = std::move(outbox);
  if (!is_open_) return close();  // tells the outbox
  struct Head {
    http::response<http::empty_body> message;
    http::response_serializer<http::empty_body> serializer{message};
  };
  const auto head = std::make_shared<Head>();
  write_head(answer, shared_.options, keeps_open_, head->message);
  head->message.chunked(true);
  is_sending_ = true;
  stream_.expires_after(shared_.options.write_time);
  http::async_write_header(stream_, head->serializer,
                           [self = shared_from_this(), head](const error_code& error, std::size_t) {
                             self->is_sending_ = false;
                             error ? self->close() : self->write_more();
                           });
}

void Connection::write_more() {
  if (is_sending_ || !outbox_ || !is_open_) return;
  bool is_last = false;
  {
    const std::lock_guard lock(outbox_->mutex);
    is_last = outbox_->is_finished;
    if (outbox_->is_broken && !is_last) is_open_ = false;
    sending_ = chunk_of(std::exchange(outbox_->text, {}), is_last);
  }
  if (!is_open_) return close();
  if (is_last) outbox_ = nullptr;
  if (sending_.empty()) return stream_.expires_never();
  is_sending_ = true;
  stream_.expires_after(shared_.options.write_time);
  asio::async_write(stream_, asio::buffer(sending_),
                    [self = shared_from_this(), is_last](const error_code& error, std::size_t) {
                      self->is_sending_ = false;
                      if (error || is_last) return self->sent(error);
                      self->write_more();
                    });
}

void Connection::sent(const error_code& error) {
  if (error) return close();
  if (keeps_open_) {
    error_code ignored;
    stream_.socket().cancel(ignored);  // the watch
    return read_request();
  }
  // The other side may still be sending: what it was told would be lost if it were cut off.
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(std::chrono::seconds(1));
  drain({});
}

void Connection::drain(const error_code& error) {
  if (error || drained_ > kMostDrained) return close();
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(4096),
                          [self = shared_from_this()](const error_code& later, std::size_t size) {
                            self->drained_ += size;
                            self->drain(later);
                          });
}

// --- A stream

constexpr std::chrono::milliseconds kWhileUnread{5};

class ConnectionBody : public BodyStream {
 public:
  ConnectionBody(std::weak_ptr<Connection> connection, std::shared_ptr<Outbox> outbox,
                 const Shared& shared)
      : connection_(std::move(connection)),
        outbox_(std::move(outbox)),
        gate_(shared.gate),
        most_(shared.options.unread_bytes) {}

  ~ConnectionBody() override {
    {
      const std::lock_guard lock(outbox_->mutex);
      if (outbox_->is_finished) return;
      outbox_->is_broken = true;
    }
    wake();
  }

  bool write(std::string text) override {
    bool is_read = true;
    {
      const std::lock_guard lock(outbox_->mutex);
      if (outbox_->is_closed || outbox_->is_broken) return false;
      outbox_->text += text;
      is_read = outbox_->text.size() <= most_;
      outbox_->is_broken = !is_read;
    }
    wake();
    return is_read;
  }

  bool write_slowly(std::string text) override {
    const std::size_t piece = most_ / 4;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      if (!wait_until_read(piece) || !write(text.substr(at, piece))) return false;
    }
    return true;
  }

  void finish() override {
    {
      const std::lock_guard lock(outbox_->mutex);
      outbox_->is_finished = true;
    }
    wake();
  }

 private:
  // Until no more than that is unread; false where nobody reads.
  bool wait_until_read(std::size_t most) {
    while (true) {
      {
        const std::lock_guard lock(gate_->mutex);
        if (!gate_->is_open) return false;
      }
      {
        const std::lock_guard lock(outbox_->mutex);
        if (outbox_->is_closed || outbox_->is_broken) return false;
        if (outbox_->text.size() <= most) return true;
      }
      std::this_thread::sleep_for(kWhileUnread);
    }
  }

  void wake() {
    const std::lock_guard lock(gate_->mutex);
    if (!gate_->is_open) return;
    if (const auto connection = connection_.lock()) connection->wake();
  }

  std::weak_ptr<Connection> connection_;
  std::shared_ptr<Outbox> outbox_;
  std::shared_ptr<Gate> gate_;
  std::size_t most_;
};

void Connection::answer(HttpRequest request) {
  HttpResponse answer;
  try {
    answer = shared_.site->answer(std::move(request));
  } catch (const std::bad_alloc&) {
    answer = error_answer(503, "not enough memory");
  } catch (const std::exception& e) {
    answer = error_answer(500, e.what());
  }
  const auto shown = std::make_shared<HttpResponse>(std::move(answer));
  const auto self = shared_from_this();
  if (!shown->stream) {
    asio::post(stream_.get_executor(), [self, shown] { self->send(std::move(*shown)); });
    return;
  }
  const auto outbox = std::make_shared<Outbox>();
  asio::post(stream_.get_executor(), [self, shown, outbox] { self->send_stream(*shown, outbox); });
  const auto fill = shown->stream;
  try {
    fill(std::make_shared<ConnectionBody>(weak_from_this(), outbox, shared_));
  } catch (const std::exception&) {  // the stream is let go: the connection is broken off
  }
}

}  // namespace

// --- The server

class Server::Impl {
 public:
  explicit Impl(const ServerOptions& options) : acceptor_(io_) {
    shared_.options = options;
    try {
      const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
      acceptor_.open(endpoint.protocol());
      keep_from_children(acceptor_);
      acceptor_.set_option(asio::socket_base::reuse_address(true));
      acceptor_.bind(endpoint);
      acceptor_.listen(1024);
    } catch (const boost::system::system_error& e) {
      throw EnvironmentError(fmt::format("{}:{}", options.address, options.port),
                             "cannot listen there: " + e.code().message());
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    {
      const std::lock_guard lock(shared_.gate->mutex);
      shared_.gate->is_open = false;
    }
    io_.stop();
    if (network_.joinable()) network_.join();
    for (const auto& connection : connections_) {
      if (const auto there = connection.lock()) there->close();
    }
    shared_.workers = nullptr;
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void start(Site& site) {
    shared_.site = &site;
    shared_.workers = std::make_unique<Workers>(shared_.options.workers, shared_.options.waiting);
    accept();
    network_ = std::thread([this] { run(); });
  }

 private:
  // Should memory run out, the connection that wanted it is lost, and the others go on.
  void run() {
    while (!io_.stopped()) {
      try {
        io_.run();
      } catch (const std::exception&) {
      }
    }
  }

  void accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (!error) begin(std::move(socket));
      if (error == asio::error::no_descriptors) return wait_to_accept();
      accept();
    });
  }

  void wait_to_accept() {
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](const error_code&) { accept(); });
  }

  void begin(tcp::socket socket) {
    std::erase_if(connections_, [](const auto& connection) { return connection.expired(); });
    if (connections_.size() >= shared_.options.connections && !drop_one()) return;
    keep_from_children(socket);
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto connection = std::make_shared<Connection>(std::move(socket), shared_);
    connections_.push_back(connection);
    connection->begin();
  }

  // Makes room: the one that has been idle longest goes.
  bool drop_one() {
    std::shared_ptr<Connection> oldest;
    for (const auto& connection : connections_) {
      const auto there = connection.lock();
      if (!there || !there->is_idle()) continue;
      if (!oldest || there->since() < oldest->since()) oldest = there;
    }
    if (oldest) oldest->close();
    return oldest != nullptr;
  }

  asio::io_context io_{1};
  Shared shared_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_{io_};
  std::vector<std::weak_ptr<Connection>> connections_;
  std::thread network_;
};

Server::Server(const ServerOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Server::~Server() = default;
std::uint16_t Server::port() const { return impl_->port(); }
void Server::start(Site& site) { impl_->start(site); }

}  // namespace lilt::studio
