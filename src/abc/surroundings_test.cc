#include "abc/surroundings.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "abc/chord_symbol.h"

namespace lilt::abc {
namespace {

constexpr std::string_view kHeader = "X:1\nT:Test\nM:6/8\nL:1/8\nK:G\n";

Surroundings after(std::string_view music) {
  Surroundings surroundings;
  for (const std::string_view text : {kHeader, music}) {
    for (const char c : text) surroundings.push(static_cast<unsigned char>(c));
  }
  return surroundings;
}

std::size_t value(const Surroundings& surroundings, FeatureIndex index) {
  return surroundings.values()[static_cast<std::size_t>(index)];
}

char told(const Surroundings& surroundings, FeatureIndex index) {
  return static_cast<char>(value(surroundings, index));
}

TEST(Surroundings, EveryValueIsBelowTheNumberOfValues) {
  const std::string tune =
      std::string(kHeader) +
      "|:(3ABc d|\"Am7\"{g}[GBd]2e>f g'3-|g'3 (AB)c|1 z6:|2[M:9/8]G9||K:Ebmix\n|:E,,/2F,/4^G/4 "
      "=A4 B,c|E6:|\n\n";
  Surroundings surroundings;
  for (int round = 0; round < 2; ++round) {
    surroundings.reset(static_cast<std::uint8_t>(63 * round));
    for (const char c : tune) {
      ASSERT_EQ(surroundings.values().size(), kFeatures.size());
      for (std::size_t i = 0; i < kFeatures.size(); ++i) {
        EXPECT_LT(surroundings.values()[i], kFeatures[i].values) << kFeatures[i].name;
      }
      surroundings.push(static_cast<unsigned char>(c));
    }
  }
}

TEST(Surroundings, AreTheSameForTheSameBeginning) {
  Surroundings used = after("|:GAB cde|f3 g3:|\n\n");
  used.reset();
  Surroundings fresh;
  for (const char c : std::string(kHeader) + "GAB cde|GA") {
    used.push(static_cast<unsigned char>(c));
    fresh.push(static_cast<unsigned char>(c));
    EXPECT_TRUE(std::ranges::equal(used.values(), fresh.values()));
  }
}

TEST(Surroundings, ThePlaceCountsTheNoteInProgress) {
  // Position 1 is the beginning of the bar; an eighth note takes 4 steps of a 32nd.
  EXPECT_EQ(value(after("GAB"), FeatureIndex::kPosition), 1U + 12);
  EXPECT_EQ(value(after("GAB"), FeatureIndex::kLeft), 1U + 12);
  EXPECT_EQ(value(after("GAB2"), FeatureIndex::kPosition), 1U + 16);
  EXPECT_EQ(value(after("GAB cde|"), FeatureIndex::kPosition), 1U);
  EXPECT_EQ(value(after("GAB cde|G"), FeatureIndex::kPosition), 1U + 4);
}

TEST(Surroundings, NotesAndChordsCountFromTheTonic) {
  const std::size_t g = value(after("G"), FeatureIndex::kDegree);
  EXPECT_EQ(value(after("A"), FeatureIndex::kDegree), g + 2);
  EXPECT_EQ(value(after("^A"), FeatureIndex::kDegree), g + 3);
  EXPECT_EQ(value(after("g"), FeatureIndex::kDegree), g + 12);
  EXPECT_EQ(value(after("G"), FeatureIndex::kChord), 0U);
  EXPECT_EQ(value(after("\"G\""), FeatureIndex::kChord), 1U);
  EXPECT_EQ(value(after("\"Am\"ABc|"), FeatureIndex::kChord), 1U + 2 + 12);
  EXPECT_EQ(value(after("\"D7\"d"), FeatureIndex::kChord), 1U + 7 + 24);
}

TEST(Surroundings, FalseRelationsHaveALetterOfTheChord) {
  const auto steps = [](std::string_view music) { return after(music).false_relations(); };
  constexpr std::uint32_t kC = 1U << 0, kE = 1U << 2, kF = 1U << 3, kG = 1U << 4;
  EXPECT_EQ(steps("GAB c"), 0U) << "no chord";
  EXPECT_EQ(steps("\"G\"GAB c"), 0U);
  EXPECT_EQ(steps("\"Dm\"A"), kF) << "F sharp of the key";
  EXPECT_EQ(steps("\"Dm\"A="), 0U) << "F natural, and A and D are not raised";
  EXPECT_EQ(steps("\"Dm\"=F"), 0U) << "in this bar";
  EXPECT_EQ(steps("\"Dm\"=FA d3|"), kF) << "and no longer";
  EXPECT_EQ(steps("\"C\"G^"), kC | kE | kG);
  EXPECT_EQ(steps("\"A7\"A"), kC) << "C sharp is of the chord";
}

TEST(Surroundings, TellTheLastNoteAndWhetherTheBarHasBegun) {
  EXPECT_EQ(after("|:").last_note(), std::nullopt);
  EXPECT_EQ(after("GA").last_note(), 69) << "the note in progress";
  EXPECT_EQ(after("GA|").last_note(), 69);
  EXPECT_FALSE(after("GAB c2d|").is_within_bar());
  EXPECT_TRUE(after("GAB c2d|e").is_within_bar());
}

TEST(Surroundings, BarsBeforeTellWhatCameAtTheSamePlace) {
  const Surroundings start = after("GAB cde|");
  EXPECT_EQ(told(start, FeatureIndex::kBar1), 'G');
  const Surroundings second = after("GAB cde|GAB d");
  EXPECT_EQ(told(second, FeatureIndex::kBar1), 'd') << "at the same time, whatever sounds";
  EXPECT_EQ(told(after("G2B cde|GA"), FeatureIndex::kBar1), 'B');
  EXPECT_EQ(told(after("GAB cde|\"C\"G"), FeatureIndex::kBar1), 'A') << "behind a chord symbol";
  EXPECT_EQ(told(after("GAB cde|G3|"), FeatureIndex::kBar2), 'G');
  EXPECT_EQ(told(after("GAB cde|fed cBA|ga"), FeatureIndex::kBar2), 'B');
  EXPECT_EQ(told(after("GAB cde|fed cBA|ga"), FeatureIndex::kBar1), 'd');
  EXPECT_EQ(told(after("GAB cde|fed cBA|g6|a6|ga"), FeatureIndex::kBar4), 'B');
  EXPECT_EQ(told(after("G"), FeatureIndex::kBar1), '\0') << "nothing was before";
  EXPECT_EQ(told(after("d|GAB cde|G"), FeatureIndex::kBar1), 'A') << "a pickup is no bar";
  EXPECT_EQ(told(after("d|GAB cde|"), FeatureIndex::kBar1), 'G');
  EXPECT_EQ(told(after("|:GAB cde|"), FeatureIndex::kBar1), ':') << "the repeat may come again";
  EXPECT_EQ(told(after("|:GAB cde|G"), FeatureIndex::kBar1), 'A') << "whatever the bar lines are";
  EXPECT_EQ(told(after("GAB cde|GAB cde|\nG6|G6|"), FeatureIndex::kBar2), '\n');
  EXPECT_EQ(told(after("GAB cde|GAB cde|\nG6|G6|\n"), FeatureIndex::kBar2), 'G');
}

TEST(Surroundings, TheSectionBeforeIsKnownByBar) {
  const std::string first = "|:GAB cde|fed cBA|G3 g3:|\n";
  EXPECT_EQ(told(after(first + "|:ABc def|gf"), FeatureIndex::kSection), 'd');
  EXPECT_EQ(told(after(first + "|:ABc def|gfe dcB|G3"), FeatureIndex::kSection), ' ');
}

TEST(Surroundings, StreaksCountWhatWasToldRightly) {
  EXPECT_EQ(value(after("GAB cde|"), FeatureIndex::kBar1Streak), 0U);
  const std::size_t some = value(after("GAB cde|GA"), FeatureIndex::kBar1Streak);
  const std::size_t more = value(after("GAB cde|GAB cd"), FeatureIndex::kBar1Streak);
  EXPECT_LT(0U, some);
  EXPECT_LT(some, more);
  EXPECT_EQ(value(after("GAB cde|GAB cB"), FeatureIndex::kBar1Streak), 0U);
}

TEST(Surroundings, RepetitionsAreFollowedWhereverTheyBegin) {
  const Surroundings surroundings = after("GABc de|fGABc d");
  EXPECT_EQ(told(surroundings, FeatureIndex::kRepetition), 'e');
  EXPECT_GT(value(surroundings, FeatureIndex::kRepetitionStreak), 0U);
  EXPECT_EQ(told(after("GABc de|fGABc dB"), FeatureIndex::kRepetition), '\0');
}

TEST(Features, AreFoundByNameAndSize) {
  EXPECT_EQ(find_feature("position"), static_cast<std::size_t>(FeatureIndex::kPosition));
  EXPECT_EQ(find_feature("height"), kFeatures.size() - 1);
  EXPECT_FALSE(find_feature("mood"));
  const std::array good = {Feature{"key", 107}, Feature{"bar-4", 128}};
  const auto places = feature_places(good);
  ASSERT_TRUE(places);
  EXPECT_EQ((*places)[1], static_cast<std::size_t>(FeatureIndex::kBar4));
  const std::array other = {Feature{"key", 12}};
  EXPECT_FALSE(feature_places(other));
  const std::array unknown = {Feature{"mood", 3}};
  EXPECT_NE(feature_places(unknown).error().to_string().find("mood"), std::string::npos);
}

}  // namespace
}  // namespace lilt::abc
