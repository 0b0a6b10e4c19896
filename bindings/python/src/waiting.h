// Waiting for other threads without holding up Python: its lock is released, and Ctrl-C heard.
#pragma once

#include <nanobind/nanobind.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace lilt::python {

// How long Ctrl-C may go unheard.
inline constexpr std::chrono::milliseconds kPatience{50};

// Whether a signal handler of Python's wants to raise something, which is raised then. In any
// thread but Python's main one there are no signals.
[[nodiscard]] inline bool is_interrupted() { return PyErr_CheckSignals() != 0; }

// What one thread makes and another takes, in this order. At most `most` wait to be taken.
template <class T>
class Feed {
 public:
  explicit Feed(std::size_t most) : most_(most) {}

  // Waits until there is room. False: nobody wants more.
  bool put(T value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_closed_ || values_.size() < most_; });
    if (is_closed_) return false;
    values_.push_back(std::move(value));
    changed_.notify_all();
    return true;
  }

  // There is no more to come, or what was thrown instead. What is said first holds.
  void finish(std::exception_ptr thrown = {}) {
    const std::lock_guard lock(mutex_);
    if (is_finished_) return;
    is_finished_ = true;
    thrown_ = std::move(thrown);
    changed_.notify_all();
  }

  // Nobody wants more.
  void close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    changed_.notify_all();
  }

  // Waits for the next one for a while. False: nothing has come. Otherwise it is in `next`, which
  // is empty where there are no more, or what was thrown instead is thrown here.
  bool take(std::optional<T>& next) {
    std::unique_lock lock(mutex_);
    const auto is_ready = [this] { return !values_.empty() || is_finished_; };
    if (!changed_.wait_for(lock, kPatience, is_ready)) return false;
    if (!values_.empty()) {
      next.emplace(std::move(values_.front()));
      values_.pop_front();
      changed_.notify_all();
    } else if (thrown_) {
      std::rethrow_exception(std::exchange(thrown_, {}));
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> values_;
  const std::size_t most_;
  bool is_closed_ = false, is_finished_ = false;
  std::exception_ptr thrown_;
};

// Waits for the next of a feed; on Ctrl-C calls stop(), which returns when the work is over, and
// raises what the signal's handler raised.
template <class T, class Stop>
std::optional<T> next_of(Feed<T>& feed, Stop&& stop) {
  std::optional<T> next;
  for (;;) {
    {
      const nanobind::gil_scoped_release release;
      if (feed.take(next)) return next;
    }
    if (!is_interrupted()) continue;
    nanobind::python_error raised;
    stop();
    throw raised;
  }
}

// Gives what work(stop_token) gives, which is done in another thread and told to stop on Ctrl-C.
template <class Work>
auto interruptibly(Work&& work) {
  std::stop_source stop;
  auto result = std::async(std::launch::async, [&] { return work(stop.get_token()); });
  for (;;) {
    {
      const nanobind::gil_scoped_release release;
      if (result.wait_for(kPatience) == std::future_status::ready) break;
    }
    if (!is_interrupted()) continue;
    nanobind::python_error raised;
    stop.request_stop();
    {
      const nanobind::gil_scoped_release release;
      result.wait();
    }
    throw raised;
  }
  return result.get();
}

}  // namespace lilt::python
