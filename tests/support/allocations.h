// Counts what a program allocates with `new`. To be included by one source file of a program only:
// it replaces the global operators. Not for programs that allocate in several threads at once.
#pragma once

#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace lilt::support {

struct Allocations {
  std::size_t count = 0, largest = 0, live = 0, peak = 0;  // live and peak in bytes
};
inline Allocations allocations;

// What was allocated since it was made.
class AllocationWatch {
 public:
  AllocationWatch() {
    allocations.largest = 0;
    allocations.peak = allocations.live;
  }

  [[nodiscard]] std::size_t count() const { return allocations.count - before_.count; }
  [[nodiscard]] std::size_t largest() const { return allocations.largest; }
  [[nodiscard]] std::size_t peak() const { return allocations.peak - before_.live; }

 private:
  Allocations before_ = allocations;
};

}  // namespace lilt::support

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  lilt::support::Allocations& a = lilt::support::allocations;
  ++a.count;
  a.largest = std::max(a.largest, size);
  a.live += malloc_usable_size(memory);
  a.peak = std::max(a.peak, a.live);
  return memory;
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
  lilt::support::allocations.live -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
