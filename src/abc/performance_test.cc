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

// "e1" is an e for a thirty-second note.
std::string with_ornaments(const std::string& body) {
  const Reading reading = read_tune("X:1\nM:4/4\nL:1/8\nK:G\n" + body + "\n");
  std::string text;
  for (const Sound& sound : perform(reading.tune, {.ornaments_in = reading.tune.key})) {
    text += std::to_string(sound.pitch) + "/" + std::to_string(sound.length * 32 / kWholeNote) +
            (sound.is_grace ? "g " : " ");
  }
  return text;
}

TEST(Performance, WritesOutTrillsAndRollsInTheKey) {
  EXPECT_EQ(with_ornaments("Te c"), "78/1g 76/1 78/1g 76/1 72/4 ");
  EXPECT_EQ(with_ornaments("~e c"), "78/1g 76/3 72/4 ");
  EXPECT_EQ(with_ornaments("~e3 c"), "76/4 78/1g 76/3 74/1g 76/3 72/4 ");
  EXPECT_EQ(with_ornaments("[K:C]~e c"), "77/1g 76/3 72/4 ");
  EXPECT_EQ(with_ornaments("{d}~e c"), "74/1g 78/1g 76/2 72/4 ");
  EXPECT_EQ(with_ornaments("(3~edc c"), "78/0g 76/2 74/2 72/2 72/4 ");
  EXPECT_EQ(with_ornaments("~e/4 ~[ce]"), "76/1 72/4 76/4 ");  // too short, and a chord
}

TEST(Performance, KnowsWhereSoundsAreWritten) {
  const std::string text = "X:1\nM:2/4\nL:1/8\nK:C\n|:C2 [EG]2:|\n";
  std::string places;
  for (const Sound& sound : perform(read_tune(text).tune)) {
    places += text.substr(sound.place.begin, sound.place.end - sound.place.begin) + " ";
  }
  EXPECT_EQ(places, "C2 [EG]2 [EG]2 C2 [EG]2 [EG]2 ");
}

TEST(Course, HasEachElementInItsTurn) {
  const Tune tune = read_tune("X:1\nM:2/4\nL:1/4\nK:C\n|:CD|1EF:|2GA|]\n").tune;
  const Course course = course_of(tune.voices[0], "");
  std::string turns;
  for (const Turn& turn : course.turns) {
    const Element& element = course.elements[turn.element];
    if (element.kind == ElementKind::kBar) turns += "| ";
    if (element.takes_time()) turns += std::to_string(turn.start * 4 / kWholeNote) + " ";
  }
  EXPECT_EQ(turns, "| 0 1 | 2 3 | 4 5 | 6 7 | ");
}

}  // namespace
}  // namespace lilt::abc
