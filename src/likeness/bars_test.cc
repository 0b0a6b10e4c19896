#include "likeness/bars.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::likeness {
namespace {

constexpr abc::Ticks kEighth = abc::kWholeNote / 8;

std::vector<MelodyBar> bars_of(const std::string& music, const std::string& metre = "4/4") {
  return melody_bars(
      abc::read_tune("X:1\nT:Tune\nM:" + metre + "\nL:1/8\nK:C\n" + music + "\n").tune);
}

std::vector<std::int64_t> lengths_of(const std::string& music, const std::string& metre = "4/4") {
  std::vector<std::int64_t> lengths;
  for (const MelodySection& s : melody_sections(bars_of(music, metre))) lengths.push_back(s.bars());
  return lengths;
}

TEST(MelodyBars, HaveTheirNotesAndTimes) {
  const std::vector<MelodyBar> bars = bars_of("G2|C4-C2E2|[EG]4 z4|c8|]");
  ASSERT_EQ(bars.size(), 4);
  EXPECT_FALSE(bars[0].is_full());
  EXPECT_TRUE(bars[1].is_full());
  ASSERT_EQ(bars[1].notes.size(), 2);
  EXPECT_EQ(bars[1].notes[0].length, 6 * kEighth);
  EXPECT_EQ(bars[1].notes[1].start, 6 * kEighth);
  ASSERT_EQ(bars[2].notes.size(), 1);
  EXPECT_EQ(bars[2].notes[0].pitch, 67);
  EXPECT_TRUE(melody_bars(abc::Tune{}).empty());
  EXPECT_TRUE(bars_of("").empty());
}

TEST(MelodyBars, FollowChangesOfKeyAndMetre) {
  const std::vector<MelodyBar> bars = bars_of("C8|[K:G][M:3/4]D6|\nK:Am\nM:none\nE7|F3[K:D]F|");
  ASSERT_EQ(bars.size(), 4);
  EXPECT_EQ(bars[0].notes[0].tonic, 0);
  EXPECT_EQ(bars[1].notes[0].tonic, 7);
  EXPECT_TRUE(bars[1].is_full());
  EXPECT_EQ(bars[2].notes[0].tonic, 9);
  EXPECT_FALSE(bars[2].is_full());
  EXPECT_EQ(bars[3].notes[0].tonic, 9);
  EXPECT_EQ(bars[3].notes[1].tonic, 2);
}

TEST(MelodySections, CountWholeBars) {
  EXPECT_EQ(lengths_of("C8|D8|E8|F8||C8|D8|]"), (std::vector<std::int64_t>{4, 2}));
  // A pickup and its complement.
  EXPECT_EQ(lengths_of("|:G2|C8|D8|E8|F6:|\n|:A2|C8|D6:|"), (std::vector<std::int64_t>{4, 2}));
  // The second ending is another way to end.
  EXPECT_EQ(lengths_of("|:C8|D8|E8|1 F8:|2 G8||\nC8|D8|]"), (std::vector<std::int64_t>{4, 2}));
  EXPECT_EQ(lengths_of("C7|D5|", "none"), (std::vector<std::int64_t>{0}));
}

TEST(MelodySections, CountFromTheFirstFullBar) {
  const std::vector<MelodySection> sections = melody_sections(bars_of("|:G2|C8|D8|E8|F6:|"));
  ASSERT_EQ(sections.size(), 1);
  EXPECT_EQ(sections[0].notes[0].start, -2 * kEighth);
  EXPECT_EQ(sections[0].notes[1].start, 0);
  EXPECT_EQ(sections[0].notes[2].start, 8 * kEighth);
}

TEST(MelodySections, APickupIsNoSectionWhereverTheRepeatBegins) {
  const auto sections = [](const std::string& music) {
    const std::string header = "X:1\nT:a\nM:4/4\nL:1/8\nK:C\n";
    return melody_sections(melody_bars(abc::read_tune(header + music + "\n").tune));
  };
  for (const char* music : {"G2|:c8|d6:|\n|:e2|f8|g6:|", "|:G2|c8|d6:|\n|:e2|f8|g6:|"}) {
    const std::vector<MelodySection> found = sections(music);
    ASSERT_EQ(found.size(), 2U) << music;
    EXPECT_EQ(found[0].bars(), 2) << music;
    EXPECT_EQ(found[0].notes.size(), 3U) << music;
    EXPECT_LT(found[0].notes[0].start, 0) << music;
  }
}

}  // namespace
}  // namespace lilt::likeness
