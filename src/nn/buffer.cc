#include "nn/buffer.h"

#include <hwy/aligned_allocator.h>
#include <hwy/base.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace lilt::nn {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kBlock = std::size_t{64} << 20;  // what is not written to takes no memory
// From this size on pieces share a block. Not under AddressSanitizer, which would not see where one
// ends.
#if defined(__SANITIZE_ADDRESS__) || HWY_IS_ASAN  // GCC; Clang
constexpr std::size_t kLarge = static_cast<std::size_t>(-1);
#else
constexpr std::size_t kLarge = std::size_t{64} << 10;
#endif

std::byte* aligned_bytes(std::size_t alignment, std::size_t bytes) {
  void* const memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<std::byte*>(memory);
}

std::size_t rounded_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

// Memory that pieces are cut from.
class Block {
 public:
  explicit Block(std::size_t bytes)
      : size_(rounded_up(bytes, kHugePage)), memory_(aligned_bytes(kHugePage, size_)) {
#if defined(MADV_HUGEPAGE)
    madvise(memory_, size_, MADV_HUGEPAGE);  // a wish; small pages do as well
#endif
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { std::free(memory_); }

  // Null where the room does not suffice.
  std::byte* cut(std::size_t bytes) {
    if (bytes > size_ - used_) return nullptr;
    used_ += bytes;
    return memory_ + used_ - bytes;
  }

 private:
  std::size_t size_, used_ = 0;
  std::byte* memory_;
};

}  // namespace

std::shared_ptr<void> allocate_bytes(std::size_t bytes) {
  const std::size_t size = rounded_up(std::max<std::size_t>(1, bytes), HWY_ALIGNMENT);
  if (size < kLarge) return {aligned_bytes(HWY_ALIGNMENT, size), &std::free};
  static std::mutex mutex;
  static std::weak_ptr<Block> latest;
  const std::lock_guard lock(mutex);
  std::shared_ptr<Block> block = latest.lock();
  std::byte* piece = block ? block->cut(size) : nullptr;
  if (piece == nullptr) {
    block = std::make_shared<Block>(std::max(size, kBlock));
    latest = block;
    piece = block->cut(size);
  }
  return {block, piece};
}

}  // namespace lilt::nn
