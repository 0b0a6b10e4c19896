// An HTTP/1.1 server for one person on one machine. It knows nothing about Lilt.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "studio/http.h"

namespace lilt::studio {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;         // 0: one that is free
  std::size_t connections = 512;  // at most; for one more, the one goes that has been idle longest
  std::size_t workers = 8;        // threads that answer
  std::size_t waiting = 512;      // requests for a worker; one more is answered 503
  std::size_t body_bytes = std::size_t{256} << 20;   // of all requests together, at most
  std::size_t unread_bytes = std::size_t{16} << 20;  // of a stream that its reader leaves unread
  std::chrono::milliseconds head_time{10'000};       // for a request's head, once it has begun
  std::chrono::milliseconds body_time{60'000};       // for its body
  std::chrono::milliseconds idle_time{60'000};       // for the next request
  std::chrono::milliseconds write_time{30'000};      // for each piece of the answer
  std::vector<std::pair<std::string, std::string>> headers;  // of every answer
};

// What is answered. Both are called by several threads at once.
class Site {
 public:
  Site() = default;
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  virtual ~Site() = default;

  // Before the body is read: what refuses the request, or how long its body may be. Must not wait.
  struct Admission {
    std::optional<HttpResponse> refusal;
    std::size_t most_bytes = 0;
  };
  [[nodiscard]] virtual Admission admit(const HttpRequest& head) = 0;
  // Runs in a worker. What it throws is answered 500.
  [[nodiscard]] virtual HttpResponse answer(HttpRequest request) = 0;
};

class Server {
 public:
  // Binds the address, and answers nobody yet. Throws EnvironmentError: the port is taken, …
  explicit Server(const ServerOptions& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // Breaks off all connections; waits for the workers, whose requests are asked to stop.
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  // Answers from now on, in threads of its own. The site must outlive the server. Once.
  void start(Site& site);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lilt::studio
