// Which characters may come next, so that a correct tune can still be written: the constraint that
// makes composed tunes correct by construction.
//
// The set is exact for the dialect that docs/dialect.md describes: it never leads to a dead end,
// and no character is missing that a tune of the dialect could have here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "abc/character_set.h"
#include "abc/cursor.h"
#include "base/names.h"
#include "base/result.h"

namespace lilt::abc {

// The characters that a model can write.
class Alphabet {
 public:
  // Every character of ASCII, and others.
  Alphabet();

  // The characters of a vocabulary. It must have those without which no tune of the dialect can be
  // finished, whatever is begun: note letters, digits, bar lines, the letters of X T M L K; the
  // error names what is missing. Other features are left out where a character is missing.
  [[nodiscard]] static Result<Alphabet> of(std::span<const char32_t> vocabulary);

  [[nodiscard]] const CharacterSet& characters() const { return characters_; }

 private:
  CharacterSet characters_;
};

// A section that was asked for.
struct SectionRequirement {
  int bars = 8;           // that begin in it, at least 1
  bool repeated = false;  // between |: and :|
};

enum class ChordSymbols : std::uint8_t {
  kAny,   // as they come
  kNone,  // not one
  kSome,  // from the first full bar on, or from the second bar of a tune without a pickup
};
constexpr auto names_of(ChordSymbols) { return names<ChordSymbols>("any", "off", "on"); }

// Sounding pitches, MIDI numbers, both within; at least an octave.
struct PitchRange {
  int lowest = 0;
  int highest = 127;
};

// What the tune has to be, besides correct.
struct Requirements {
  std::optional<Metre> metre;  // of the whole tune
  std::optional<Key> key;      // of the whole tune; a regular one
  std::optional<Ticks> unit;   // of the whole tune
  std::string rhythm;          // the text of R:; empty: none or any
  // Bars that begin in the tune, as written: each counts once, pickups and their complements count
  // as one bar, and all endings count. The metre then stays the same. 0: any number.
  int bars = 0;
  // Every section ends with a full bar, or with the rest of the bar that the tune's pickup began.
  // Without this a section may end anywhere in a bar, as long as the next one goes on from there.
  bool complete_bars = false;
  // Nothing may come that is not needed: no further bar begins unless what is open has to be
  // closed.
  bool ends_here = false;
  // The sections of the tune, one after the other, instead of `bars` and `ends_here`; empty: any.
  // Each ends where in the bar it began, so that any could stand in the place of any other. There
  // are no endings then, and bars are complete.
  std::vector<SectionRequirement> form;
  ChordSymbols chord_symbols = ChordSymbols::kAny;
  // kSome: bars that stand already, with chord symbols or without; the bar behind them has one.
  int bars_before_chord_symbol = 0;
  PitchRange range;
  // Only music comes until the bar is filled so far, and nothing is open there. Then the set has
  // | for whatever bar line, line or field the caller goes on with.
  std::optional<Ticks> music_until;
};

// The set after what the cursor has read. Empty when the tune has ended, or when what was read is
// not of the dialect or cannot meet the requirements any more.
[[nodiscard]] CharacterSet next_characters(const Cursor& cursor, const Requirements& requirements,
                                           const Alphabet& alphabet);

}  // namespace lilt::abc
