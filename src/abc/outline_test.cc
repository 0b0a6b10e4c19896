#include "abc/outline.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/surroundings.h"

namespace lilt::abc {
namespace {

constexpr const char* kHeader = "X:1\nT:Miller's Jig\nM:6/8\nL:1/8\nK:C\n";

TEST(Outline, KnowsSectionsEndingsAndWhichBarsReturn) {
  const std::string music =
      "G|:\"C\"c3 e3|g3 e3|c3 e3|1d6:|2c6||\n"
      "|:c3 e3|g3 f3|c3 e3|g4 c2:|\n";
  const Outline outline = outline_of(kHeader + music, 3);
  EXPECT_EQ(outline.tonic, 3);
  EXPECT_EQ(outline.dance, dance_kind("jig"));
  EXPECT_EQ(outline.chords, 2);
  EXPECT_EQ(outline.metre, parse_metre("6/8"));
  ASSERT_EQ(outline.sections.size(), 3U);
  EXPECT_EQ(outline.sections[0], (OutlineSection{.bars = 4, .repeated = true, .first_ending = 3}));
  EXPECT_EQ(outline.sections[1], (OutlineSection{.bars = 1, .is_later_ending = true}));
  EXPECT_EQ(outline.sections[2], (OutlineSection{.bars = 4, .repeated = true}));
  ASSERT_EQ(outline.bars.size(), 9U);
  EXPECT_EQ(outline.bars[0].kind, Return::kNew);
  EXPECT_EQ(outline.bars[2].kind, Return::kBar2);
  EXPECT_EQ(outline.bars[2].source, 1);
  EXPECT_EQ(outline.bars[5].kind, Return::kOther);  // the first bar once more
  EXPECT_EQ(outline.bars[5].source, 3);
  EXPECT_EQ(outline.bars[7].kind, Return::kBar2);
  EXPECT_EQ(outline.bars[8].kind, Return::kNearBar4);
}

TEST(Outline, KnowsWherePhrasesRest) {
  const Outline outline = outline_of(std::string(kHeader) + "c6|d6|e6|G2g4|c6|d6|B6|c2e4|]\n");
  ASSERT_EQ(outline.bars.size(), 8U);
  EXPECT_EQ(outline.bars[3].rest_degree, 7);  // the longest note of the bar
  EXPECT_EQ(outline.bars[3].rest_length, 1);
  EXPECT_EQ(outline.bars[7].rest_degree, 4);  // the last of the section
  EXPECT_EQ(outline.bars[2].rest_degree, -1);
  EXPECT_EQ(outline.phrase_end(1), 4);
  EXPECT_EQ(outline.phrase_end(4), 4);
  EXPECT_EQ(outline.phrase_end(5), 8);
  EXPECT_EQ(outline.phrase_end(9), 0);
}

TEST(Outline, KnowsHowHighPhrasesLie) {
  const Outline outline =
      outline_of(std::string(kHeader) + "G,|:C6|C6|C6|C6|c6|c3 e3|c6|c6|g6:|\n");
  ASSERT_EQ(outline.bars.size(), 9U);
  EXPECT_EQ(outline.bars[3].height, height_class(60));
  EXPECT_EQ(outline.bars[7].height, height_class(72.5));
  EXPECT_EQ(outline.bars[8].height, height_class(79));
  EXPECT_EQ(outline.bars[0].height, 0);
  EXPECT_EQ(height_class(20), 1);
  EXPECT_EQ(height_class(120), kHeights - 1);
  for (std::uint8_t height = 1; height < kHeights; ++height) {
    EXPECT_EQ(height_class(pitch_of_height(height)), height);
  }
}

TEST(Outline, APickupIsNoBar) {
  const Outline outline = outline_of(std::string(kHeader) + "|:GG|c6|d6|e6|c4:|\n");
  ASSERT_EQ(outline.sections.size(), 1U);
  EXPECT_EQ(outline.sections[0].bars, 4);
  EXPECT_TRUE(outline.sections[0].repeated);
  EXPECT_EQ(outline.bars[3].rest_degree, 0);
}

TEST(Outline, OfNoMusicIsEmpty) {
  EXPECT_TRUE(outline_of("").is_empty());
  EXPECT_TRUE(outline_of("X:1\nT:a\n").is_empty());
}

TEST(OutlineText, ComesBackAsItWas) {
  KnownOutline known{.dialect = 2, .mode = Mode::kDorian};
  known.outline = outline_of(std::string(kHeader) +
                                 "G|:\"C\"c3 e3|g3 e3|c3 e3|1d6:|2c6||\n"
                                 "|:c3 e3|g3 f3|c3 e3|g4 c2:|\n",
                             3);
  const std::vector<KnownOutline> all = {known, known};
  const std::string text = outlines_text(all);
  const Result<std::vector<KnownOutline>> back = outlines_from_text(text);
  ASSERT_TRUE(back) << back.error().to_string();
  EXPECT_EQ(*back, all);
}

TEST(OutlineText, OfStrangersIsRefusedOrRead) {
  const std::string good = "1 3 0 6 2 5 13 22 4 6/8 2r,1le0 b^c b1.a1^d p1~c\n";
  EXPECT_TRUE(outlines_from_text(good));
  EXPECT_TRUE(outlines_from_text(""));
  for (const char* bad :
       {"1", "1 3 0 6 2 5 13 22 4 6/8 2r b b", "1 3 0 6 2 5 13 22 4 none 1 b\n",
        "1 3 0 6 2 5 13 22 4 6/8 2 b\n", "1 3 0 6 2 5 13 22 4 6/8 1 z\n",
        "1 3 0 6 2 5 13 22 4 6/8 1 b1\n", "1 3 0 6 2 5 13 22 4 6/8 99999999999 b\n",
        "64 3 0 6 2 5 13 22 4 6/8 1 b\n", "1 13 0 6 2 5 13 22 4 6/8 1 b\n",
        "1 3 0 6 2 5 13 22 4 6/8 1 b x\n", "1 3 0 6 2 5 13 22 4 6/8 1e2 b\n",
        "1 3 0 6 2 5 13 22 4 6/8 1 b.m1\n", "1 3 0 6 2 5 13 22 4 6/8 1 b^u\n",

        "-1 3 0 6 2 5 13 22 4 6/8 1 b\n"}) {
    EXPECT_FALSE(outlines_from_text(bad)) << bad;
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = '7';
    static_cast<void>(outlines_from_text(changed));  // whatever it says
    EXPECT_FALSE(outlines_from_text(good.substr(0, i + 1) == good ? "x" : good.substr(0, i + 1)));
  }
}

// What is told while the tune is read.
TEST(Outline, IsToldAsItLiesAhead) {
  const std::string text = std::string(kHeader) + "|:c3 e3|g3 e3|c3 e3|1d6:|2c6||\n";
  const Outline outline = outline_of(text, 3);
  Surroundings reading;
  reading.reset(1, &outline);
  const auto value = [&](FeatureIndex index) {
    return reading.values()[static_cast<std::size_t>(index)];
  };
  EXPECT_EQ(value(FeatureIndex::kTonic), 3);
  EXPECT_EQ(value(FeatureIndex::kTuneBars), 1 + 5);
  std::string planned;  // of the third bar, as the outline lets foresee it
  for (const char c : text) {
    const Cursor cursor = reading.cursor().settled();
    if (cursor.part() == Part::kBody && cursor.bars() == 3 && cursor.filled() > 0) {
      planned += static_cast<char>(value(FeatureIndex::kPlanned));
    }
    reading.push(static_cast<unsigned char>(c));
    const int bars = reading.cursor().settled().bars();
    if (bars == 2) EXPECT_EQ(value(FeatureIndex::kSectionBars), 1 + 2);
    if (bars == 1) EXPECT_EQ(value(FeatureIndex::kHeight), outline.bars[3].height);
  }
  EXPECT_EQ(planned.substr(0, 5), "3 e3|");
}

TEST(Title, IsGivenByAPerson) {
  EXPECT_TRUE(is_title("The Sailor's Wife"));
  EXPECT_TRUE(is_title("Ål"));
  EXPECT_FALSE(is_title("v2 778"));
  EXPECT_FALSE(is_title("Polska_efter_Ante"));
  EXPECT_FALSE(is_title("a b"));
  EXPECT_FALSE(is_title(""));
}

TEST(Title, NamesADance) {
  EXPECT_EQ(dance_in_title("Kate's Reel"), dance_kind("reel"));
  EXPECT_EQ(dance_in_title("Two Jigs"), dance_kind("Jig"));
  EXPECT_EQ(dance_in_title("The Reeling Road"), 0);
  EXPECT_EQ(dance_kind(""), 0);
  EXPECT_EQ(dance_kind("cotillion"), 1);
  EXPECT_TRUE(may_be_called(dance_kind("slip jig"), dance_kind("jig")));
  EXPECT_FALSE(may_be_called(dance_kind("waltz"), dance_kind("reel")));
  EXPECT_FALSE(may_be_called(1, dance_kind("reel")));
}

}  // namespace
}  // namespace lilt::abc
