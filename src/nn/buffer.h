// Numbers aligned for vectors, zero to begin with, sized once.
#pragma once

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace lilt::nn {

template <class T>
class BufferOf {
 public:
  BufferOf() = default;
  explicit BufferOf(std::size_t size)
      : numbers_(hwy::AllocateAligned<T>(std::max<std::size_t>(1, size))), size_(size) {
    std::fill_n(numbers_.get(), size, T{});
  }

  [[nodiscard]] T* data() { return numbers_.get(); }
  [[nodiscard]] const T* data() const { return numbers_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<T> span() { return {numbers_.get(), size_}; }
  [[nodiscard]] std::span<const T> span() const { return {numbers_.get(), size_}; }

 private:
  hwy::AlignedFreeUniquePtr<T[]> numbers_;
  std::size_t size_ = 0;
};

using Buffer = BufferOf<float>;

}  // namespace lilt::nn
