#include "corpus/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace lilt::corpus {
namespace {

Families gather(const std::vector<Fingerprint>& fingerprints) {
  SharedAnchors shared;
  for (const Fingerprint& one : fingerprints) shared.add(one);
  Families families;
  for (const Fingerprint& one : fingerprints) families.add(one, shared);
  return families;
}

// Tunes 0 … tunes − 1; tune i is of family i % families.
Families make_families(std::size_t tunes, std::size_t families) {
  std::vector<Fingerprint> made;
  for (std::size_t i = 0; i < tunes; ++i) {
    made.push_back({.whole = i + 1, .runs = {{1'000'000 + i % families, 10 + 2 * (i % families)}}});
  }
  return gather(made);
}

std::vector<std::size_t> count(const std::vector<std::uint8_t>& parts, std::size_t shares) {
  std::vector<std::size_t> counts(shares);
  for (const std::uint8_t part : parts) ++counts.at(part);
  return counts;
}

constexpr std::array kShares = {0.8, 0.1, 0.1};

TEST(Split, NeverSeparatesAFamily) {
  for (const std::size_t families : {3, 10, 100, 333, 1000}) {
    const Families made = make_families(1000, families);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto parts = split_families(made, kShares, seed);
      ASSERT_TRUE(parts.ok());
      for (std::size_t i = 0; i < 1000; ++i) ASSERT_EQ((*parts)[i], (*parts)[i % families]);
      EXPECT_EQ(std::ranges::count(count(*parts, 3), 0U), 0);
    }
  }
}

TEST(Split, KeepsToTheShares) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto single = split_families(make_families(1000, 1000), kShares, seed);
    EXPECT_EQ(count(*single, 3), (std::vector<std::size_t>{800, 100, 100}));
    const auto threes = split_families(make_families(999, 333), kShares, seed);
    const std::vector<std::size_t> counts = count(*threes, 3);
    EXPECT_NEAR(static_cast<double>(counts[0]), 799.2, 3);
    EXPECT_NEAR(static_cast<double>(counts[1]), 99.9, 3);
    EXPECT_NEAR(static_cast<double>(counts[2]), 99.9, 3);
  }
  // Shares are relative to their sum.
  const Families made = make_families(500, 250);
  EXPECT_EQ(*split_families(made, kShares, 3), *split_families(made, std::array{8.0, 1.0, 1.0}, 3));
}

TEST(Split, AFamilyThatIsTooLargeForASmallPartGoesToALargeOne) {
  std::vector<Fingerprint> tunes;
  for (std::size_t i = 0; i < 400; ++i) tunes.push_back({.whole = i + 1, .runs = {{7, 20}}});
  for (std::size_t i = 400; i < 1000; ++i) tunes.push_back({.whole = i + 1, .runs = {}});
  const Families made = gather(tunes);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto parts = split_families(made, kShares, seed);
    EXPECT_EQ((*parts)[0], 0);
    EXPECT_EQ(count(*parts, 3), (std::vector<std::size_t>{800, 100, 100}));
  }
}

TEST(Split, SmallPartsGetLargerFamiliesToo) {
  std::size_t in_pairs = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Fingerprint> tunes;
    for (std::size_t i = 0; i < 500; ++i) {
      tunes.push_back({.whole = i + 1, .runs = {{i < 200 ? i / 2 : i, 20}}});
    }
    const Families made = gather(tunes);
    const auto parts = split_families(made, kShares, seed);
    for (std::size_t i = 0; i < 200; ++i) in_pairs += (*parts)[i] == 2 ? 1 : 0;
  }
  // 20 splits · 50 tunes in the test part · 40 % of all tunes = 400.
  EXPECT_NEAR(static_cast<double>(in_pairs), 400, 120);
}

TEST(Split, DependsOnTheSeedAndNothingElse) {
  const Families made = make_families(1000, 700);
  EXPECT_EQ(*split_families(made, kShares, 5), *split_families(made, kShares, 5));
  EXPECT_NE(*split_families(made, kShares, 5), *split_families(made, kShares, 6));
}

TEST(Split, RefusesWhatCannotBe) {
  const Families made = make_families(10, 2);
  EXPECT_FALSE(split_families(made, kShares, 1).ok());
  EXPECT_FALSE(split_families(Families(), kShares, 1).ok());
  EXPECT_FALSE(split_families(made, std::array{1.0}, 1).ok());
  EXPECT_FALSE(split_families(made, std::array{1.0, 0.0}, 1).ok());
  EXPECT_FALSE(split_families(made, std::array{1.0, -1.0}, 1).ok());
  EXPECT_TRUE(split_families(made, std::array{0.9, 0.1}, 1).ok());
}

}  // namespace
}  // namespace lilt::corpus
