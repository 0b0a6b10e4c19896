#include "compose/variation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

namespace lilt::compose {
namespace {

// Bars 1, 3, 5 and 7 are the same, and 2 and 6.
const std::string kTune =
    "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n"
    "|:\"G\"G4 B4|\"C\"c4 \"D7\"A4|\"G\"G4 B4|\"D\"d8|\n"
    "\"G\"G4 B4|\"C\"c4 \"D7\"A4|\"G\"G4 B4|\"G\"G8:|\n"
    "|:e8|f8|g8|a8|b8|a8|g8|e8:|\n\n";

Plan varied(int percent, std::uint64_t seed, const TextConfig& form = {}) {
  static const abc::Alphabet all;
  const Result<Variation> variation = Variation::of(kTune, percent, {}, all, form);
  EXPECT_TRUE(variation) << (variation ? "" : variation.error().to_string());
  return variation->plan(Random(seed, RandomStream::kSketch));
}

std::vector<int> bars_of(const Plan& plan) {
  return std::get<Rewriting>(plan.kind).splice.bars.bars();
}

bool has(const std::vector<int>& bars, int bar) {
  return std::find(bars.begin(), bars.end(), bar) != bars.end();
}

TEST(Variation, ChangesSoManyBars) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const int percent : {1, 10, 25, 50, 75}) {
      const int wanted = std::max(1, (percent * 16 + 50) / 100);
      const auto bars = static_cast<int>(bars_of(varied(percent, seed)).size());
      EXPECT_NEAR(bars, wanted, 1) << percent;
    }
    EXPECT_EQ(bars_of(varied(100, seed)).size(), 16U);
  }
}

TEST(Variation, ChangesBarsThatAreTheSameTogether) {
  bool changes = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<int> bars = bars_of(varied(40, seed));
    EXPECT_EQ(has(bars, 2), has(bars, 6));
    changes |= has(bars, 2);
  }
  EXPECT_TRUE(changes);
  int again = 0;
  for (const Segment& segment : varied(100, 1).segments) {
    again += std::holds_alternative<Again>(segment) ? 1 : 0;
  }
  EXPECT_EQ(again, 7);  // 3, 5, 6, 7, and 14, 15, 16
}

TEST(Variation, KeepsTheFirstAndLastBarsOfSectionsAsLongAsItCan) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<int> bars = bars_of(varied(40, seed));
    for (const int edge : {1, 8, 9, 16}) EXPECT_FALSE(has(bars, edge)) << edge;
  }
}

TEST(Variation, ChoosesByChance) {
  EXPECT_EQ(bars_of(varied(20, 3)), bars_of(varied(20, 3)));
  bool differs = false;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    differs |= bars_of(varied(20, seed)) != bars_of(varied(20, 11));
  }
  EXPECT_TRUE(differs);
}

TEST(Variation, GivesTheChordSymbolsAtTheirPlaces) {
  for (const bool in_c : {false, true}) {
    const Plan plan = varied(100, 1, {.in_c = in_c});
    EXPECT_EQ(plan.requirements.chord_symbols, abc::ChordSymbols::kNone);
    std::vector<std::string> given;
    for (const Segment& segment : plan.segments) {
      if (const Given* const text = std::get_if<Given>(&segment)) given.push_back(text->text);
    }
    // Of bar 2, between two stretches that are free.
    EXPECT_TRUE(std::count(given.begin(), given.end(), in_c ? " \"G7\"" : " \"D7\"") == 1);
    EXPECT_EQ(plan.outline.has_value(), in_c);
  }
}

TEST(Variation, RefusesWishesForWhatStays) {
  const abc::Alphabet all;
  const auto field = [&](const Wishes& wishes, const std::string& tune = kTune) {
    const Result<Variation> variation = Variation::of(tune, 30, wishes, all, {});
    return variation ? "" : variation.error().place.field;
  };
  EXPECT_EQ(field({.key = "D"}), "key");
  EXPECT_EQ(field({.bars = 8}), "bars");
  EXPECT_EQ(field({.chords = "on"}), "chords");
  EXPECT_EQ(field({}, "X:1\nT:a\nM:4/4\nK:C\n"), "tune");
  EXPECT_EQ(field({}), "");
}

}  // namespace
}  // namespace lilt::compose
