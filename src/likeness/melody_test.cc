#include "likeness/melody.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/transpose.h"

namespace lilt::likeness {
namespace {

abc::Tune tune_of(const std::string& music, const std::string& key = "C") {
  return abc::read_tune("X:1\nT:Tune\nM:4/4\nL:1/8\nK:" + key + "\n" + music + "\n").tune;
}

// "60*2 62_1": pitches, their lengths in eighths, and rests behind them.
std::string described(const abc::Tune& tune) {
  constexpr abc::Ticks kEighth = abc::kWholeNote / 8;
  std::string text;
  for (const MelodyNote& note : melody_of(tune)) {
    if (!text.empty()) text += ' ';
    text += std::to_string(note.pitch);
    if (note.length != kEighth) text += "*" + Rational(note.length, kEighth).to_string();
    if (note.rest != 0) text += "_" + Rational(note.rest, kEighth).to_string();
  }
  return text;
}

std::vector<std::uint32_t> hashes_of(const abc::Tune& tune) {
  return window_hashes(melody_of(tune));
}

constexpr const char* kScale = "CDEF GABc|cBAG FEDC|";

TEST(Melody, TakesNotesInTheOrderOfWriting) {
  EXPECT_EQ(described(tune_of("|:C2D2 E2F2|1 G4 G4:|2 c8|]")),
            "60*2 62*2 64*2 65*2 67*4 67*4 72*8");
  EXPECT_EQ(described(tune_of("CD>E (3FGA c3/2B/|")),
            "60 62*3/2 64*1/2 65*2/3 67*2/3 69*2/3 72*3/2 71*1/2");
  EXPECT_EQ(described(abc::Tune{}), "");
  EXPECT_EQ(described(tune_of("z8|")), "");
}

TEST(Melody, TakesTheHighestNoteOfAChord) {
  EXPECT_EQ(described(tune_of("[CEG]2[gC]2 C4|")), "67*2 79*2 60*4");
}

TEST(Melody, JoinsTies) {
  EXPECT_EQ(described(tune_of("C4-C2-C2-|C4 D4|")), "60*12 62*4");
  EXPECT_EQ(described(tune_of("[CE]4-[CE]2 z2|")), "64*6_2");
  EXPECT_EQ(described(tune_of("C4-D4|")), "60*4 62*4");      // to nothing
  EXPECT_EQ(described(tune_of("C2-z2C4|")), "60*2_2 60*4");  // nor over a rest
}

TEST(Melody, LeavesOutGracesAndOverlays) {
  EXPECT_EQ(described(tune_of("{cd}C4 D4|E4 F4 & G4 A4|G8|")), "60*4 62*4 64*4 65*4 67*8");
}

TEST(Melody, RestsBelongToTheNoteBefore) {
  EXPECT_EQ(described(tune_of("z2 C2 z2 z D|x4 E4|Z2|F8|")), "60*2_3 62_4 64*4_16 65*8");
}

TEST(Melody, KeepsSumsSmall) {
  std::string music = "C8|";
  for (int i = 0; i < 100; ++i) music += "Z99999999|";
  const std::vector<MelodyNote> melody = melody_of(tune_of(music + "C8|"));
  ASSERT_EQ(melody.size(), 2);
  EXPECT_LE(melody[0].rest, abc::kWholeNote << 20);
}

TEST(WindowHashes, AreAsManyAsRunsOfEightNotes) {
  EXPECT_EQ(hashes_of(tune_of("CDEF GAB z|")).size(), 0);
  EXPECT_EQ(hashes_of(tune_of("CDEF GABc|")).size(), 1);
  EXPECT_EQ(hashes_of(tune_of(kScale)).size(), 9);
}

TEST(WindowHashes, AreTheSameInEveryKey) {
  const std::vector<std::uint32_t> original = hashes_of(tune_of(kScale));
  for (int semitones = -11; semitones <= 11; ++semitones) {
    abc::Tune tune = tune_of(kScale);
    abc::transpose(tune, semitones);
    EXPECT_EQ(hashes_of(tune), original) << semitones;
  }
}

TEST(WindowHashes, DifferInPitchesLengthsAndRests) {
  const std::uint32_t hash = hashes_of(tune_of("CDEF GABc|"))[0];
  for (const char* other : {"CDEF GAB^c|", "CDEF GABc2|", "CDEF GAB/c|", "CDEF GAB>c|",
                            "C2DEF GABc|", "CDEz F GABc|", "cDEF GABc|"}) {
    EXPECT_NE(hashes_of(tune_of(other))[0], hash) << other;
  }
  EXPECT_EQ(hashes_of(tune_of("CDEF GABc z2|"))[0], hash);  // a rest behind is none between
}

// They are kept in model files: these hashes must never change.
TEST(WindowHashes, AreAsTheyHaveAlwaysBeen) {
  EXPECT_EQ(hashes_of(tune_of("CDEF GABc|"))[0], 2175382580U);
}

}  // namespace
}  // namespace lilt::likeness
