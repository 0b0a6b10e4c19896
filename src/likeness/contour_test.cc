#include "likeness/contour.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/tune.h"

namespace lilt::likeness {
namespace {

// "+2 -4"
std::string shown(const std::string& steps) {
  std::string text;
  for (const char step : steps) {
    const int semitones = step - kLevel;
    text += (text.empty() ? "" : " ") + std::string(semitones > 0 ? "+" : "");
    text += std::to_string(semitones);
  }
  return text;
}

Contour contour(const std::string& music, const std::string& key = "C") {
  const abc::Tune tune =
      abc::read_tune("X:1\nT:Tune\nM:4/4\nL:1/8\nK:" + key + "\n" + music + "\n").tune;
  return contour_of(melody_of(tune));
}

std::string typed(const std::string& text) {
  const Result<std::string> steps = read_contour(text);
  return steps ? shown(*steps) : steps.error().message;
}

TEST(Contour, IsTheStepsWithoutRhythmAndRepeatedNotes) {
  EXPECT_EQ(shown(contour("C2DE z2G2|c8|]").steps), "+2 +2 +3 +5");
  EXPECT_EQ(shown(contour("CCDD EEEG|c2c2c4|]").steps), "+2 +2 +3 +5");
  EXPECT_EQ(contour("CCDD EEEG|c2c2c4|]").notes, (std::vector<std::size_t>{1, 3, 6, 7}));
  EXPECT_EQ(contour("C4C4|C8|]").steps, "");
  EXPECT_EQ(contour("").steps, "");
}

TEST(Contour, IsTheSameInEveryKey) {
  EXPECT_EQ(contour("CDEG c2G2|E8|]").steps, contour("DEFA d2A2|F8|]", "D").steps);
}

TEST(Contour, HoldsTheWidestSteps) {
  const std::string steps = contour("C,,,,,c''''' C,,,,,4 z4|]").steps;
  EXPECT_EQ(shown(steps), "+63 -63");
}

TEST(Contour, IsReadFromNotes) {
  EXPECT_EQ(typed("D E F A"), "+2 +1 +4");
  EXPECT_EQ(typed("D2E>F|A4"), "+2 +1 +4");
  EXPECT_EQ(typed("[K:D] DEFA"), "+2 +2 +3");
  EXPECT_EQ(typed("K:D\nDEFA"), "+2 +2 +3");
  EXPECT_EQ(typed("D E ^F A"), "+2 +2 +3");
  EXPECT_EQ(typed("X:1\nT:Whole\nK:D\nDEFA|"), "+2 +2 +3");
}

TEST(Contour, IsReadFromSteps) {
  EXPECT_EQ(typed("+2 +2 -4"), "+2 +2 -4");
  EXPECT_EQ(typed("2,2, 0 -4"), "+2 +2 -4");
  EXPECT_EQ(typed("900 -900"), "+63 -63");
}

TEST(Contour, SaysWhatIsTooLittle) {
  const std::string expected =
      "expected three different notes or more, such as D E F A, or steps in semitones such as "
      "+2 +1 +4; found ";
  EXPECT_EQ(typed("C C D"), expected + "C C D");
  EXPECT_EQ(typed(""), expected);
  EXPECT_EQ(typed("2"), expected + "2");
  EXPECT_EQ(typed("99999999999 1"), expected + "99999999999 1");
  EXPECT_EQ(typed("\x01?"), expected + "\\u0001?");
}

}  // namespace
}  // namespace lilt::likeness
