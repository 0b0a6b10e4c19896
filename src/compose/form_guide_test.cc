#include "compose/form_guide.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/next_characters.h"

namespace lilt::compose {
namespace {

const std::string kHeader = "X:1\nT:a\nM:2/4\nL:1/8\nK:C\n";

class FormGuide : public testing::Test {
 protected:
  // What may come behind the music, of these characters.
  std::string choices(const std::string& music, const std::string& among) {
    abc::Cursor cursor;
    for (const char c : kHeader + music) cursor.push(static_cast<unsigned char>(c));
    const abc::CharacterSet all = abc::next_characters(cursor, {}, {});
    const abc::CharacterSet set = as_outlined(all, outline_, cursor, kHeader + music);
    std::string found;
    for (const char c : among) {
      if (set.contains(static_cast<unsigned char>(c))) found += c;
    }
    return found;
  }

  // |:4 bars, the last one twice:| and 4 more.
  abc::Outline outline_ = abc::outline_of(kHeader + "|:c4|d4|e4|1f4:|2g4||\nc4|d4|e4|f4|]\n");
};

TEST_F(FormGuide, OpensARepeatThatIsPlanned) {
  EXPECT_EQ(choices("", "c|"), "|");
  EXPECT_EQ(choices("|", ":c|"), ":");
  EXPECT_EQ(choices("|:c4|d4|e4|1f4:|2g4||\n", "c|"), "c");
}

TEST_F(FormGuide, EndsNoSectionEarly) {
  EXPECT_EQ(choices("|:c4", "|:"), "|");
  EXPECT_EQ(choices("|:c4|", "c|]:1"), "c");
}

TEST_F(FormGuide, BeginsEndingsWhereTheyArePlanned) {
  EXPECT_EQ(choices("|:c4|d4|e4|", "c|]:1"), "1");
  EXPECT_EQ(choices("|:c4|d4|e4|1f4", "|:"), ":");
  EXPECT_EQ(choices("|:c4|d4|e4|1f4:|", "2\nc"), "2");
}

TEST_F(FormGuide, EndsSectionsAndTheTune) {
  EXPECT_EQ(choices("|:c4|d4|e4|1f4:|2g4|", "c|]:\n"), "|");
  EXPECT_EQ(choices("|:c4|d4|e4|1f4:|2g4||\nc4|d4|e4|f4|", "c|]:\n"), "]");
}

TEST_F(FormGuide, SaysHowFarARepeatedSectionReaches) {
  abc::Cursor cursor;
  for (const char c : kHeader + "|:c4|d4") cursor.push(static_cast<unsigned char>(c));
  EXPECT_EQ(bars_to_section_end(outline_, cursor), 5);  // with a bar for the second ending
  for (const std::string text = "|e4|1f4:|2g4||\nc4"; const char c : text) {
    cursor.push(static_cast<unsigned char>(c));
  }
  EXPECT_EQ(bars_to_section_end(outline_, cursor), 0);
}

}  // namespace
}  // namespace lilt::compose
