// Threads that do what is posted, in its order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace lilt::studio {

class Workers {
 public:
  // At most so many tasks wait.
  Workers(std::size_t threads, std::size_t most);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  // Waits for the tasks under way; those that wait are forgotten.
  ~Workers();

  // False: too many wait already. A task must not throw.
  [[nodiscard]] bool post(std::function<void()> task);

 private:
  void work(const std::stop_token& stop);

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::jthread> threads_;  // the last member: it ends before the others do
};

}  // namespace lilt::studio
