#include "nn/buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace lilt::nn {
namespace {

constexpr std::size_t kSizes[] = {0, 1, 100, 20'000, 300'000, 1, 20'000, 40'000'000, 300'000};

TEST(Buffer, IsAlignedZeroAndApartFromAllOthers) {
  std::vector<Buffer> buffers;
  for (const std::size_t size : kSizes) {
    Buffer& buffer = buffers.emplace_back(size);
    ASSERT_EQ(buffer.size(), size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
    EXPECT_TRUE(std::ranges::all_of(buffer.span(), [](float x) { return x == 0; })) << size;
    std::ranges::fill(buffer.span(), static_cast<float>(buffers.size()));
  }
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const auto own = static_cast<float>(i + 1);
    EXPECT_TRUE(std::ranges::all_of(buffers[i].span(), [&](float x) { return x == own; })) << i;
  }
}

TEST(Buffer, IsZeroWhereAnotherOneWas) {
  for (int i = 0; i < 3; ++i) {
    Buffer buffer(300'000);
    EXPECT_TRUE(std::ranges::all_of(buffer.span(), [](float x) { return x == 0; }));
    std::ranges::fill(buffer.span(), 1.0F);
  }
}

TEST(Buffer, KeepsItsNumbersWhenOthersGo) {
  auto first = std::make_unique<Buffer>(300'000);
  Buffer second(300'000);
  std::ranges::fill(second.span(), 2.0F);
  first.reset();
  const Buffer third(300'000);
  const Buffer moved = std::move(second);
  EXPECT_TRUE(std::ranges::all_of(moved.span(), [](float x) { return x == 2; }));
}

}  // namespace
}  // namespace lilt::nn
