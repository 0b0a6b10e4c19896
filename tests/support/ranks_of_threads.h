// Ranks that are threads of one process, for tests of what several processes do together.
#pragma once

#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/environment_error.h"
#include "train/ranks.h"

namespace lilt::support {

// Carries what ranks send to each other.
class Mail {
 public:
  void send(std::size_t from, std::size_t to, std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    boxes_[{from, to}].emplace_back(bytes.begin(), bytes.end());
    came_.notify_all();
  }
  // Throws EnvironmentError when it comes no more, or with another size.
  void receive(std::size_t from, std::size_t to, std::span<std::byte> bytes) {
    std::unique_lock lock(mutex_);
    auto& box = boxes_[{from, to}];
    came_.wait(lock, [&] { return !box.empty() || is_over_; });
    if (box.empty()) throw EnvironmentError("rank", "is lost");
    const std::vector<std::byte> message = std::move(box.front());
    box.pop_front();
    if (message.size() != bytes.size()) throw EnvironmentError("message", "has another size");
    if (!bytes.empty()) std::memcpy(bytes.data(), message.data(), bytes.size());
  }
  void end() {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    came_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::pair<std::size_t, std::size_t>, std::deque<std::vector<std::byte>>> boxes_;
  bool is_over_ = false;
};

class RankOfThreads : public train::Ranks {
 public:
  RankOfThreads(Mail& mail, std::size_t size, std::size_t rank)
      : mail_(mail), size_(size), rank_(rank) {}

  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::size_t rank() const override { return rank_; }
  void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    for (const Outgoing& o : out) mail_.send(rank_, o.to, o.bytes);
    for (const Incoming& i : in) mail_.receive(i.from, rank_, i.bytes);
  }

 private:
  Mail& mail_;
  std::size_t size_, rank_;
};

// Calls work(ranks) for so many of them at once. What any of them throws ends the others; the first
// of it is thrown again.
template <class Work>
void on_ranks(std::size_t size, Work&& work) {
  Mail mail;
  std::mutex mutex;
  std::exception_ptr thrown;
  std::vector<std::thread> threads;
  for (std::size_t r = 0; r < size; ++r) {
    threads.emplace_back([&, r] {
      RankOfThreads ranks(mail, size, r);
      try {
        work(ranks);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!thrown) thrown = std::current_exception();
        mail.end();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace lilt::support
