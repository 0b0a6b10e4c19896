// Notes, rests and chords: what stands before them, whether they can begin, and how long they can
// be. Part of next_characters.
#pragma once

#include <cstdint>

#include "abc/character_set.h"
#include "abc/cursor_state.h"
#include "abc/next_bars.h"
#include "abc/next_characters.h"
#include "abc/next_pitches.h"

namespace lilt::abc {

// What has been said of the element to come, in the order in which it is said.
enum class Before : std::uint8_t { kNothing, kChordSymbol, kTuplet, kSlur, kGraces };

[[nodiscard]] inline Before before(const CursorState& at) {
  switch (at.text.last) {
    case LexemeKind::kChordSymbol:
      return Before::kChordSymbol;
    case LexemeKind::kTuplet:
      return Before::kTuplet;
    case LexemeKind::kSlurOpen:
      return Before::kSlur;
    case LexemeKind::kGraceClose:
      return Before::kGraces;
    default:
      return Before::kNothing;
  }
}

// How a lexeme in progress can go on.
struct Continuation {
  CharacterSet characters;  // that belong to it
  bool can_end = false;     // and what begins behind it can come
};

class ElementsToCome {
 public:
  // All functions tell of the place and of what is given here; all must outlive this.
  ElementsToCome(const CursorState& at, const Requirements& requirements,
                 const CharacterSet& alphabet, const BarsToCome& bars, const PitchesToCome& pitches)
      : at_(at), requirements_(requirements), alphabet_(alphabet), bars_(bars), pitches_(pitches) {}

  // What begins a note, a rest or a chord, or stands before it.
  [[nodiscard]] CharacterSet beginnings() const;
  [[nodiscard]] bool chord_can_begin() const;

  // The length of the note, rest or chord in progress.
  [[nodiscard]] Continuation length() const;
  // What makes ( a tuplet or a slur.
  [[nodiscard]] Continuation parenthesis() const;
  // Whether the note that comes can be longer than that many grace notes.
  [[nodiscard]] bool grace_fits(int graces) const;
  // The > and < behind the element just read.
  [[nodiscard]] CharacterSet broken_rhythm() const;
  // Whether a pickup of a tune with chord symbols may end here.
  [[nodiscard]] bool can_accompany_from_here() const;

 private:
  [[nodiscard]] bool element_can_begin() const;
  [[nodiscard]] bool must_change_metre_now() const;
  [[nodiscard]] bool rest_can_begin() const;

  [[nodiscard]] bool chord_symbol_can_begin() const;
  [[nodiscard]] bool needs_chord_symbol() const;
  [[nodiscard]] bool chord_sounds_on_at(Ticks bar_length, Ticks place) const;

  [[nodiscard]] bool can_start_tuplet() const;
  [[nodiscard]] bool tuplet_fits(int p) const;
  [[nodiscard]] bool can_start_slur() const;
  [[nodiscard]] bool can_start_graces() const;

  [[nodiscard]] Ticks tuplet_end() const;
  [[nodiscard]] Ticks broken_time() const;
  [[nodiscard]] Ticks reserve(bool is_rest) const;
  [[nodiscard]] Ticks longest(bool is_rest) const;
  [[nodiscard]] Ticks shortest() const;
  [[nodiscard]] bool length_fits(Ticks length, bool is_rest) const;
  [[nodiscard]] Continuation denominator(bool is_rest) const;
  void add_numerator_digits(bool is_rest, CharacterSet& set) const;

  const CursorState& at_;
  const Requirements& requirements_;
  const CharacterSet& alphabet_;
  const BarsToCome& bars_;
  const PitchesToCome& pitches_;
};

}  // namespace lilt::abc
