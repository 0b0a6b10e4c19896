#include "abc/next_pitches.h"

#include <algorithm>

#include "abc/dialect.h"

namespace lilt::abc {
namespace {

constexpr int step_at(int position) { return (position + 70) % 7; }

}  // namespace

// Staff positions that a letter and octave marks can reach.
inline PitchesToCome::Range PitchesToCome::reach(int step, bool lower_case) {
  return lower_case ? Range{step + 7, step + 21} : Range{step - 14, step};
}

// Where the dialect is left, a chord may have lost its notes.
inline int PitchesToCome::last_of_chord() const {
  const int notes = at_.element.notes;
  return notes == 0 ? kLowestPosition - 1 : at_.element.positions[notes - 1];
}

inline int PitchesToCome::ties_to_come(int low) const {
  int ties = 0;
  for (int i = 0; i < at_.tie.count; ++i) ties += at_.tie.positions[i] >= low ? 1 : 0;
  return ties;
}

inline bool PitchesToCome::is_tied_step(int step) const {
  for (int i = 0; i < at_.tie.count; ++i) {
    if (step_at(at_.tie.positions[i]) == step) return true;
  }
  return false;
}

// Where the note that comes may be: anywhere, in a chord above the last one, of a tie where it is.
inline PitchesToCome::Range PitchesToCome::positions(bool altered) const {
  if (at_.chord.is_open) return positions_in_chord(altered);
  if (at_.tie.count > 0 && !at_.grace.is_open) {
    return {at_.tie.positions[0], at_.tie.positions[0]};
  }
  return {kLowestPosition, kHighestPosition};
}

// A chord may have a note twice, as a fiddle plays it, but not altered.
PitchesToCome::Range PitchesToCome::positions_in_chord(bool altered) const {
  const int untied = at_.chord.notes > 0 ? last_of_chord() + 1 : kLowestPosition;
  const bool can_repeat = at_.chord.notes > 0 && !altered && at_.tie.count == 0;
  const int low = can_repeat ? untied - 1 : untied;
  // A chord has at least two notes, perhaps the same one twice, and those that are tied to it.
  const bool needs_higher = at_.chord.notes == 0 && at_.tie.count > 0;
  int high = needs_higher ? kHighestPosition - 1 : kHighestPosition;
  for (int i = 0; i < at_.tie.count; ++i) {
    if (at_.tie.positions[i] >= untied) high = std::min<int>(high, at_.tie.positions[i]);
  }
  const int to_come = ties_to_come(untied);
  if (to_come > 0 && at_.chord.notes + to_come >= kMostChordNotes) return {high, high};
  return {low, high};
}

// Whether a note there, raised by so much, is within the range that was asked for. A tie leads to a
// note that was.
inline bool PitchesToCome::in_range(int position, int alter) const {
  for (int i = 0; i < at_.tie.count && !at_.grace.is_open; ++i) {
    if (at_.tie.positions[i] == position) return true;
  }
  const int step = step_at(position);
  const int midi = 60 + 12 * ((position - step) / 7) + kSemitones[step] + alter;
  return midi >= range_.lowest && midi <= range_.highest;
}

inline int PitchesToCome::alter_of(int step, int accidental) const {
  return accidental != kNoAccidental ? accidental : at_.bar.alters[step];
}

inline bool PitchesToCome::can_reach(int step, bool lower_case, int accidental) const {
  const Range wanted = positions(accidental != kNoAccidental);
  const int alter = alter_of(step, accidental);
  Range range = reach(step, lower_case);
  if (!alphabet_.contains(lower_case ? U'\'' : U',')) {
    (lower_case ? range.high : range.low) = lower_case ? step + 7 : step;
  }
  for (int position = range.low; position <= range.high; position += 7) {
    if (position >= wanted.low && position <= wanted.high && in_range(position, alter)) return true;
  }
  return false;
}

// Whether a note of that step can have that accidental: only where it is needed, and a tie brings
// its own.
inline bool PitchesToCome::can_alter(int step, int accidental) const {
  if (accidental < -1 || accidental > 1 || at_.bar.alters[step] == accidental) return false;
  if (!at_.grace.is_open && is_tied_step(step)) return false;
  return can_reach(step, false, accidental) || can_reach(step, true, accidental);
}

CharacterSet PitchesToCome::letters(int accidental) const {
  CharacterSet set;
  for (int step = 0; step < 7; ++step) {
    if (accidental == kNoAccidental) {
      if (can_alter(step, 1)) set.add(U'^');
      if (can_alter(step, 0)) set.add(U'=');
      if (can_alter(step, -1)) set.add(U'_');
    } else if (!can_alter(step, accidental)) {
      continue;
    }
    const auto letter = static_cast<unsigned char>(kLetters[step]);
    if (can_reach(step, false, accidental)) set.add(letter);
    if (can_reach(step, true, accidental)) set.add(letter + 32U);
  }
  return set;
}

CharacterSet PitchesToCome::octave_marks() const {
  const Pitch& pitch = at_.lexeme.pitch;
  const Range wanted = positions(at_.lexeme.accidental != kNoAccidental);
  const int alter = alter_of(pitch.step, at_.lexeme.accidental);
  const auto fits = [&](int p) {
    return p >= wanted.low && p <= wanted.high && in_range(p, alter);
  };
  const bool lower_case = pitch.octave >= 1;
  const Range range = reach(pitch.step, lower_case);
  CharacterSet set;
  if (lower_case) {
    for (int p = pitch.position() + 7; p <= range.high; p += 7) {
      if (fits(p)) set.add(U'\'');
    }
  } else {
    for (int p = pitch.position() - 7; p >= range.low; p -= 7) {
      if (fits(p)) set.add(U',');
    }
  }
  return set;
}

bool PitchesToCome::fits() const {
  const int position = at_.lexeme.pitch.position();
  const Range wanted = positions(at_.lexeme.accidental != kNoAccidental);
  return position >= wanted.low && position <= wanted.high &&
         in_range(position, alter_of(at_.lexeme.pitch.step, at_.lexeme.accidental));
}

bool PitchesToCome::chord_has_ties() const { return ties_to_come(last_of_chord() + 1) == 0; }

}  // namespace lilt::abc
