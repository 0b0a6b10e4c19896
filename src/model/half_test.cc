#include "model/half.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/random.h"

namespace lilt {
namespace {

constexpr std::uint32_t kHalves = 0x10000;
constexpr std::uint16_t kInfinity = 0x7C00, kMinus = 0x8000;

bool is_nan(std::uint16_t half) { return (half & 0x7FFF) > kInfinity; }

// What the standard says that the bits mean.
double plain_value(std::uint16_t half) {
  const int exponent = half >> 10 & 0x1F, fraction = half & 0x3FF;
  const double sign = (half & kMinus) != 0 ? -1 : 1;
  if (exponent == 0x1F) {
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::nan("");
  }
  return sign *
         (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

TEST(Half, EveryHalfHasTheValueThatItsBitsMean) {
  for (std::uint32_t h = 0; h < kHalves; ++h) {
    const auto half = static_cast<std::uint16_t>(h);
    const float value = from_half(half);
    if (is_nan(half)) {
      EXPECT_TRUE(std::isnan(value)) << h;
    } else {
      EXPECT_EQ(static_cast<double>(value), plain_value(half)) << h;
    }
    EXPECT_EQ(std::signbit(value), h >= kMinus) << h;
  }
}

TEST(Half, EveryHalfSurvivesAsAFloat) {
  for (std::uint32_t h = 0; h < kHalves; ++h) {
    const auto half = static_cast<std::uint16_t>(h);
    const std::uint16_t again = to_half(from_half(half));
    if (is_nan(half)) {
      EXPECT_TRUE(is_nan(again)) << h;
    } else {
      EXPECT_EQ(again, half);
    }
  }
}

// Between each two neighbours: the middle goes to the even one, what is nearer to one goes there.
TEST(Half, RoundsToTheNearestAndInTheMiddleToEven) {
  for (std::uint16_t below = 0; below < kInfinity; ++below) {
    const auto above = static_cast<std::uint16_t>(below + 1);
    const double next = above == kInfinity ? 65536 : plain_value(above);
    const auto middle = static_cast<float>((plain_value(below) + next) / 2);  // exact
    const std::uint16_t even = below % 2 == 0 ? below : above;
    EXPECT_EQ(to_half(middle), even);
    EXPECT_EQ(to_half(std::nextafter(middle, 0.0F)), below);
    EXPECT_EQ(to_half(std::nextafter(middle, 1e9F)), above);
    EXPECT_EQ(to_half(-middle), even | kMinus);
    EXPECT_EQ(to_half(-std::nextafter(middle, 0.0F)), below | kMinus);
    EXPECT_EQ(to_half(-std::nextafter(middle, 1e9F)), above | kMinus);
  }
}

// A search through all halves as the reference.
std::uint16_t plain_half(float value) {
  const auto magnitude = static_cast<double>(std::abs(value));
  std::uint16_t low = 0, high = kInfinity;  // low ≤ magnitude, and high above it or infinity
  while (low + 1 < high) {
    const auto middle = static_cast<std::uint16_t>((low + high) / 2);
    (plain_value(middle) <= magnitude ? low : high) = middle;
  }
  const double down = magnitude - plain_value(low);
  const double up = (high == kInfinity ? 65536 : plain_value(high)) - magnitude;
  const std::uint16_t nearest = down < up || (down == up && low % 2 == 0) ? low : high;
  return nearest | (std::signbit(value) ? kMinus : 0);
}

TEST(Half, EqualsASimpleReferenceForFloatsOfEveryMagnitude) {
  Random random(1, RandomStream::kBench);
  for (int i = 0; i < 1'000'000; ++i) {
    const auto value = std::bit_cast<float>(random.bits());
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(to_half(value), plain_half(value)) << value;
  }
}

TEST(Half, OverflowsToInfinity) {
  using Limits = std::numeric_limits<float>;
  EXPECT_EQ(from_half(to_half(kLargestHalf)), kLargestHalf);
  EXPECT_EQ(to_half(std::nextafter(65520.0F, 0.0F)), 0x7BFF);
  for (const float large : {65520.0F, 65536.0F, 1e30F, Limits::max(), Limits::infinity()}) {
    EXPECT_EQ(to_half(large), kInfinity) << large;
    EXPECT_EQ(to_half(-large), kInfinity | kMinus) << large;
  }
  for (const float nan : {Limits::quiet_NaN(), -Limits::quiet_NaN(), Limits::signaling_NaN()}) {
    EXPECT_TRUE(is_nan(to_half(nan)));
  }
}

TEST(Half, UnderflowsToZeroOfTheSameSign) {
  using Limits = std::numeric_limits<float>;
  for (const float tiny : {0.0F, Limits::denorm_min(), Limits::min(), 0x1p-25F}) {
    EXPECT_EQ(to_half(tiny), 0) << tiny;
    EXPECT_EQ(to_half(-tiny), kMinus) << tiny;
  }
  EXPECT_EQ(to_half(std::nextafter(0x1p-25F, 1.0F)), 1);
  EXPECT_EQ(from_half(1), 0x1p-24F);
}

TEST(Half, ConvertsManyAsItDoesOne) {
  std::vector<float> floats(kHalves);
  std::vector<std::byte> halves(2 * kHalves + 1), again(2 * kHalves);
  const auto unaligned = std::span(halves).subspan(1);
  for (std::uint32_t h = 0; h < kHalves; ++h) {
    unaligned[2 * h] = static_cast<std::byte>(h);
    unaligned[2 * h + 1] = static_cast<std::byte>(h >> 8);
  }
  from_halves(unaligned, floats);
  to_halves(floats, again);
  for (std::uint32_t h = 0; h < kHalves; ++h) {
    const float one = from_half(static_cast<std::uint16_t>(h));
    EXPECT_EQ(std::bit_cast<std::uint32_t>(floats[h]), std::bit_cast<std::uint32_t>(one));
    std::uint16_t half = 0;
    std::memcpy(&half, &again[2 * h], sizeof half);
    EXPECT_EQ(half, to_half(one));
  }
  for (const std::size_t count : {0, 1, 3, 8, 17}) {
    const auto some = std::span(floats).first(count);
    from_halves(unaligned.subspan(2, 2 * count), some);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(some[i], from_half(static_cast<std::uint16_t>(i + 1)));
    }
  }
}

}  // namespace
}  // namespace lilt
