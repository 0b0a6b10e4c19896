// The melody of a tune in its bars and sections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "abc/tune.h"

namespace lilt::likeness {

struct BarNote {
  int pitch = 0;
  int tonic = 0;         // of the key in force, in semitones above C
  abc::Ticks start = 0;  // from the beginning of the bar
  abc::Ticks length = 0;
};

struct MelodyBar {
  abc::Metre metre;
  abc::Key key;         // in force where it begins
  abc::Ticks time = 0;  // that the music takes
  std::vector<BarNote> notes;
  int section = 0;
  bool is_later_ending = false;  // the second time's, or a later one's

  [[nodiscard]] bool is_full() const { return !metre.is_free() && time == metre.bar(); }
};

// The bars with music of the first voice, as written.
[[nodiscard]] std::vector<MelodyBar> melody_bars(const abc::Tune& tune);

// A section as it goes the first time.
struct MelodySection {
  abc::Ticks bar = 0;   // the length of a bar, that of its beginning; 0 in free metre
  abc::Ticks time = 0;  // of all its bars
  // Their start is counted from its first full bar: what is before that is less than 0.
  std::vector<BarNote> notes;

  // Whole bars, a pickup and its complement being one; 0 in free metre.
  [[nodiscard]] std::int64_t bars() const { return bar == 0 ? 0 : (time + bar / 2) / bar; }
};

// A pickup before the first |: belongs to the section behind it.
[[nodiscard]] std::vector<MelodySection> melody_sections(const std::vector<MelodyBar>& bars);

// Notes that begin within so long from a place of each: those with the same pitch at the same
// place.
struct NotesInCommon {
  std::size_t common = 0, of_both = 0;
};
[[nodiscard]] NotesInCommon notes_in_common(const MelodySection& one, abc::Ticks from,
                                            const MelodySection& other, abc::Ticks from_other,
                                            abc::Ticks length);

}  // namespace lilt::likeness
