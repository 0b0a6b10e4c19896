// Floats aligned for vectors, zero to begin with, sized once.
#pragma once

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace lilt::nn {

class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size)
      : floats_(hwy::AllocateAligned<float>(std::max<std::size_t>(1, size))), size_(size) {
    std::fill_n(floats_.get(), size, 0.0F);
  }

  [[nodiscard]] float* data() { return floats_.get(); }
  [[nodiscard]] const float* data() const { return floats_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<float> span() { return {floats_.get(), size_}; }
  [[nodiscard]] std::span<const float> span() const { return {floats_.get(), size_}; }

 private:
  hwy::AlignedFreeUniquePtr<float[]> floats_;
  std::size_t size_ = 0;
};

}  // namespace lilt::nn
