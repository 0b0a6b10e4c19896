#include "abc/next_elements.h"

#include <algorithm>

#include "abc/dialect.h"
#include "abc/playability.h"

namespace lilt::abc {

// --- Beginnings

CharacterSet ElementsToCome::beginnings() const {
  CharacterSet set;
  if (!element_can_begin() || must_change_metre_now()) return set;
  const Before before = abc::before(at_);
  const bool can_have_symbol =
      before == Before::kNothing || (before == Before::kChordSymbol && at_.next.chord_symbols < 2);
  if (can_have_symbol && chord_symbol_can_begin()) set.add(U'"');
  if (needs_chord_symbol()) return set;
  if (before < Before::kSlur && (can_start_tuplet() || can_start_slur())) set.add(U'(');
  if (before < Before::kGraces && can_start_graces()) set.add(U'{');
  if (rest_can_begin()) set.add(U'z');
  if (chord_can_begin()) set.add(U'[');
  if (at_.tie.count < 2) set |= pitches_.letters(kNoAccidental);
  return set;
}

bool ElementsToCome::chord_can_begin() const {
  return at_.tie.count != 1 && counts_chords_and_graces(at_) && element_can_begin() &&
         !must_change_metre_now() && !needs_chord_symbol();
}

inline bool ElementsToCome::element_can_begin() const {
  return at_.tuplet.left > 0 || at_.next.broken != 0 || before(at_) != Before::kNothing ||
         bars_.music_can_follow();
}

// A bar may not begin before that.
inline bool ElementsToCome::must_change_metre_now() const {
  return requirements_.ends_here && bars_.must_change_metre() && at_.bar.fill == 0 &&
         !has_open_marks(at_) && before(at_) == Before::kNothing;
}

bool ElementsToCome::rest_can_begin() const {
  if (at_.tie.count > 0 || at_.grace.waits || at_.next.broken != 0) return false;
  if (at_.slur.depth > 0 && at_.slur.notes == 0) return false;
  if (at_.tuplet.left == 0) return longest_note(longest(true)) >= shortest();
  // A slur ends on a note.
  return at_.slur.depth == 0 || at_.tuplet.left > 1 || bars_.note_can_follow_at(tuplet_end());
}

// --- Chord symbols

bool ElementsToCome::chord_symbol_can_begin() const {
  if (requirements_.chord_symbols == ChordSymbols::kNone) return false;
  return at_.bar.is_first || !requirements_.complete_bars ||
         !chord_sounds_on_at(at_.bar.pickup_bar_length, at_.bar.pickup);
}

// A tune that ends with a complete bar ends in it where its pickup began.
bool ElementsToCome::can_accompany_from_here() const {
  const bool has_chord_symbols = at_.lexeme.quote.chord_symbol.is_complete();
  if (!requirements_.complete_bars) return true;
  if (!has_chord_symbols && requirements_.chord_symbols != ChordSymbols::kSome) return true;
  return !chord_sounds_on_at(at_.bar.length, at_.bar.length - at_.bar.fill);
}

// In the metre of the tune, or one that it may have in its last bar.
bool ElementsToCome::chord_sounds_on_at(Ticks bar_length, Ticks place) const {
  if (requirements_.metre) return chord_sounds_on(*requirements_.metre, place);
  return chord_can_sound_on(bar_length, place);
}

// Accompaniment begins with the first full bar; whether the first bar is a pickup is not known
// before the bar line.
inline bool ElementsToCome::needs_chord_symbol() const {
  if (requirements_.chord_symbols != ChordSymbols::kSome) return false;
  if (!chord_symbol_can_begin()) return false;  // after the pickup of a given tune
  if (before(at_) != Before::kNothing || at_.bar.fill != 0 || requirements_.music_until) {
    return false;
  }
  if (at_.bar.is_first) return bars_.bars() == 1;
  return at_.bar.count ==
         std::max(at_.bar.pickup == 0 ? 1 : 0, requirements_.bars_before_chord_symbol);
}

// --- Tuplets, slurs, grace notes, broken rhythm

bool ElementsToCome::can_start_tuplet() const {
  if (at_.tuplet.left > 0 || at_.next.broken != 0 || at_.tie.count > 1) return false;
  if (before(at_) >= Before::kTuplet) return false;
  for (int p = 2; p <= 9; ++p) {
    if (tuplet_fits(p)) return true;
  }
  return false;
}

inline bool ElementsToCome::tuplet_fits(int p) const {
  return is_tuplet_clear(at_, p) &&
         at_.bar.metre.tuplet_time(p) * kShortestNote <= bars_.room_for_element();
}

// Where the tuplet of which only one note is left ends.
Ticks ElementsToCome::tuplet_end() const {
  return at_.bar.fill + at_.tuplet.note * at_.tuplet.q / at_.tuplet.p;
}

// Two notes have to come in a slur.
bool ElementsToCome::can_start_slur() const {
  if (at_.slur.depth > 0 || !alphabet_.contains(U')')) return false;
  if (at_.tuplet.left > 1) return true;
  if (at_.tuplet.left == 1) return bars_.note_can_follow_at(tuplet_end());
  if (at_.next.broken != 0) return bars_.note_can_follow_at(at_.bar.fill + broken_time());
  const Ticks room = bars_.room_for_element();
  return room >= 2 * kShortestNote || bars_.note_can_follow_at(at_.bar.fill + room);
}

Ticks ElementsToCome::broken_time() const {
  const Ticks part = at_.bar.unit >> 1;
  return at_.next.broken > 0 ? part : 2 * at_.bar.unit - part;
}

bool ElementsToCome::can_start_graces() const {
  return at_.tie.count == 0 && counts_chords_and_graces(at_) && at_.next.broken == 0 &&
         alphabet_.contains(U'}') && grace_fits(1);
}

bool ElementsToCome::grace_fits(int graces) const {
  return longest_note(longest(false)) > graces * at_.bar.unit / 4;
}

CharacterSet ElementsToCome::broken_rhythm() const {
  const Ticks unit = at_.bar.unit;
  CharacterSet set;
  // After a note of one unit, for another one.
  if (at_.element.length != unit || at_.element.time != unit || unit < 2 * kShortestNote)
    return set;
  if (bars_.room() < unit || at_.tuplet.left > 0) return set;
  if (requirements_.complete_bars && (is_second_of_swing(at_) || is_behind_chord_of_swing(at_)))
    return set;
  set.add(U'>');
  // The first note of < is the shorter one.
  if (at_.element.graces * unit / 4 < unit / 2) set.add(U'<');
  return set;
}

Continuation ElementsToCome::parenthesis() const {
  Continuation next;
  const TupletNumbers& tuplet = at_.lexeme.tuplet;
  if (tuplet.p != 0) {
    next.can_end = tuplet.colons == 0 && tuplet.p <= 9;
    return next;
  }
  if (can_start_tuplet()) {
    for (int p = 2; p <= 9; ++p) {
      if (tuplet_fits(p)) next.characters.add(static_cast<char32_t>(U'0' + p));
    }
  }
  next.can_end = before(at_) < Before::kSlur && can_start_slur();
  return next;
}

// --- Lengths

// A slur that has just begun needs a note after the next one, and any slur one after a rest; where
// no bar line can lead to it, there must be room in this bar.
inline Ticks ElementsToCome::reserve(bool is_rest) const {
  const bool wants_another = at_.slur.depth > 0 && (is_rest || at_.slur.notes == 0);
  return wants_another && !bars_.bar_can_follow(at_.bar.fill + bars_.room_for_element())
             ? kShortestNote
             : 0;
}

inline Ticks ElementsToCome::longest(bool is_rest) const {
  return bars_.room_for_element() - reserve(is_rest);
}

inline Ticks ElementsToCome::shortest() const {
  if (!at_.grace.waits) return kShortestNote;
  const Ticks taken = at_.grace.notes * at_.bar.unit / 4;
  return (taken / kShortestNote + 1) * kShortestNote;
}

// Whether the element may have this written length.
inline bool ElementsToCome::length_fits(Ticks length, bool is_rest) const {
  if (!is_one_note(length)) return false;
  if (requirements_.complete_bars && is_lost_in_swing(at_, length)) return false;
  if (at_.next.broken != 0) return length == at_.bar.unit;
  if (at_.tuplet.left > 0) {
    if (at_.tuplet.note != 0) return length == at_.tuplet.note;
    return at_.tuplet.q * length <= bars_.room_for_element();
  }
  return length >= shortest() && length <= longest(is_rest);
}

// n, /2, n/2, /4 …: in lowest terms, without 1 as a numerator.
Continuation ElementsToCome::length() const {
  const bool is_rest = at_.lexeme.timed == LexemeKind::kRest;
  if (at_.text.stage == Stage::kSlash || at_.text.stage == Stage::kDenominator) {
    return denominator(is_rest);
  }
  const LengthState& written = at_.lexeme.length;
  const Ticks unit = at_.bar.unit;
  const Ticks numerator = written.has_numerator ? written.numerator : 1;
  Continuation next;
  const bool plain = !written.has_numerator || numerator >= 2;
  next.can_end = plain && length_fits(unit * numerator, is_rest);
  if (!written.has_numerator || (numerator % 2 == 1 && numerator > 1)) {
    for (Ticks d = 2; d <= 64 && unit % d == 0; d *= 2) {
      if (!length_fits(unit / d * numerator, is_rest)) continue;
      next.characters.add(U'/');
      break;
    }
  }
  add_numerator_digits(is_rest, next.characters);
  return next;
}

Continuation ElementsToCome::denominator(bool is_rest) const {
  const LengthState& written = at_.lexeme.length;
  const Ticks unit = at_.bar.unit;
  const Ticks numerator = written.has_numerator ? written.numerator : 1;
  const int begun = written.has_denominator ? written.denominator : 0;
  Continuation next;
  if (written.slashes != 1 || (written.has_numerator && numerator % 2 == 0)) return next;
  for (Ticks d = 2; d <= 64 && unit % d == 0; d *= 2) {
    if (!length_fits(unit / d * numerator, is_rest)) continue;
    if (begun == d) {
      next.can_end = true;
    } else if (d < 10) {
      if (begun == 0) next.characters.add(static_cast<char32_t>(U'0' + d));
    } else {
      if (begun == 0) next.characters.add(static_cast<char32_t>(U'0' + d / 10));
      if (begun == d / 10) next.characters.add(static_cast<char32_t>(U'0' + d % 10));
    }
  }
  return next;
}

namespace {

// The digit of n that comes after those of `begun` (0: none); −1 if n does not begin with them.
int digit_after(Ticks begun, Ticks n) {
  if (begun == 0) {
    while (n >= 10) n /= 10;
    return static_cast<int>(n);
  }
  for (; n >= 10; n /= 10) {
    if (n / 10 == begun) return static_cast<int>(n % 10);
  }
  return -1;
}

}  // namespace

// Numerators are 1, 3 or 7 times a power of two, odd ones alone over a denominator.
void ElementsToCome::add_numerator_digits(bool is_rest, CharacterSet& set) const {
  const Ticks begun = at_.lexeme.length.has_numerator ? at_.lexeme.length.numerator : 0;
  for (const Ticks n : kNumerators) {
    const int digit = digit_after(begun, n);
    if (digit < 0) continue;
    for (Ticks d = 1; d <= (n % 2 == 0 ? 1 : 64) && at_.bar.unit % d == 0; d *= 2) {
      if (n == 1 || !length_fits(at_.bar.unit / d * n, is_rest)) continue;
      set.add(static_cast<char32_t>(U'0' + digit));
      break;
    }
  }
}

}  // namespace lilt::abc
