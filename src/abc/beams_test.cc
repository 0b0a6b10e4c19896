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

}  // namespace
}  // namespace lilt::abc
