// Composes on several threads. Left out of what is built for WebAssembly.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/result.h"
#include "compose/session.h"

namespace lilt::compose {

// As a Session, of which the threads share the requests: the same pieces come of each. May be used
// by several threads.
class Driver {
 public:
  Driver(Model model, std::size_t threads);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  // Cancels what is under way.
  ~Driver();

  // The sink is called by the driver's threads, one at a time. It must outlive the request: until
  // wait() or cancel() has returned. Once wait() would wait no longer, a thread of the driver calls
  // `when_over`, which must neither throw nor turn to the driver; after cancel() it is not called.
  [[nodiscard]] Result<Ticket> submit(const Request& request, Sink& sink,
                                      std::function<void()> when_over = {});
  // When this returns, the sink is not called any more. Not to be called by a sink.
  void cancel(Ticket ticket);
  // Waits until a request is over; a request to stop cancels it. Every ticket is waited for once,
  // or cancelled. What its sink has thrown, which ended it, is thrown here, and so is memory
  // that ran out. Not to be called by a sink.
  Progress wait(Ticket ticket, const std::stop_token& stop = {});

  // Characters that the network has read so far.
  [[nodiscard]] std::uint64_t characters() const;

 private:
  struct Job;

  [[nodiscard]] std::shared_ptr<Job> find(Ticket ticket) const;
  void work(const std::stop_token& stop);
  void draw(const std::stop_token& stop, std::size_t& mine);
  void give_up(const std::exception_ptr& why, std::size_t mine);
  [[nodiscard]] bool has_orders() const;
  [[nodiscard]] std::size_t share() const;
  void take(Ticket ticket, const Order& order, Draft draft);

  Model model_;
  mutable std::mutex mutex_;
  std::condition_variable_any work_;
  std::map<Ticket, std::shared_ptr<Job>> jobs_;
  Ticket last_ = 0, turn_ = 0;
  std::size_t under_way_ = 0;  // tunes that are being drawn
  std::uint64_t characters_ = 0;
  const std::size_t thread_count_;
  std::vector<std::jthread> threads_;  // the last member: it ends before the others do
};

}  // namespace lilt::compose
