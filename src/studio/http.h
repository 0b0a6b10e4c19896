// Requests and answers as the studio's routes see them: no sockets.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lilt::studio {

struct HttpRequest {
  std::string method;                          // "GET"
  std::string path;                            // decoded, without the query: "/api/book/7"
  std::map<std::string, std::string> query;    // decoded; of a name that comes twice the last
  std::map<std::string, std::string> headers;  // by their names in lower case
  std::string body;
  std::vector<std::string> parameters;  // what stands for each {} of the route
  std::stop_token stop;                 // asked to stop when whoever asked is gone

  // Of a header or of the query; nothing where it is not there.
  [[nodiscard]] std::optional<std::string_view> header(const std::string& name) const;
  [[nodiscard]] std::optional<std::string_view> query_value(const std::string& name) const;
};

// Where a body goes that comes piece by piece. May be used by any thread.
class BodyStream {
 public:
  BodyStream() = default;
  BodyStream(const BodyStream&) = delete;
  BodyStream& operator=(const BodyStream&) = delete;
  virtual ~BodyStream() = default;

  // False: whoever asked is gone, or does not read; the rest is for nobody. Never waits.
  virtual bool write(std::string text) = 0;
  // The same for work of any size: waits while the reader is far behind.
  virtual bool write_slowly(std::string text) { return write(std::move(text)); }
  // After the last write(). A stream that is let go without it is broken off.
  virtual void finish() = 0;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // Where it is set, the body comes from what is written to the stream, by whom and whenever. It is
  // called once, by a worker, and must not wait; HttpRequest::stop tells that nobody listens.
  std::function<void(std::shared_ptr<BodyStream> stream)> stream;
};

// Answers a request. Runs in one of the server's few workers and may wait for programs and disks.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// "a%20b+c" as it is meant; nothing where it is malformed or has a zero in it. `plus` is a space in
// queries.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, bool plus);

// Fills in path and query from "/api/book?words=a+b"; false where it is malformed.
[[nodiscard]] bool read_target(std::string_view target, HttpRequest& request);

}  // namespace lilt::studio
