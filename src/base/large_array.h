// Memory for large arrays of floats.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace lilt {

struct FreeMemory {
  void operator()(float* memory) const { std::free(memory); }
};
using LargeArray = std::unique_ptr<float[], FreeMemory>;

// `count` floats without values. On Linux in pages of 2 MiB, where the system has them: to touch
// 7.6 MB for the first time, as the weights of the classic network, takes a quarter of the time.
[[nodiscard]] LargeArray make_large_array(std::size_t count);

}  // namespace lilt
