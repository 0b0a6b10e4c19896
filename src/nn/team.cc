#include "nn/team.h"

namespace lilt::nn {
namespace {

// The phases of an update are short, so a thread looks this often before it goes to sleep.
constexpr int kSpins = 4000;

template <class Condition>
bool spin_until(Condition&& holds) {
  for (int i = 0; i < kSpins; ++i) {
    if (holds()) return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return false;
}

}  // namespace

Team::Team(std::size_t threads) {
  for (std::size_t i = 1; i < threads; ++i) workers_.emplace_back([this, i] { serve(i); });
}

Team::~Team() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    round_.fetch_add(1);
  }
  started_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Team::run(Task task) {
  if (!workers_.empty()) {
    {
      const std::lock_guard lock(mutex_);
      task_ = task;
      working_.store(workers_.size());
      round_.fetch_add(1);
    }
    started_.notify_all();
  }
  task.call(task.work, 0);
  const auto finished = [this] { return working_.load() == 0; };
  if (spin_until(finished)) return;
  std::unique_lock lock(mutex_);
  finished_.wait(lock, finished);
}

void Team::serve(std::size_t thread) {
  for (std::size_t seen = 0;; ++seen) {
    const auto started = [this, seen] { return round_.load() != seen; };
    if (!spin_until(started)) {
      std::unique_lock lock(mutex_);
      started_.wait(lock, started);
    }
    Task task;
    {
      const std::lock_guard lock(mutex_);
      if (closing_) return;
      task = task_;
    }
    task.call(task.work, thread);
    const std::lock_guard lock(mutex_);
    if (working_.fetch_sub(1) == 1) finished_.notify_one();
  }
}

}  // namespace lilt::nn
