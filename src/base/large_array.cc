#include "base/large_array.h"

#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace lilt {

LargeArray make_large_array(std::size_t count) {
  constexpr std::size_t kPage = std::size_t{2} << 20;
  const std::size_t bytes = count * sizeof(float);
#ifdef __linux__
  const bool large = bytes >= kPage;
#else
  constexpr bool large = false;
#endif
  const std::size_t alignment = large ? kPage : 64;
  const std::size_t rounded = (bytes / alignment + 1) * alignment;
  void* memory = std::aligned_alloc(alignment, rounded);
  if (memory == nullptr) {
    if (const std::new_handler handler = std::get_new_handler()) handler();
    throw std::bad_alloc();
  }
#ifdef __linux__
  if (large) ::madvise(memory, rounded, MADV_HUGEPAGE);  // a wish; it may be refused
#endif
  return LargeArray(static_cast<float*>(memory));
}

}  // namespace lilt
