#include "studio/workers.h"

#include <utility>

namespace lilt::studio {

Workers::Workers(std::size_t threads, std::size_t most) : most_(most) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

Workers::~Workers() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

bool Workers::post(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (tasks_.size() >= most_) return false;
  tasks_.push_back(std::move(task));
  wanted_.notify_one();
  return true;
}

void Workers::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wanted_.wait(lock, stop, [this] { return !tasks_.empty(); }) && !stop.stop_requested()) {
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // what it holds goes without the lock
    lock.lock();
  }
}

}  // namespace lilt::studio
