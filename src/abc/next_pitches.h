// Which note letters, accidentals and octave marks can come: part of next_characters.
#pragma once

#include "abc/character_set.h"
#include "abc/cursor_state.h"
#include "abc/next_characters.h"

namespace lilt::abc {

class PitchesToCome {
 public:
  // All functions tell of the place, of the range that was asked for and of what can be written;
  // all must outlive this.
  PitchesToCome(const CursorState& at, const PitchRange& range, const CharacterSet& alphabet)
      : at_(at), range_(range), alphabet_(alphabet) {}

  // The letters of notes after this accidental; with kNoAccidental letters and accidentals.
  [[nodiscard]] CharacterSet letters(int accidental) const;
  // The marks behind the note in progress, from which a pitch that fits can be reached.
  [[nodiscard]] CharacterSet octave_marks() const;
  // Whether the note in progress fits as it is.
  [[nodiscard]] bool fits() const;
  // Whether the chord in progress has all that is tied to it.
  [[nodiscard]] bool chord_has_ties() const;

 private:
  struct Range {
    int low, high;
  };
  [[nodiscard]] static Range reach(int step, bool lower_case);
  [[nodiscard]] Range positions(bool altered) const;
  [[nodiscard]] Range positions_in_chord(bool altered) const;
  [[nodiscard]] int last_of_chord() const;
  [[nodiscard]] int ties_to_come(int low) const;
  [[nodiscard]] bool is_tied_step(int step) const;
  [[nodiscard]] bool in_range(int position, int alter) const;
  [[nodiscard]] int alter_of(int step, int accidental) const;
  [[nodiscard]] bool can_reach(int step, bool lower_case, int accidental) const;
  [[nodiscard]] bool can_alter(int step, int accidental) const;

  const CursorState& at_;
  const PitchRange& range_;
  const CharacterSet& alphabet_;
};

}  // namespace lilt::abc
