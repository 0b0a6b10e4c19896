#include "abc/playability.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "abc/cursor.h"
#include "abc/dialect.h"

namespace lilt::abc {
namespace {

// Where a reader stands after this body, behind a header with these fields.
Cursor after(std::string_view fields, std::string_view body) {
  const std::string text = std::string("X:1\nT:a\n").append(fields).append(body);
  Cursor cursor;
  for (const char c : text) cursor.push(static_cast<unsigned char>(c));
  return cursor;
}

constexpr std::string_view kReel = "M:4/4\nL:1/8\nK:G\n";
constexpr std::string_view kHornpipe = "R:hornpipe\nM:4/4\nL:1/8\nK:G\n";

TEST(Playability, EveryMetreOfTheDialectButOneHasAnAccompaniment) {
  for (const Listed<Metre>& metre : dialect_metres()) {
    EXPECT_EQ(has_accompaniment(metre.value), metre.name != "3/2") << metre.name;
  }
}

// From the bar's start on, at every half of a sixteenth: - within a chord, . between chords.
TEST(Playability, TheAccompanimentSoundsWithinItsChords) {
  const Ticks sixteenth = kWholeNote / 16;
  const auto places = [&](const char* metre) {
    const Metre parsed = *parse_metre(metre);
    std::string sounds;
    for (Ticks place = 0; place < parsed.bar(); place += sixteenth / 2) {
      sounds += chord_sounds_on(parsed, place) ? '-' : '.';
    }
    return sounds;
  };
  EXPECT_EQ(places("2/4"), ".---.....---....");
  EXPECT_EQ(places("6/8"), ".---.....---.---.....---");
  EXPECT_EQ(places("3/8"), ".-...-...-..");
  EXPECT_TRUE(chord_can_sound_on(kWholeNote / 4 * 3, sixteenth));  // 3/4 and 6/8
  EXPECT_FALSE(chord_can_sound_on(kWholeNote / 4 * 3, 4 * sixteenth));
  EXPECT_FALSE(chord_can_sound_on(kWholeNote * 11 / 8, sixteenth));  // none in the dialect
  EXPECT_FALSE(chord_sounds_on(*parse_metre("none"), sixteenth));
}

TEST(Playability, HornpipesSwingInTheirMetres) {
  EXPECT_TRUE(is_hornpipe("Hornpipe, slow"));
  EXPECT_FALSE(is_hornpipe("hornpip"));
  EXPECT_FALSE(is_hornpipe("a hornpipe"));
  std::vector<std::string> names;
  for (const Listed<Metre>& metre : dialect_metres()) {
    if (is_of_hornpipes(metre.value)) names.push_back(metre.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"C", "2/4", "4/4"}));
}

TEST(Playability, ASwingTakesTheSecondEighthOfABeat) {
  EXPECT_FALSE(is_second_of_swing(after(kHornpipe, "c ").state()));
  EXPECT_TRUE(is_second_of_swing(after(kHornpipe, "cc ").state()));
  EXPECT_FALSE(is_second_of_swing(after(kReel, "cc ").state()));
  EXPECT_TRUE(is_behind_chord_of_swing(after(kHornpipe, "[ce]4 d").state()));
  EXPECT_FALSE(is_behind_chord_of_swing(after(kHornpipe, "[ce]4 d4|d").state()));
  EXPECT_FALSE(is_behind_chord_of_swing(after(kReel, "[ce]4 d").state()));
  const CursorState chord = after(kHornpipe, "c8|[ce]").state();
  EXPECT_TRUE(is_lost_in_swing(chord, kWholeNote * 3 / 8));
  EXPECT_FALSE(is_lost_in_swing(chord, kWholeNote / 4));
  EXPECT_FALSE(is_lost_in_swing(after(kHornpipe, "c8|c[ce]").state(), kWholeNote * 3 / 8));
}

TEST(Playability, AChordKeepsItsTies) {
  const auto keeps = [](std::string_view chord, bool over_bar) {
    return keeps_ties(after(kReel, std::string(chord) + "8|").state(), over_bar);
  };
  EXPECT_TRUE(keeps("[ce]", true));
  EXPECT_FALSE(keeps("[cc]", false));
  EXPECT_FALSE(keeps("[^ce]", true));
  EXPECT_TRUE(keeps("[^ce]", false));
}

TEST(Playability, ATupletThatDependsOnTheMetreNeedsTheHeaders) {
  const Cursor changed = after(kReel, "c8|\nM:6/8\n");
  EXPECT_TRUE(is_tuplet_clear(changed.state(), 3));
  EXPECT_FALSE(is_tuplet_clear(changed.state(), 5));
  EXPECT_TRUE(is_tuplet_clear(after(kReel, "c8|\n").state(), 5));
  EXPECT_FALSE(counts_chords_and_graces(after(kReel, "(3c").state()));
  EXPECT_TRUE(counts_chords_and_graces(after(kReel, "(3ccc ").state()));
}

}  // namespace
}  // namespace lilt::abc
