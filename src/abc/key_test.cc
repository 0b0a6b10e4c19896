#include "abc/key.h"

#include <gtest/gtest.h>

namespace lilt::abc {
namespace {

TEST(Key, EverySpelling) {
  for (const char* text : {"G", "Gmaj", "G major", "GMajor", "Gion", " G ", "G treble"}) {
    const KeyField field = parse_key(text);
    ASSERT_TRUE(field.key && field.understood) << text;
    EXPECT_EQ(field.key->to_string(), "G") << text;
    EXPECT_EQ(field.key->fifths(), 1) << text;
    EXPECT_EQ(field.key->alters[step_of('F')], 1) << text;
  }
  EXPECT_EQ(parse_key("Amin").key->to_string(), "Am");
  EXPECT_EQ(parse_key("Bb Mixolydian").key->to_string(), "Bbmix");
  EXPECT_EQ(parse_key("F#m").key->fifths(), 3);
  EXPECT_EQ(parse_key("Ddor").key->fifths(), 0);
}

TEST(Key, AccidentalsBehindIt) {
  const Key key = *parse_key("D =c ^g").key;
  EXPECT_EQ(key.alters[step_of('C')], 0);
  EXPECT_EQ(key.alters[step_of('F')], 1);
  EXPECT_EQ(key.alters[step_of('G')], 1);
}

TEST(Key, WithoutATonic) {
  EXPECT_FALSE(parse_key("none").key->has_tonic);
  EXPECT_EQ(parse_key("HP").key->alters[step_of('F')], 1);
  EXPECT_FALSE(parse_key("clef=bass").key.has_value());
  EXPECT_EQ(parse_key("C octave=-1").octave, -1);
  EXPECT_FALSE(parse_key("Gfoo").understood);
}

TEST(Key, AtMostSevenSharpsOrFlats) {
  EXPECT_TRUE(make_key(step_of('C'), 1, Mode::kMajor).has_value());
  EXPECT_FALSE(make_key(step_of('G'), 1, Mode::kMajor).has_value());
  EXPECT_TRUE(make_key(step_of('G'), 1, Mode::kMinor).has_value());
}

}  // namespace
}  // namespace lilt::abc
