// Bass and chords to a melody, made from its chord symbols.
#pragma once

#include <cstdint>
#include <vector>

#include "abc/metre.h"
#include "abc/performance.h"

namespace lilt::score {

// A bar as it is played.
struct PlayedBar {
  abc::Ticks start = 0;
  abc::Ticks time = 0;
  // Where in a bar of its metre it begins: not at 0 where it is a pickup, or the rest of a bar that
  // a repeat has divided.
  abc::Ticks offset = 0;
  abc::Metre metre;
};

// The bars of a course, in a metre until it changes.
[[nodiscard]] std::vector<PlayedBar> bars_of(const abc::Course& course, abc::Metre metre);

enum class Role : std::uint8_t { kMelody, kBass, kChords };

struct Stroke {
  Role role = Role::kBass;
  abc::Ticks start = 0;  // from the beginning of the bar
  abc::Ticks length = 0;
};

// What is struck in a bar of that metre: the bass on a beat, chords on those that follow. 4/4 has
// bass, chord, bass, chord; 3/4 bass, chord, chord; 6/8 twice a bass and a chord on the third
// eighth; 5/4 and 7/8 divide into three and twos. Nothing in free metre.
[[nodiscard]] std::vector<Stroke> pattern_of(const abc::Metre& metre);

struct AccompanyingNote {
  Role role = Role::kBass;
  int pitch = 0;  // MIDI note number
  abc::Ticks start = 0;
  abc::Ticks length = 0;
  abc::Extent place;  // of the note that has the chord symbol
};

// A chord holds until the next one; what is no chord symbol is passed over. In free metre each
// chord symbol is struck once.
[[nodiscard]] std::vector<AccompanyingNote> accompany(const abc::Course& course,
                                                      const std::vector<PlayedBar>& bars);

// Whether a voice has chord symbols to make an accompaniment from.
[[nodiscard]] bool has_chord_symbols(const abc::Voice& voice);

}  // namespace lilt::score
