// Replaces the global operators, so that allocations are counted. To be included by one source file
// of a program only.
#pragma once

#include <malloc.h>

#include <cstdlib>
#include <new>

#include "allocations.h"

namespace lilt::support {

inline void raise_to(std::atomic<std::size_t>& most, std::size_t value) {
  std::size_t before = most;
  while (before < value && !most.compare_exchange_weak(before, value)) {
  }
}

}  // namespace lilt::support

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  lilt::support::Allocations& a = lilt::support::allocations;
  ++a.count;
  lilt::support::raise_to(a.largest, size);
  lilt::support::raise_to(a.peak, a.live += malloc_usable_size(memory));
  return memory;
}

[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (...) {
    return nullptr;
  }
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
  lilt::support::allocations.live -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
