#include "compose/range.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::compose {
namespace {

void expect_range(const std::string& text, int lowest, int highest) {
  const Result<abc::PitchRange> range = parse_range(text);
  ASSERT_TRUE(range) << text;
  EXPECT_EQ(range->lowest, lowest) << text;
  EXPECT_EQ(range->highest, highest) << text;
}

TEST(Range, IsReadFromTwoPitches) {
  expect_range("C4-C5", 60, 72);
  expect_range("D4-B5", 62, 83);
  expect_range("F#3-Bb5", 54, 82);
  expect_range("Cb4-B#5", 59, 84);
  expect_range("C2-B6", 36, 95);
}

TEST(Range, KnowsInstruments) {
  expect_range("fiddle", 55, 83);
  expect_range("whistle", 62, 83);
  EXPECT_NE(instruments().find("uilleann-pipes"), std::string::npos);
}

TEST(Range, RefusesWhatIsNone) {
  for (const char* const text :
       {"", "D4", "D4-", "-D4", "D4-B5-", "D4 - B5", "H4-B5", "D-B", "D4-B55", "kazoo", "D##4-B5",
        "D4-E4", "B5-D4", "C4-B4", "B1-C4", "D4-C7", "D9-E9", "D4–B5"}) {
    const Result<abc::PitchRange> range = parse_range(text);
    ASSERT_FALSE(range) << text;
    EXPECT_EQ(range.error().code, ErrorCode::kOption);
  }
}

}  // namespace
}  // namespace lilt::compose
