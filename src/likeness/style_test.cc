#include "likeness/style.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "abc/transpose.h"
#include "base/random.h"

namespace lilt::likeness {
namespace {

constexpr abc::Ticks kEighth = abc::kWholeNote / 8;

abc::Tune tune_of(const std::string& music, const std::string& metre = "4/4",
                  const std::string& key = "C") {
  return abc::read_tune("X:1\nT:Tune\nM:" + metre + "\nL:1/8\nK:" + key + "\n" + music + "\n").tune;
}

// "value×times …", by their labels.
std::string described(const abc::Tune& tune, Statistic statistic) {
  std::string text;
  const Style style = style_of(tune);
  for (const auto& [value, times] : style[statistic]) {
    text += (text.empty() ? "" : ", ") + label(statistic, value) + "×" + std::to_string(times);
  }
  return text;
}

TEST(Style, CountsPitchClassesFromTheTonic) {
  EXPECT_EQ(described(tune_of("CDEc ^F4|"), Statistic::kPitchClass), "0×2, 2×1, 4×1, 6×1");
  EXPECT_EQ(described(tune_of("GABg [K:D]F4|", "4/4", "G"), Statistic::kPitchClass),
            "0×2, 2×1, 4×2");
}

TEST(Style, CountsIntervals) {
  EXPECT_EQ(described(tune_of("CDDC c'4|"), Statistic::kInterval), "−2×1, 0×1, +2×1, > +12×1");
  EXPECT_EQ(described(tune_of("c'2C6|"), Statistic::kInterval), "< −12×1");
}

TEST(Style, CountsDurations) {
  EXPECT_EQ(described(tune_of("C2D>E (3FGA c2|c8-|c8-|c8|"), Statistic::kDuration),
            "1/2×1, 2/3×3, 3/2×1, 2×2, ≥ 16×1");
}

TEST(Style, CountsOnsetsOfFullBars) {
  EXPECT_EQ(described(tune_of("G2|C2DE F4|C2DE F4-|F4 G4|C6|"), Statistic::kBarOnsets),
            "4/4 ....x...×1, 4/4 x.xxx...×2");
  EXPECT_EQ(described(tune_of("CDE F3|C>DE F3|", "6/8"), Statistic::kBarOnsets),
            "6/8 xxxx..×1, 6/8 x..xx.x.....×1");
  EXPECT_EQ(described(tune_of("C2D2E2|", "3/4"), Statistic::kBarOnsets), "3/4 x.x.x.×1");
  EXPECT_EQ(described(tune_of("C3|", "none"), Statistic::kBarOnsets), "");
}

TEST(Style, ComparesSections) {
  const std::string a = "CDEF GABc|cBAG FEDC|", b = "CDEF GABc|edcB AGFE|";
  EXPECT_EQ(described(tune_of(a + "|" + a + "|" + b), Statistic::kSectionSimilarity), "0.5×1, 1×1");
  EXPECT_EQ(described(tune_of(a), Statistic::kSectionSimilarity), "");
  EXPECT_EQ(described(tune_of(a + "|efga ba^gb|z8|"), Statistic::kSectionSimilarity), "0×1");
  // Pickups do not shift it.
  EXPECT_EQ(described(tune_of("|:" + a + a + ":||:c2|" + a + "CDEF GABc|cBAG FE:|"),
                      Statistic::kSectionSimilarity),
            "1×1");
  EXPECT_EQ(described(tune_of(a + a + "|" + a + b), Statistic::kPhraseSimilarity), "0.5×1, 1×1");
  EXPECT_EQ(described(tune_of(a + "|" + a + "C8|"), Statistic::kPhraseSimilarity), "");
}

TEST(Style, IsTheSameInEveryKey) {
  const abc::Tune tune =
      tune_of("|:G2|C2DE F4|C2DE F4-|F4 G4|c6:|\n|:G2|C2DE F4|C2DE F4|[K:F]c6:|");
  for (int semitones = -5; semitones <= 6; ++semitones) {
    abc::Tune moved = tune;
    abc::transpose(moved, semitones);
    EXPECT_EQ(style_of(moved), style_of(tune)) << semitones;
  }
}

TEST(Style, OfNothingIsEmpty) {
  EXPECT_EQ(style_of(abc::Tune{}), Style{});
  EXPECT_EQ(style_of(tune_of("")), Style{});
}

TEST(Distance, IsThatOfJensenAndShannon) {
  const Tally a = {{1, 3}, {2, 1}};
  EXPECT_EQ(distance(a, a), 0);
  EXPECT_NEAR(distance(a, {{1, 300}, {2, 100}}), 0, 1e-7);  // shares count, not numbers
  EXPECT_EQ(distance(a, {{3, 5}}), 1);
  EXPECT_EQ(distance({}, {}), 0);
  EXPECT_EQ(distance(a, {}), 1);
  EXPECT_EQ(distance({}, a), 1);
  // H(1/4) of the mixture less half of H(1/2): 0.811278 − 0.5 bits.
  EXPECT_NEAR(distance({{1, 1}}, {{1, 1}, {2, 1}}), std::sqrt(0.8112781244591328 - 0.5), 1e-12);
  EXPECT_EQ(distance({{1, 1}}, {{1, 1}, {2, 1}}), distance({{1, 1}, {2, 1}}, {{1, 1}}));
}

// Jigs over one scale; those of another kind leap.
std::vector<Style> some_tunes(std::uint64_t seed, std::size_t count, bool leaps) {
  Random random(seed, RandomStream::kBench);
  std::vector<Style> tunes;
  for (std::size_t t = 0; t < count; ++t) {
    std::string music;
    int at = 7;
    for (int i = 0; i < 48; ++i) {
      at += leaps ? static_cast<int>(random.below(13)) - 6 : static_cast<int>(random.below(5)) - 2;
      at = std::max(0, std::min(13, at));
      music += "CDEFGABcdefgab"[at];
      if (i % 6 == 5) music += '|';
    }
    tunes.push_back(style_of(tune_of(music, "6/8")));
  }
  return tunes;
}

TEST(Profile, KnowsTypicalTunes) {
  const StyleProfile profile = profile_of(some_tunes(1, 200, false));
  double alike = 0, leaping = 0;
  for (const Style& tune : some_tunes(2, 50, false)) alike += profile.typicality(tune) / 50;
  for (const Style& tune : some_tunes(3, 50, true)) leaping += profile.typicality(tune) / 50;
  EXPECT_NEAR(alike, -0.5, 0.25);
  EXPECT_LT(leaping, 2 * alike);
  // What is most frequent and nothing else is not typical.
  const Tally& intervals = profile.style[Statistic::kInterval];
  Style boring;
  for (const auto& [value, times] : intervals) {
    if (boring[Statistic::kInterval].empty() ||
        times > intervals.at(boring[Statistic::kInterval].begin()->first)) {
      boring[Statistic::kInterval] = {{value, 47}};
    }
  }
  EXPECT_LT(profile.typicality(boring), 2 * alike);
}

TEST(Profile, IsFinite) {
  const StyleProfile none = profile_of({});
  EXPECT_EQ(none.typicality(Style{}), -50);
  EXPECT_EQ(none.typicality(some_tunes(1, 1, false)[0]), -50);
  const StyleProfile one = profile_of(some_tunes(1, 1, false));
  EXPECT_TRUE(std::isfinite(one.typicality(some_tunes(1, 1, false)[0])));
  EXPECT_TRUE(std::isfinite(one.typicality(some_tunes(2, 1, true)[0])));
  EXPECT_EQ(one.typicality(abc::Tune{}), -50);
}

TEST(Profile, KeepsTheMostFrequentValues) {
  Style tune;
  for (std::int64_t i = 0; i < 10'000; ++i) tune[Statistic::kBarOnsets][i] = i == 77 ? 5 : 1;
  const StyleProfile profile = profile_of(std::vector<Style>{tune});
  EXPECT_EQ(profile.style[Statistic::kBarOnsets].size(), StyleProfile::kMostValues);
  EXPECT_EQ(profile.style[Statistic::kBarOnsets].count(77), 1);
}

}  // namespace
}  // namespace lilt::likeness
