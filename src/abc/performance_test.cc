#include "abc/performance.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::abc {
namespace {

// The pitches of a tune in C, as letters: "C" is 60, "c" 72.
std::string letters(const std::string& body, const std::string& fields = "") {
  const Reading reading = read_tune("X:1\nT:a\n" + fields + "M:4/4\nL:1/4\nK:C\n" + body + "\n");
  std::string text;
  for (const Sound& sound : perform(reading.tune)) {
    constexpr std::string_view kNames = "C.D.EF.G.A.Bc.d.ef.g.a.b";
    text += kNames[static_cast<std::size_t>(sound.pitch - 60)];
  }
  return text;
}

TEST(Performance, PlaysRepeats) {
  EXPECT_EQ(letters("|:C4:|D4|]"), "CCD");
  EXPECT_EQ(letters("|:C4::D4:|"), "CCDD");
  EXPECT_EQ(letters("C4:|D4|]"), "CCD");
  EXPECT_EQ(letters("|:C4:|D4:|"), "CCDD");
  EXPECT_EQ(letters("C4||D4:|"), "CDCD");  // the first one goes back to the beginning
}

TEST(Performance, PlaysEndings) {
  EXPECT_EQ(letters("|:C4|1D4:|2E4|]"), "CDCE");
  EXPECT_EQ(letters("|:C4|1D4:|2E4:|3F4|]"), "CDCECF");
  EXPECT_EQ(letters("|:C4|1D4:|2E4:|"), "CDCEC");  // :| after the second goes back once more
}

TEST(Performance, ARepeatStartsWhereAnEndingIsPassedOver) {
  EXPECT_EQ(letters("|:C4|[1D4::E4:|"), "CDCEE");
  EXPECT_EQ(letters("|:C4|[1D4:|[2-E4|]"), "CDCE");
}

TEST(Performance, PlaysParts) { EXPECT_EQ(letters("P:A\nC4|\nP:B\nD4|]", "P:ABA2\n"), "CDCC"); }

TEST(Performance, JoinsTies) {
  const Reading reading = read_tune("X:1\nT:a\nM:4/4\nL:1/4\nK:C\n^C4-|C2-C2|[CE]2-[CE]2|]\n");
  const std::vector<Sound> sounds = perform(reading.tune);
  ASSERT_EQ(sounds.size(), 4U);  // the third C is natural, and has no tie that fits
  EXPECT_EQ(sounds[0], (Sound{61, 0, kWholeNote + kWholeNote / 2, false}));
}

TEST(Performance, GraceNotesTakeTimeFromTheirNote) {
  const Reading reading = read_tune("X:1\nT:a\nM:4/4\nL:1/4\nK:C\n{D}C4|]\n");
  const std::vector<Sound> with = perform(reading.tune);
  ASSERT_EQ(with.size(), 2U);
  EXPECT_TRUE(with[0].is_grace);
  EXPECT_EQ(with[1].start, kWholeNote / 16);
  EXPECT_EQ(perform(reading.tune, {.graces = false}).at(0).length, kWholeNote);
}

TEST(Performance, TransposesByTheKeyField) {
  const Reading reading = read_tune("X:1\nT:a\nM:4/4\nL:1/4\nK:C octave=-1\nC4|]\n");
  EXPECT_EQ(perform(reading.tune).at(0).pitch, 48);
}

}  // namespace
}  // namespace lilt::abc
