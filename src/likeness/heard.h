// A tune as its habits are counted in it: notes, chords and sections, each at its place in time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "likeness/bars.h"

namespace lilt::likeness {

struct HeardNote {
  int pitch = 0;            // MIDI note number
  int degree = 0;           // semitones above the tonic, 0 … 11
  std::size_t bar = 0;      // of Heard::bars
  abc::Ticks start = 0;     // from the beginning of the tune, as written
  abc::Ticks in_bar = 0;    // from the first beat; a pickup stands at the end of its bar
  abc::Ticks length = 0;    // with what is tied to it
  bool is_in_key = true;    // its pitch class is one of the signature's
  bool is_on_beat = false;  // starts with a beat
};

struct HeardChord {
  std::size_t bar = 0;
  abc::Ticks start = 0, in_bar = 0;
  int root = 0;             // semitones above the tonic, 0 … 11
  std::uint32_t notes = 0;  // bit p for pitch class p, C being 0
  bool is_root_in_key = true;
  bool is_minor = false, is_seventh = false;

  [[nodiscard]] bool has(int pitch) const { return (notes >> (pitch % 12) & 1) != 0; }
  [[nodiscard]] bool is_same(const HeardChord& other) const {
    return root == other.root && notes == other.notes;
  }
};

struct HeardSection {
  std::vector<std::size_t> bars;  // the first time, without a pickup
  std::size_t last = 0;           // the bar with which it ends, of a later ending if it has one
  std::int64_t length = 0;        // in bars, a pickup and its complement being one; 0: free metre
  bool is_repeated = false, has_pickup = false;
};

// The first voice as written, without graces and overlays. What cannot be understood as a chord
// symbol is none.
struct Heard {
  explicit Heard(const abc::Tune& tune);

  std::vector<MelodyBar> bars;
  std::vector<std::size_t> first_notes;  // of each bar in `notes`, and their end
  std::vector<HeardNote> notes;
  std::vector<HeardChord> chords;  // the last of those at one place
  std::size_t doubled_chords = 0;  // that stand at one place with another
  std::vector<HeardSection> sections;
  bool has_endings = false;
  abc::Metre metre;
  abc::Key key;
  std::string title, rhythm;  // in small letters (ASCII)

  // The beat that feet tap: three eighths in 6/8, a quarter in 4/4 and 2/2.
  [[nodiscard]] abc::Ticks beat() const;
  // The notes that begin in a bar.
  [[nodiscard]] std::size_t notes_in(std::size_t bar) const {
    return first_notes[bar + 1] - first_notes[bar];
  }
  // The last note that begins in a bar, or before it; none where there is none.
  [[nodiscard]] const HeardNote* last_note_of(std::size_t bar) const;
};

// Whether two bars have the same notes at the same places; whether the same lengths. Bars without
// notes have nothing in common with any.
[[nodiscard]] bool is_same_bar(const MelodyBar& a, const MelodyBar& b);
[[nodiscard]] bool is_same_rhythm(const MelodyBar& a, const MelodyBar& b);

}  // namespace lilt::likeness
