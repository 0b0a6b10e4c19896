#include "corpus/matching_hashes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/random.h"
#include "peak_memory.h"

namespace lilt::corpus {
namespace {

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// So many hashes of tunes, a third of them seen before; what is found with so many of them in
// memory.
Pairs matches(std::size_t count, std::size_t most_held, Pairs* expected = nullptr) {
  Random random(1, RandomStream::kBench);
  MatchingHashes hashes(most_held);
  std::vector<std::uint64_t> seen;
  std::map<std::uint64_t, std::uint32_t> first;
  for (std::uint32_t tune = 0; tune < count; ++tune) {
    const bool again = tune > 0 && random.below(3) == 0;
    const std::uint64_t hash =
        again ? seen[random.below(seen.size())] : random.below(1U << 31) * 0x9e3779b97f4a7c15;
    seen.push_back(hash);
    hashes.add(hash, tune);
    const auto [found, is_new] = first.emplace(hash, tune);
    if (!is_new && expected != nullptr) expected->emplace_back(found->second, tune);
  }
  Pairs found;
  hashes.take_matches([&](std::uint32_t a, std::uint32_t b) { found.emplace_back(a, b); });
  hashes.take_matches([](std::uint32_t, std::uint32_t) { FAIL() << "they were forgotten"; });
  std::sort(found.begin(), found.end());
  if (expected != nullptr) std::sort(expected->begin(), expected->end());
  return found;
}

TEST(MatchingHashes, AreFound) {
  Pairs expected;
  const Pairs found = matches(5000, MatchingHashes::kMostHeld, &expected);
  EXPECT_GT(found.size(), 1000U);
  EXPECT_EQ(found, expected);
}

// With two in memory each part of the file is read in slices.
TEST(MatchingHashes, AreTheSameWhereverTheyWait) {
  const Pairs held = matches(20'000, MatchingHashes::kMostHeld);
  for (const std::size_t most : {2U, 100U, 19'999U, 20'000U}) {
    EXPECT_EQ(matches(20'000, most), held) << most;
  }
}

TEST(MatchingHashes, OfNothing) { EXPECT_TRUE(matches(0, 1).empty()); }

// The tunes of a hash come in their order.
TEST(MatchingHashes, NameTheFirstTune) {
  for (const std::size_t most : {1U, 100U}) {
    MatchingHashes hashes(most);
    for (const std::uint32_t tune : {3U, 5U, 9U}) hashes.add(7, tune);
    hashes.add(~std::uint64_t{0}, 4);
    Pairs found;
    hashes.take_matches([&](std::uint32_t a, std::uint32_t b) { found.emplace_back(a, b); });
    EXPECT_EQ(found, (Pairs{{3, 5}, {3, 9}}));
  }
}

TEST(MatchingHashes, TakeNoMoreMemoryThanTheyMay) {
  constexpr std::size_t kHashes = 3'000'000, kMostHeld = 1U << 14;  // 36 MB, 0.2 MB
  const std::size_t before = support::peak_memory();
  MatchingHashes hashes(kMostHeld);
  for (std::uint32_t i = 0; i < kHashes; ++i) hashes.add(i / 2 * 0x9e3779b97f4a7c15, i);
  std::size_t found = 0;
  hashes.take_matches([&](std::uint32_t, std::uint32_t) { ++found; });
  EXPECT_EQ(found, kHashes / 2);
  if (support::kMemoryTells) {
    EXPECT_LT(support::peak_memory() - before, 8'000'000U);
  }
}

}  // namespace
}  // namespace lilt::corpus
