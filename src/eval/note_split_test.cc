#include "eval/note_split.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "small_model.h"

namespace lilt::eval {
namespace {

// Each character of a tune of this music costs one bit, but for those of `dear`, which cost 10.
NoteSplit split_of(const std::string& music, const std::string& dear = "") {
  std::string characters = "\n";
  for (char c = ' '; c <= '~'; ++c) characters += c;
  const Vocabulary vocabulary = support::vocabulary_of(characters);
  const std::string text = "X:1\nT:abc\nM:4/4\nL:1/8\nK:C\n" + music;
  corpus::TuneSet tunes;
  tunes.add(std::vector<char32_t>(text.begin(), text.end()), vocabulary);
  std::vector<double> bits;
  for (const char c : text) bits.push_back(dear.find(c) == std::string::npos ? 1 : 10);
  return split_notes(tunes, vocabulary, bits);
}

TEST(SplitNotes, FindsWhatABarBeforeForetold) {
  const NoteSplit split = split_of("CDEF GABc|CDEF GFED|");
  EXPECT_EQ(split.foretold.notes, 5U);
  EXPECT_EQ(split.fresh.notes, 11U);
  // Without anything to remember all is new.
  EXPECT_EQ(split_of("CDEF GABc|").foretold.notes, 0U);
}

TEST(SplitNotes, GivesEveryBitOfTheBodyToANote) {
  const std::string music = "\"G\"C2^D E>F|(3GAB c2 z4|]\n\n";
  const NoteSplit split = split_of(music);
  EXPECT_EQ(split.foretold.bits + split.fresh.bits, static_cast<double>(music.size()));
  EXPECT_EQ(split.foretold.notes + split.fresh.notes, 9U);
  EXPECT_EQ(split_of("").fresh.bits + split_of("").foretold.bits, 0);
  EXPECT_EQ(split_of("|").fresh.bits, 1);  // where there is no note
}

TEST(SplitNotes, GivesLengthsToTheNoteBeforeAndAccidentalsToTheNext) {
  // The second C is foretold: its length, "2", is its own; "^" is of the new note behind it.
  const NoteSplit plain = split_of("C2EF GABc|C2^DF GABc|"),
                  lengths = split_of("C2EF GABc|C2^DF GABc|", "2"),
                  accidentals = split_of("C2EF GABc|C2^DF GABc|", "^");
  EXPECT_EQ(lengths.foretold.bits, plain.foretold.bits + 9);
  EXPECT_EQ(lengths.fresh.bits, plain.fresh.bits + 9);
  EXPECT_EQ(accidentals.foretold.bits, plain.foretold.bits);
  EXPECT_EQ(accidentals.fresh.bits, plain.fresh.bits + 9);
}

TEST(NoteFigures, OfNothingAreNothing) {
  EXPECT_EQ(NoteFigures{}.bits_per_note(), 0);
  EXPECT_EQ((NoteFigures{4, 6}).bits_per_note(), 1.5);
}

}  // namespace
}  // namespace lilt::eval
