#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <vector>

namespace lilt {
namespace {

constexpr std::uint64_t kSeed = 0x0123456789ABCDEF, kIndex = 0xFEDCBA9876543210;

TEST(Philox, GivesTheKnownAnswersOfRandom123) {
  constexpr std::uint32_t kOnes = 0xFFFFFFFF;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (RandomBlock{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}));
  EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (RandomBlock{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}));
  EXPECT_EQ(philox({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}),
            (RandomBlock{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}));
}

TEST(RandomBlock, PutsSeedStreamIndexAndBlockInTheirPlaces) {
  EXPECT_EQ(random_block(kSeed, RandomStream::kDropout + 2, kIndex, 7),
            philox({7, 0x202, 0x76543210, 0xFEDCBA98}, {0x89ABCDEF, 0x01234567}));
}

// These numbers were computed by another implementation. They may never change: models, splits
// and tunes that someone can repeat depend on them.
TEST(Random, DrawsTheSameNumbersForEver) {
  const auto random = [] { return Random(kSeed, RandomStream::kSample, kIndex); };
  Random bits = random(), uniform = random(), below = random(), normal = random();
  for (const std::uint32_t expected :
       {0xF212C256U, 0xBEAF1A40U, 0xB27B7100U, 0x8F874A5FU, 0x4ECD1377U, 0x43EB9664U}) {
    EXPECT_EQ(bits.bits(), expected);
  }
  for (const double expected : {0x1.e42584ad7d5e3p-1, 0x1.64f6e2011f0e9p-1, 0x1.3b344ddd0fae4p-2}) {
    EXPECT_EQ(uniform.uniform(), expected);
  }
  for (const std::uint64_t expected : {880U, 271U, 388U, 177U, 897U, 345U, 857U, 298U}) {
    EXPECT_EQ(below.below(1000), expected);
  }
  for (const double expected :
       {-0.7859821671214444, -0.03218706571488978, -0.5672430796206328, -0.6204463000104955}) {
    EXPECT_NEAR(normal.normal(), expected, 1e-14);
  }
  std::vector<int> items = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  Random(kSeed, RandomStream::kShuffle, kIndex).shuffle(std::span(items));
  EXPECT_EQ(items, (std::vector{5, 3, 9, 6, 7, 4, 0, 8, 2, 1}));
}

TEST(Random, ReadsTheBlocksOfItsStreamInOrder) {
  Random random(kSeed, RandomStream::kBench, 3);
  for (std::uint32_t block = 0; block < 100; ++block) {
    for (const std::uint32_t word : random_block(kSeed, RandomStream::kBench, 3, block)) {
      ASSERT_EQ(random.bits(), word);
    }
  }
}

TEST(Random, DiffersBySeedStreamAndIndex) {
  std::set<std::uint64_t> first;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
    for (const RandomStream stream : {RandomStream::kSplit, RandomStream::kShuffle}) {
      for (const std::uint64_t index :
           {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
        first.insert(Random(seed, stream, index).below(~std::uint64_t{0}));
      }
    }
  }
  EXPECT_EQ(first.size(), 18U);
}

TEST(Below, StaysBelow) {
  for (const std::uint64_t n : std::initializer_list<std::uint64_t>{
           1, 2, 3, 7, 1000, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) + 1, ~0ULL}) {
    Random random(1, RandomStream::kSample, n);
    for (int i = 0; i < 1000; ++i) ASSERT_LT(random.below(n), n);
  }
}

TEST(Below, IsUniform) {
  constexpr std::size_t kSides = 10, kDraws = 100'000;
  std::array<double, kSides> counts{};
  Random random(2, RandomStream::kSample);
  for (std::size_t i = 0; i < kDraws; ++i) ++counts[random.below(kSides)];
  constexpr double kExpected = double{kDraws} / kSides;
  double chi_squared = 0;
  for (const double count : counts) {
    chi_squared += (count - kExpected) * (count - kExpected) / kExpected;
  }
  EXPECT_LT(chi_squared, 27.9);  // 9 degrees of freedom: exceeded once in a thousand
  EXPECT_GT(chi_squared, 1.15);  // too even, once in a thousand
}

// A remainder of 64 random bits would favour the lower third of 3 · 2^62: a half instead of a
// third.
TEST(Below, FavoursNoneOfManySides) {
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;
  Random random(3, RandomStream::kSample);
  int low = 0;
  for (int i = 0; i < 30'000; ++i) low += random.below(3 * kThird) < kThird;
  EXPECT_NEAR(low, 10'000, 300);  // 3.7 standard deviations
}

TEST(Uniform, FillsZeroToOneWithoutOne) {
  constexpr int kDraws = 200'000;
  Random random(4, RandomStream::kSample);
  double sum = 0, squares = 0, smallest = 1, largest = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
    smallest = std::min(smallest, u);
    largest = std::max(largest, u);
  }
  EXPECT_NEAR(sum / kDraws, 1.0 / 2, 0.003);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.003);
  EXPECT_LT(smallest, 1e-4);
  EXPECT_GT(largest, 1 - 1e-4);
}

TEST(Normal, HasTheMomentsOfANormalDistribution) {
  constexpr int kDraws = 200'000;
  Random random(5, RandomStream::kInitialize);
  std::array<double, 5> moments{};
  int beyond_two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    ASSERT_TRUE(std::isfinite(x));
    double power = 1;
    for (double& moment : moments) moment += power / kDraws, power *= x;
    beyond_two += std::abs(x) > 2;
  }
  // Each within 4 standard deviations of its mean.
  EXPECT_NEAR(moments[1], 0, 4 * std::sqrt(1.0 / kDraws));
  EXPECT_NEAR(moments[2], 1, 4 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(moments[3], 0, 4 * std::sqrt(15.0 / kDraws));
  EXPECT_NEAR(moments[4], 3, 4 * std::sqrt(96.0 / kDraws));
  EXPECT_NEAR(static_cast<double>(beyond_two) / kDraws, 0.0455, 0.002);
}

std::vector<int> shuffled(int n, std::uint64_t seed, std::uint64_t index) {
  std::vector<int> items(static_cast<std::size_t>(n));
  std::iota(items.begin(), items.end(), 0);
  Random(seed, RandomStream::kShuffle, index).shuffle(std::span(items));
  return items;
}

TEST(Shuffle, PermutesAnyNumberOfItems) {
  for (const int n : {0, 1, 2, 3, 100}) {
    std::vector<int> items = shuffled(n, 6, 0);
    std::ranges::sort(items);
    for (int i = 0; i < n; ++i) EXPECT_EQ(items[static_cast<std::size_t>(i)], i);
  }
}

TEST(Shuffle, DependsOnSeedAndIndexOnly) {
  EXPECT_EQ(shuffled(50, 1, 1), shuffled(50, 1, 1));
  EXPECT_NE(shuffled(50, 1, 1), shuffled(50, 2, 1));
  EXPECT_NE(shuffled(50, 1, 1), shuffled(50, 1, 2));
}

TEST(Shuffle, FavoursNoOrder) {
  std::map<std::vector<int>, int> counts;
  for (std::uint64_t index = 0; index < 12'000; ++index) ++counts[shuffled(3, 7, index)];
  EXPECT_EQ(counts.size(), 6U);
  for (const auto& [order, count] : counts) EXPECT_NEAR(count, 2000, 163);  // 4 deviations
}

}  // namespace
}  // namespace lilt
