// What is left out of the dialect because other programs cannot play or print it, although ABC 2.1
// allows it: each rule, and nothing else, is a function here. docs/playability.md says which
// program it is for, what that does otherwise, and how to see it.
#pragma once

#include <string_view>

#include "abc/character_set.h"
#include "abc/cursor_state.h"
#include "abc/duration.h"
#include "abc/metre.h"

namespace lilt::abc {

// --- Text, which could look like something else

// What no text of the header has in it, and what none begins with.
inline constexpr CharacterSet kNotInTexts("%\\$");
inline constexpr CharacterSet kNotAtTheBeginningOfTexts(":|");
// What does not follow a note letter that begins a line.
inline constexpr CharacterSet kNotAfterTheLetterOfALine(":");

// --- Accompaniment

// The one metre of the dialect for whose chord symbols programs have no accompaniment.
inline constexpr Metre kWithoutAccompaniment{3, 2};
[[nodiscard]] constexpr bool has_accompaniment(const Metre& metre) {
  return metre != kWithoutAccompaniment;
}

// Whether the accompaniment has a chord, or its bass, that begins before this place of a bar and
// ends behind it: a tune that ends there is played beyond its end.
[[nodiscard]] bool chord_sounds_on(const Metre& metre, Ticks place);
// The same in any metre of the dialect with bars of this length.
[[nodiscard]] bool chord_can_sound_on(Ticks bar_length, Ticks place);

// --- Hornpipes, which are played with a swing

// Whether a tune with this text of R: is.
[[nodiscard]] bool is_hornpipe(std::string_view rhythm);
// Whether a hornpipe can have this metre.
[[nodiscard]] bool is_of_hornpipes(const Metre& metre);
// The swing breaks the rhythm of an eighth on the beat and the one behind it; whether the element
// just read is the second of these and cannot be in another such pair.
[[nodiscard]] bool is_second_of_swing(const CursorState& at);
// Whether programs lose count of where the swing is: behind a chord in the bar.
[[nodiscard]] bool is_behind_chord_of_swing(const CursorState& at);
// Whether a chord in progress of this length would be counted wrongly by programs: one with dots
// that begins a bar of a hornpipe.
[[nodiscard]] bool is_lost_in_swing(const CursorState& at, Ticks length);

// --- Ties, tuplets, grace notes

// Whether the chord just read keeps its ties, over the bar line or within the bar.
[[nodiscard]] bool keeps_ties(const CursorState& at, bool over_bar);
// Whether a tuplet "(p" is as long by the metre of the header as by the one in force.
[[nodiscard]] bool is_tuplet_clear(const CursorState& at, int p);
// Whether chords and grace notes are counted rightly here: not in a tuplet.
[[nodiscard]] inline bool counts_chords_and_graces(const CursorState& at) {
  return at.tuplet.left == 0;
}

}  // namespace lilt::abc
