#include "compose/in_c.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::compose {
namespace {

const std::string kInD = "X:1\nT:a\nM:4/4\nL:1/16\nK:D\n", kInC = "X:1\nT:a\nM:4/4\nL:1/8\nK:C\n";

// Music in D and sixteenths, in C and eighths.
std::string moved(const std::string& music) {
  return moved_music(kInD + music, kInD.size(), -2, kInC);
}

TEST(MovedMusic, IsWrittenAnewLexemeByLexeme) {
  EXPECT_EQ(moved("|:\"A7\"c2d2 ^G2A2|(3ABc {e}d4"), "|:\"G7\"Bc ^FG|(3G/2A/2B/2 {d/2}c2");
  EXPECT_EQ(moved("f2 =f2 f2|z2"), "e _e e|z");
  EXPECT_EQ(moved("A4|"), "G2|");
}

TEST(MovedMusic, HasChordsAsLongAsTheyWere) { EXPECT_EQ(moved("[df]8 [df]2|"), "[ce]4 [ce]|"); }

TEST(MovedMusic, HasChordsAsLongAsTheyWereWhereTheyBeganBefore) {
  const std::string before = kInC + "[ce";
  EXPECT_EQ(moved_music(before + "]2 [ce]|", before.size(), 2, kInD + "[df"), "]4 [df]2|");
}

TEST(MovedMusic, CarriesAccidentalsOverTies) { EXPECT_EQ(moved("=f16-|f8 f8|"), "_e8-|e4 e4|"); }

TEST(MovedMusic, GoesOnWithinANoteAndBehindAccidentals) {
  const std::string before = kInC + "_e";
  EXPECT_EQ(moved_music(before + "2 =e|e", before.size(), 2, kInD + "=f"), "2 ^f2|f2");
}

}  // namespace
}  // namespace lilt::compose
