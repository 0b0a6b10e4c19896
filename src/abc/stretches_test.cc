#include "abc/stretches.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::abc {
namespace {

constexpr const char* kHeader = "X:1\nT:\xC3\xA9tude\nM:4/4\nL:1/8\nK:G\n";

// Each stretch with its bar, as in "1 ABcd".
std::vector<std::string> found(const std::string& music, const std::string& header = kHeader) {
  const std::string text = header + music + "\n\n";
  std::vector<std::string> all;
  for (const Stretch& stretch : find_stretches(text)) {
    const Extent place = stretch.place;
    all.push_back(std::to_string(stretch.bar) + " " +
                  text.substr(place.begin, place.end - place.begin));
  }
  return all;
}

using Texts = std::vector<std::string>;

TEST(Stretches, AreTheMusicBetweenBarLines) {
  EXPECT_EQ(found("ABcd efga|  g8  | \"G\" !trill!{a}b4 [Gd]4- |[Gd]8 |]"),
            (Texts{"1 ABcd efga", "2 g8", "3 \"G\" !trill!{a}b4 [Gd]4-", "4 [Gd]8"}));
  EXPECT_EQ(found("A8|!fine!|:(B8|c8):|!D.C.!"), (Texts{"1 A8", "2 (B8", "3 c8)"}));
  EXPECT_EQ(found("A>B A2- A4|(3ABc z2 x4|Z2|A8"),
            (Texts{"1 A>B A2- A4", "2 (3ABc z2 x4", "4 Z2", "5 A8"}));
}

TEST(Stretches, EndAtLinesCommentsFieldsAndEndings) {
  EXPECT_EQ(found("AB cd % four\nef ga|A4\nw: la\nB4|[K:D]c4 [M:2/4]d4|"),
            (Texts{"1 AB cd", "1 ef ga", "2 A4", "2 B4", "3 c4", "3 d4"}));
  EXPECT_EQ(found("|:A8|B4[1c4:|[2d4|]"), (Texts{"1 A8", "2 B4", "2 c4", "2 d4"}));
  EXPECT_EQ(found("|:A8|1 B8:|2 c8|]"), (Texts{"1 A8", "2 B8", "3 c8"}));
  EXPECT_EQ(found("AB \\\ncd efga|"), (Texts{"1 AB", "1 cd efga"}));
}

TEST(Stretches, OfPickupsAreOfNoBar) {
  EXPECT_EQ(found("D|A8|B7:|\nE|c8|d7||F|e8|f7|]"),
            (Texts{"0 D", "1 A8", "2 B7", "0 E", "3 c8", "4 d7", "0 F", "5 e8", "6 f7"}));
  EXPECT_EQ(found("D2\nE|A8|"), (Texts{"0 D2", "0 E", "1 A8"}));
  // An ending goes on with its section.
  EXPECT_EQ(found("D|:A8|1 B7 E:|2 B7||F|c8|]"),
            (Texts{"0 D", "1 A8", "2 B7 E", "3 B7", "0 F", "4 c8"}));
}

TEST(Stretches, KnowWhereInTheirBarTheyAre) {
  const std::vector<Stretch> all =
      find_stretches(std::string(kHeader).append("D|A>B c4-\n[ce]2|Z2|A4 & B4|B7|]\n\n"));
  const Ticks unit = kWholeNote / 8;
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].end - all[0].begin, unit);
  EXPECT_EQ(all[1].begin, 0);
  EXPECT_EQ(all[1].end, 6 * unit);
  EXPECT_TRUE(all[1].in_tie);
  EXPECT_EQ(all[2].begin, 6 * unit);
  EXPECT_EQ(all[2].end, 8 * unit);
  EXPECT_FALSE(all[2].in_tie);
  EXPECT_EQ(all[3].bars, 2);
  EXPECT_TRUE(all[4].has_overlay);
  EXPECT_FALSE(all[3].has_overlay);
}

TEST(Stretches, CountBarsByTheFirstVoice) {
  EXPECT_EQ(found("A8 & B4 c4|d8 & e8|f8|"), (Texts{"1 A8 & B4 c4", "2 d8 & e8", "3 f8"}));
}

TEST(Stretches, OfNoTuneAreNone) {
  EXPECT_TRUE(find_stretches("").empty());
  EXPECT_TRUE(found("").empty());
  EXPECT_TRUE(found("|]").empty());
}

}  // namespace
}  // namespace lilt::abc
