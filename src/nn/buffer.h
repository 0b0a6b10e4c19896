// Numbers aligned for vectors, zero to begin with, sized once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace lilt::nn {

// So many bytes, aligned for vectors; never null. Large pieces lie one after another in memory that
// Linux maps by huge pages where it may: addresses are then looked up less often, and what a
// network works on lies evenly in the caches. May be called by several threads.
[[nodiscard]] std::shared_ptr<void> allocate_bytes(std::size_t bytes);

template <class T>
class BufferOf {
 public:
  BufferOf() = default;
  explicit BufferOf(std::size_t size)
      : numbers_(std::static_pointer_cast<T>(allocate_bytes(size * sizeof(T)))), size_(size) {
    std::fill_n(numbers_.get(), size, T{});
  }
  BufferOf(const BufferOf&) = delete;
  BufferOf& operator=(const BufferOf&) = delete;
  BufferOf(BufferOf&&) noexcept = default;
  BufferOf& operator=(BufferOf&&) noexcept = default;
  ~BufferOf() = default;

  [[nodiscard]] T* data() { return numbers_.get(); }
  [[nodiscard]] const T* data() const { return numbers_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<T> span() { return {numbers_.get(), size_}; }
  [[nodiscard]] std::span<const T> span() const { return {numbers_.get(), size_}; }

 private:
  std::shared_ptr<T> numbers_;
  std::size_t size_ = 0;
};

using Buffer = BufferOf<float>;

}  // namespace lilt::nn
