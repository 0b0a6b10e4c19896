// A fixed team of threads that work on one thing at a time. Starting a piece of work allocates
// nothing.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace lilt::nn {

class Team {
 public:
  // At least one thread; the caller is one of them.
  explicit Team(std::size_t threads);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  [[nodiscard]] std::size_t size() const { return workers_.size() + 1; }

  // Calls work(thread) once on each thread, thread = 0 … size() − 1, and waits for all.
  template <class Work>
  void on_each(Work&& work) {
    using Plain = std::remove_reference_t<Work>;
    run({[](void* w, std::size_t thread) { (*static_cast<Plain*>(w))(thread); }, &work});
  }

  // Calls work(item, thread) for every item in 0 … items − 1, each on whichever thread is free.
  template <class Work>
  void for_each(std::size_t items, Work&& work) {
    std::atomic<std::size_t> next{0};
    on_each([&](std::size_t thread) {
      for (std::size_t i = next.fetch_add(1); i < items; i = next.fetch_add(1)) work(i, thread);
    });
  }

 private:
  struct Task {
    void (*call)(void*, std::size_t) = nullptr;
    void* work = nullptr;
  };

  void run(Task task);
  void serve(std::size_t thread);

  std::mutex mutex_;
  std::condition_variable started_, finished_;
  Task task_;
  std::atomic<std::size_t> round_{0};    // number of tasks given out
  std::atomic<std::size_t> working_{0};  // workers that have not finished this round
  bool closing_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace lilt::nn
