#include "base/large_array.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>

namespace lilt {
namespace {

TEST(LargeArray, HoldsAnyNumberOfFloats) {
  for (const std::size_t count : {0, 1, 17, 524'287, 524'288, 524'289, 3'000'000}) {
    const LargeArray array = make_large_array(count);
    ASSERT_NE(array.get(), nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.get()) % 64, 0U);
    const std::span<float> floats(array.get(), count);
    std::ranges::fill(floats, 1.0F);
    EXPECT_EQ(std::ranges::count(floats, 1.0F), static_cast<std::ptrdiff_t>(count));
  }
}

}  // namespace
}  // namespace lilt
