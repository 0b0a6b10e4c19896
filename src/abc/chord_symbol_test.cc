#include "abc/chord_symbol.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::abc {
namespace {

TEST(ChordSymbol, IsReadInParts) {
  const auto chord = parse_chord_symbol("Bbm7b5/Db");
  ASSERT_TRUE(chord);
  EXPECT_EQ(chord->root_alter, -1);
  EXPECT_EQ(chord->quality, "m7b5");
  EXPECT_EQ(chord->bass_alter, -1);
  EXPECT_EQ(parse_chord_symbol("D/f+")->bass_alter, 1);
  EXPECT_TRUE(parse_chord_symbol("(G7)"));
  for (const char* wrong : {"", "H", "Gx", "g", "G/", "G/x", "D.C.", "Fine"}) {
    EXPECT_FALSE(parse_chord_symbol(wrong)) << wrong;
  }
}

TEST(ChordSymbol, HasTheNotesOfItsQuality) {
  EXPECT_EQ(chord_semitones(""), (std::vector<int>{0, 4, 7}));
  EXPECT_EQ(chord_semitones("m7b5"), (std::vector<int>{0, 3, 6, 10}));
  EXPECT_EQ(chord_semitones("11"), (std::vector<int>{0, 4, 7, 10, 14, 17}));
  EXPECT_TRUE(chord_semitones("mm").empty());
}

TEST(ChordSymbol, CanBeWrittenLetterByLetter) {
  const CharacterSet all("ABCDEFGabcdefgmijsu0123456789+#/");
  for (const std::string text : {"G", "F#m", "Bb7", "Am7b5", "Dsus4", "E7/G#", "Caug7", "Gdim"}) {
    ChordSymbolProgress progress;
    for (const char c : text) {
      EXPECT_TRUE(progress.next(all).contains(static_cast<unsigned char>(c)))
          << text << " at " << c;
      EXPECT_TRUE(progress.can_push(c));
      progress.push(c);
    }
    EXPECT_TRUE(progress.is_complete()) << text;
  }
  ChordSymbolProgress wrong;
  wrong.push('G');
  wrong.push('x');
  EXPECT_FALSE(wrong.is_complete());
  EXPECT_TRUE(wrong.next(all).empty());
}

}  // namespace
}  // namespace lilt::abc
