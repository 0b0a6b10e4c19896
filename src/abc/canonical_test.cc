#include "abc/canonical.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/performance.h"
#include "abc/transpose.h"

namespace lilt::abc {
namespace {

constexpr const char* kStart = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n";

Tune tune(const std::string& body, const std::string& header = kStart) {
  return read_tune(header + body + "\n").tune;
}

std::string music(const Tune& of) {
  const std::string text = canonical_text(of);
  return text.substr(text.find('\n', text.find("\nK:") + 1) + 1);
}

std::string music(const std::string& body, const std::string& header = kStart) {
  return music(tune(body, header));
}

TEST(Canonical, TheHeaderHasOneOrder) {
  EXPECT_EQ(
      canonical_text(tune("G8|]", "X: 7\nS:s\nM: 4/4\nT: The  Tune % so\nR:reel\nK:G major\n")),
      "X:7\nT:The  Tune\nS:s\nR:reel\nM:4/4\nL:1/8\nK:G\nG8|]\n");
  EXPECT_EQ(canonical_text(tune("G8|]", "X:7\nS:s\nM:4/4\nT:a\nK:G\n"),
                           {.music_only = true, .number = 3}),
            "X:3\nT:a\nM:4/4\nL:1/8\nK:G\nG8|]\n");
}

TEST(Canonical, LengthsAndBrokenRhythm) {
  EXPECT_EQ(music("G2A2|B4|]", "X:1\nT:a\nM:4/4\nL:1/4\nK:G\n"), "G4A4|B8|]\n");
  EXPECT_EQ(music("G3/2A/2 B/c3/2 d>e f4|]"), "G>A B<c d>e f4|]\n");
  EXPECT_EQ(music("G5 z3|]"), "G4-G z3|]\n");
  EXPECT_EQ(music("G/A/ B//c3// d6|]"), "G/2A/2 B/4c3/4 d6|]\n");
}

TEST(Canonical, AccidentalsWhereTheyAreNeeded) {
  EXPECT_EQ(music("^F2=F2 F2^f2|^F8|]"), "F2=F2 F2^f2|F8|]\n");
  EXPECT_EQ(music("^G8-|G2^G2 ^F4|]"), "^G8-|G2^G2 F4|]\n");
}

TEST(Canonical, RepeatsAreWrittenOut) {
  EXPECT_EQ(music("G8:|A8:|"), "|:G8::A8:|\n");
  EXPECT_EQ(music("|: G8 :|\n|: A8 :|"), "|:G8:|\n|:A8:|\n");
  EXPECT_EQ(music("|:G8|[1 A8:|[2 B8||"), "|:G8|1A8:|2B8|]\n");
  EXPECT_EQ(music("P:A\nG8|\nP:B\nA8|]", "X:1\nT:a\nP:BA\nM:4/4\nL:1/8\nK:G\n"), "A8||\nG8|]\n");
}

TEST(Canonical, AnExclamationMarkEndsALineWhereItIsNoDecoration) {
  EXPECT_EQ(music("G8|A8|!d4!trill!e4|f8|]"), "G8|A8|\nd4e4|f8|]\n");
  EXPECT_EQ(music("G8|!\nfe!dc !fermata!B4|!f!d8|]"), "G8|\nfedc B4|\nd8|]\n");
  EXPECT_EQ(music("G8|!fine d6|]"), "G8|\nfe d6|]\n");
  EXPECT_EQ(music("G4!ffff|!de/f/e2!ddd|]"), "G4ffff|\nde/2f/2e2ddd|]\n");
}

TEST(Canonical, WhatStandsBeforeANoteWaitsOverTheEndOfALine) {
  EXPECT_EQ(music("G8|\"D\"\nA8|]"), "G8|\n\"D\"A8|]\n");
  EXPECT_EQ(music("G6 (3!A!B!c|({d}![M:2/4]A2)B2|]"), "G6 (3ABc|\nM:2/4\n({d}A2)B2|]\n");
}

TEST(Canonical, EndingsWithinABarHaveNoBarLine) {
  EXPECT_EQ(music("|:G2|A8|B6||1GA|B6:|2G2||"), "|:G2|A8|B6[1GA|B6:|2G2|]\n");
  EXPECT_EQ(music("|:G8|A8||1B8:|2c8|]"), "|:G8|A8|1B8:|2c8|]\n");
  EXPECT_EQ(music("G8|G4:A4|B8|]"), "G8|G4A4|B8|]\n");  // nor has a bar that is divided for the eye
}

TEST(Canonical, PartsThatTheirOrderLeavesOutStay) {
  const auto with_order = [](const std::string& order) {
    return music("P:G\nG8|A8|]\nP:D\nd8|e8|]", "X:1\nT:a\nP:" + order + "\nM:4/4\nL:1/8\nK:G\n");
  };
  const std::string as_written = "G8|A8||\nd8|e8|]\n";
  EXPECT_EQ(with_order("G"), as_written);
  EXPECT_EQ(with_order("GA"), as_written);
  EXPECT_EQ(with_order("DG"), "d8|e8||\nG8|A8|]\n");
  // Nor are parts that do not fit together.
  EXPECT_EQ(music("P:A\nG2|A6|]\nP:B\nd8|]", "X:1\nT:a\nP:BA\nM:4/4\nL:1/8\nK:G\n"),
            "G2|A6||\nd8|]\n");
}

TEST(Canonical, TheFirstNoteWrittenGivesAChordItsLength) {
  EXPECT_EQ(music("[gB2]4 [Bg2]4|]"), "[Bg/2]4 [Bg2]4|]\n");
  EXPECT_EQ(music("[gB7]8|]"), "[Bg]8|]\n");  // 1/7 is no usual fraction
}

TEST(Canonical, TheEndOfALongNoteIsOneOfAPair) { EXPECT_EQ(music("f3>e3 B2|]"), "f4-f<e B2|]\n"); }

TEST(Canonical, LinesBreakAtBarLines) {
  EXPECT_EQ(music("G8|A4\nB4|\nc8|]"), "G8|A4B4|\nc8|]\n");
  EXPECT_EQ(music("G8|A4\\\nB4|c8|]"), "G8|A4 B4|c8|]\n");
  EXPECT_EQ(music("G8|G8|G8|G8|G8|G8|G8|G8|G8|G8|G8|G8|]"),
            "G8|G8|G8|G8|\nG8|G8|G8|G8|\nG8|G8|G8|G8|]\n");
}

TEST(Canonical, NoLineBeginsLikeAField) { EXPECT_EQ(music("|:G8|G7||\nA:|"), "|:G8|G7||A:|\n"); }

TEST(Canonical, ARepeatOfNothingIsNone) { EXPECT_EQ(music(":|G8|]"), "G8|]\n"); }

TEST(Canonical, ChangesStandBehindTheBarLine) {
  EXPECT_EQ(music("G8|\nK:D\nf8|[M:3/4]f6|]"), "G8|\nK:D\nf8|[M:3/4]f6|]\n");
  EXPECT_EQ(music("G8|[K:G]G8|]"), "G8|G8|]\n");
}

TEST(Canonical, WhatStandsBeforeANoteHasOneOrder) {
  EXPECT_EQ(music("((3{a}\"G\"GAB) c6|]"), "\"G\"(3({a}GAB) c6|]\n");
  EXPECT_EQ(music("[gBd]8|]"), "[Bdg]8|]\n");
}

TEST(Transpose, SpellsByTheKey) {
  Tune up = tune("\"G\"G2A2 \"C/E\"^c2=f2|]");
  transpose(up, 2);
  EXPECT_EQ(up.key.to_string(), "A");
  EXPECT_EQ(music(up), "\"A\"A2B2 \"D/F#\"^d2=g2|]\n");
  Tune flat = tune("\"D7\"F2G2 A4|]");
  transpose_to(flat, *make_key(step_of('B'), -1, Mode::kMajor));
  EXPECT_EQ(music(flat), "\"F7\"A2B2 c4|]\n");
}

TEST(Transpose, ToEveryKeyAndBack) {
  const Tune original = tune("|:\"Em\"^de=fg _b2^c2|\"D\"^G2A2 [M:3/4]|]");
  const std::string text = canonical_text(original);
  for (int shift = -12; shift <= 12; ++shift) {
    Tune moved = read_tune(text).tune;
    const auto before = perform(moved);
    transpose(moved, shift);
    Tune back = read_tune(canonical_text(moved)).tune;
    const auto after = perform(back);
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_EQ(before[i].pitch + shift, after[i].pitch);
    }
    transpose(back, -shift);
    EXPECT_EQ(canonical_text(back), text) << shift;
  }
}

TEST(Transpose, KeysInTheMiddleGoAlong) {
  Tune moved = tune("G8|\nK:Em\ne8|\nK:Ddor\nd8|]");
  transpose(moved, -2);
  EXPECT_EQ(canonical_text(moved), "X:1\nT:a\nM:4/4\nL:1/8\nK:F\nF8|\nK:Dm\nd8|\nK:Cdor\nc8|]\n");
}

TEST(Canonical, TellsWhereNotesStood) {
  const std::string text = "X:1\nT:A\nM:4/4\nL:1/4\nK:D\n\"D\"{e}f2 !p!g[ea]|z4|]\n";
  const CanonicalWriting writing = write_canonically(read_tune(text).tune, {.keep_marks = true});
  EXPECT_EQ(writing.text, canonical_text(read_tune(text).tune, {.keep_marks = true}));
  std::string pairs;
  for (const Copied& copied : writing.copied) {
    pairs += writing.text.substr(copied.to.begin, copied.to.end - copied.to.begin) + " of " +
             text.substr(copied.from.begin, copied.from.end - copied.from.begin) + "; ";
  }
  EXPECT_EQ(pairs, "f4 of \"D\"{e}f2; g2 of !p!g; [ea]2 of [ea]; z8 of z4; ");
}

}  // namespace
}  // namespace lilt::abc
