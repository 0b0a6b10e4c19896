#include "score/accompaniment.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/tune.h"

namespace lilt::score {
namespace {

constexpr abc::Ticks kSixteenth = abc::kWholeNote / 16;

// Strokes as "b0 c4": bass and chord, at sixteenths.
std::string strokes(const char* metre) {
  std::string text;
  for (const Stroke& stroke : pattern_of(*abc::parse_metre(metre))) {
    text +=
        (stroke.role == Role::kBass ? "b" : "c") + std::to_string(stroke.start / kSixteenth) + " ";
    EXPECT_GT(stroke.length, 0);
  }
  return text;
}

TEST(Pattern, SuitsItsMetre) {
  EXPECT_EQ(strokes("2/4"), "b0 c4 ");
  EXPECT_EQ(strokes("3/4"), "b0 c4 c8 ");
  EXPECT_EQ(strokes("4/4"), "b0 c4 b8 c12 ");
  EXPECT_EQ(strokes("C"), strokes("4/4"));
  EXPECT_EQ(strokes("C|"), "b0 c8 ");
  EXPECT_EQ(strokes("2/2"), "b0 c8 ");
  EXPECT_EQ(strokes("3/2"), "b0 c8 c16 ");
  EXPECT_EQ(strokes("6/4"), "b0 c4 b8 c12 b16 c20 ");
  EXPECT_EQ(strokes("9/4"), "b0 c4 c8 b12 c16 c20 b24 c28 c32 ");
  EXPECT_EQ(strokes("3/8"), "b0 c2 c4 ");
  EXPECT_EQ(strokes("6/8"), "b0 c4 b6 c10 ");
  EXPECT_EQ(strokes("9/8"), "b0 c4 b6 c10 b12 c16 ");
  EXPECT_EQ(strokes("12/8"), "b0 c4 b6 c10 b12 c16 b18 c22 ");
  EXPECT_EQ(strokes("5/4"), "b0 c4 c8 b12 c16 ");
  EXPECT_EQ(strokes("7/4"), "b0 c4 c8 b12 c16 b20 c24 ");
  EXPECT_EQ(strokes("5/8"), "b0 c4 b6 c8 ");
  EXPECT_EQ(strokes("7/8"), "b0 c4 b6 c8 b10 c12 ");
  EXPECT_EQ(strokes("4/8"), strokes("2/4"));
  EXPECT_EQ(strokes("8/8"), strokes("4/4"));
  EXPECT_EQ(strokes("1/4"), "b0 c2 ");
  EXPECT_EQ(strokes("none"), "");
}

TEST(Pattern, StaysWithinTheBarInEveryMetre) {
  for (std::int16_t beats = 1; beats <= 64; ++beats) {
    for (std::int16_t unit = 1; unit <= 64; unit = static_cast<std::int16_t>(2 * unit)) {
      const abc::Metre metre{beats, unit};
      abc::Ticks last = -1;
      for (const Stroke& stroke : pattern_of(metre)) {
        ASSERT_GT(stroke.start, last) << metre.to_string();
        ASSERT_LE(stroke.start + stroke.length, metre.bar()) << metre.to_string();
        last = stroke.start;
      }
      ASSERT_GE(last, 0) << metre.to_string();
    }
  }
}

// Notes as "b38@0 c50@4": pitches at sixteenths.
std::string accompaniment(const std::string& fields, const std::string& music) {
  const abc::Tune tune = abc::read_tune("X:1\nL:1/8\n" + fields + "K:C\n" + music + "\n").tune;
  const abc::Course course = abc::course_of(tune.voices[0], "");
  std::string text;
  for (const AccompanyingNote& note : accompany(course, bars_of(course, tune.metre))) {
    text += (note.role == Role::kBass ? "b" : "c") + std::to_string(note.pitch) + "@" +
            std::to_string(note.start / kSixteenth) + " ";
  }
  return text;
}

TEST(Accompaniment, HoldsAChordUntilTheNextOne) {
  EXPECT_EQ(accompaniment("M:2/4\n", "\"C\"C4|C4|\"G7\"C4|]"),
            "b36@0 c48@4 c52@4 c55@4 b36@8 c48@12 c52@12 c55@12 "
            "b43@16 c55@20 c59@20 c62@20 c65@20 ");
  EXPECT_EQ(accompaniment("M:2/4\n", "\"Am/E\"C2\"^slow\"\"N.C.\"C2|]"),
            "b40@0 c57@4 c60@4 c64@4 ");
  EXPECT_EQ(accompaniment("M:2/4\n", "C4|\"D/f+\"C4|]"), "b42@8 c50@12 c54@12 c57@12 ");
  EXPECT_EQ(accompaniment("M:2/4\n", "C4|C4|]"), "");
}

TEST(Accompaniment, HasThePickupAtTheEndOfABar) {
  const std::string chord = "c48@";
  const auto chords_at = [&](const std::string& music) {
    std::string places;
    const std::string all = accompaniment("M:2/4\n", music);
    for (std::size_t at = 0; (at = all.find(chord, at)) != std::string::npos; at += chord.size()) {
      places += all.substr(at + chord.size(), all.find(' ', at) - at - chord.size()) + " ";
    }
    return places;
  };
  EXPECT_EQ(chords_at("\"C\"C|C4|C4|]"), "6 14 ");  // an eighth before the first bar
  EXPECT_EQ(chords_at("\"C\"C2|C4|C4|]"), "0 8 16 ");
  EXPECT_EQ(chords_at("|:\"C\"C|C4|C3:|C4|]"), "6 14 22 30 36 ");  // the repeat fills the bar
  EXPECT_EQ(chords_at("\"C\"C4|C4||C|C4|]"), "4 12 22 ");
  EXPECT_EQ(chords_at("\"C\"C8|C4|]"), "4 12 20 ");  // a bar that is too long
}

TEST(Accompaniment, GoesWithTheMetreAndWithoutOne) {
  EXPECT_EQ(accompaniment("M:2/4\n", "\"C5\"C4|[M:3/8]C3|]"),
            "b36@0 c48@4 c55@4 b36@8 c48@10 c55@10 c48@12 c55@12 ");
  EXPECT_EQ(accompaniment("M:none\n", "\"C5\"C4 \"D5\"D2|D2|\"E5\"E2|]"),
            "b36@0 c48@0 c55@0 b38@8 c50@8 c57@8 b40@16 c52@16 c59@16 ");
}

}  // namespace
}  // namespace lilt::score
