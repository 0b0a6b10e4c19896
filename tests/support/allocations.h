// What a program allocates with `new`, where one of its source files includes count_allocations.h.
#pragma once

#include <atomic>
#include <cstddef>

namespace lilt::support {

struct Allocations {
  std::atomic<std::size_t> count = 0, largest = 0, live = 0, peak = 0;  // live, peak: bytes
};
inline Allocations allocations;

// What was allocated since it was made, by all threads.
class AllocationWatch {
 public:
  AllocationWatch() : count_(allocations.count), live_(allocations.live) {
    allocations.largest = 0;
    allocations.peak = live_;
  }

  [[nodiscard]] std::size_t count() const { return allocations.count - count_; }
  [[nodiscard]] std::size_t largest() const { return allocations.largest; }
  [[nodiscard]] std::size_t peak() const { return allocations.peak - live_; }

 private:
  std::size_t count_, live_;
};

}  // namespace lilt::support
