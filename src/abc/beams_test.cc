#include "abc/beams.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/canonical.h"
#include "abc/transpose.h"

namespace lilt::abc {
namespace {

std::string regular(const std::string& metre, const std::string& music,
                    const std::string& unit = "1/8") {
  const Tune tune =
      read_tune("X:1\nT:a\nM:" + metre + "\nL:" + unit + "\nK:C\n" + music + "\n").tune;
  const std::string text = canonical_text(tune, {.regular = true});
  return text.substr(text.find("K:C\n") + 4);
}

TEST(Beams, PartWhereTheMetreWantsIt) {
  EXPECT_EQ(regular("6/8", "cdefga|c2de2f|]"), "cde fga|c2d e2f|]\n");
  EXPECT_EQ(regular("4/4", "cdef gabc'|c d e f g4|]"), "cdef gabc'|cdef g4|]\n");
  EXPECT_EQ(regular("3/4", "cdefga|c4de|]"), "cd ef ga|c4 de|]\n");
  EXPECT_EQ(regular("2/4", "cdef|c>def|]"), "cd ef|c>d ef|]\n");
}

TEST(Beams, OfAPickupCountFromItsEnd) {
  EXPECT_EQ(regular("6/8", "cd|efg abc'|cde f|]"), "cd|efg abc'|cde f|]\n");
  EXPECT_EQ(regular("4/4", "c d e|f4 c4|efga b|]"), "cde|f4 c4|efga b|]\n");
}

TEST(Beams, GoOnWhereASectionEndsWithinABar) {
  EXPECT_EQ(regular("6/8", "|:c|cdefga|cdefg:|\n|:a|cdefga|cdefg:|"),
            "|:c|cde fga|cde fg:|\n|:a|cde fga|cde fg:|\n");
}

TEST(RegularText, HasLinesOfFourBarsAndOneChordSymbolAPlace) {
  EXPECT_EQ(regular("2/4", "\"C\"\"F\"c4|d4|\ne4|f4|g4|a4|b4|c'4|]"),
            "\"C\"c4|d4|e4|f4|\ng4|a4|b4|c'4|]\n");
}

TEST(RegularText, IsStable) {
  const std::string once = regular("4/4", "|:cdefgabc'|c4 d4|e8|1f8:|2g8||\nc8|d8|e8|f8|g8|]");
  const std::string music = once.substr(0, once.size() - 1);
  EXPECT_EQ(regular("4/4", music), once);
}

TEST(CanonicalText, HasTheUnitThatIsAskedFor) {
  const Tune tune = read_tune("X:1\nT:a\nM:4/4\nL:1/8\nK:C\nc2d e>f g2|]\n").tune;
  EXPECT_EQ(canonical_text(tune, {.unit = kWholeNote / 16}),
            "X:1\nT:a\nM:4/4\nL:1/16\nK:C\nc4d2 e3f g4|]\n");
}

TEST(TransposeInto, KeepsTheSpellingOfTheKey) {
  Tune tune = read_tune("X:1\nT:a\nM:4/4\nL:1/8\nK:C\n\"G7\"B2c2 ^f2g2|]\n").tune;
  const Key key = *parse_key("C#").key;
  transpose_into(tune, key, 1);
  EXPECT_EQ(tune.key, key);
  EXPECT_EQ(canonical_text(tune, {.respelt = false}),
            "X:1\nT:a\nM:4/4\nL:1/8\nK:C#\n\"G#7\"B2c2 =g2^g2|]\n");
}

TEST(TransposedMusic, IsWrittenAnewLexemeByLexeme) {
  const std::string header = "X:1\nT:a\nM:4/4\nL:1/16\nK:D\n";
  const std::string in_c = "X:1\nT:a\nM:4/4\nL:1/8\nK:C\n";
  const Key c = *parse_key("C").key;
  const auto moved = [&](const std::string& music) {
    return transposed_music(header, music, -2, c, in_c);
  };
  EXPECT_EQ(moved("|:\"A7\"c2d2 ^G2A2|(3ABc {e}d4"), "|:\"G7\"Bc ^FG|(3G/2A/2B/2 {d/2}c2");
  EXPECT_EQ(moved("f2 =f2 f2|z2"), "e _e e|z");
  EXPECT_EQ(moved("A4|"), "G2|");
  // Behind music that gives accidentals, and in the middle of a note.
  EXPECT_EQ(transposed_music(in_c + "_e", "2 =e|e", 2, *parse_key("D").key, header + "=f"),
            "2 ^f2|f2");
}

}  // namespace
}  // namespace lilt::abc
