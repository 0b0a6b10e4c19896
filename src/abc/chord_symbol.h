// Chord symbols: "G", "Am7", "D7/F#".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abc/character_set.h"

namespace lilt::abc {

// What comes after the root of a chord symbol that players and programs agree on.
[[nodiscard]] bool is_chord_quality(std::string_view quality);

// The notes of a chord of that quality, in semitones above its root, upwards: 0, 3, 7, 10 for "m7".
// None where is_chord_quality() says no.
[[nodiscard]] std::vector<int> chord_semitones(std::string_view quality);

struct ChordSymbol {
  std::int8_t root_step = 0;
  std::int8_t root_alter = 0;
  std::string_view quality;    // within the text that was parsed
  std::int8_t bass_step = -1;  // −1: no bass note
  std::int8_t bass_alter = 0;
};

// What a text between quotes says, or nothing if it is no chord symbol. Brackets around it, as for
// an alternative chord, are allowed.
[[nodiscard]] std::optional<ChordSymbol> parse_chord_symbol(std::string_view text);

// Where the writing of a chord symbol stands: a root, a quality, "/", a bass. Small, for the
// Cursor, which reads character by character.
class ChordSymbolProgress {
 public:
  // Whether this character can come next so that a chord symbol can still result.
  [[nodiscard]] bool can_push(char c) const;
  // Takes what people write besides: a bass as in "D/f+".
  void push(char c);
  // The characters of the alphabet that can be pushed so that one can still result.
  [[nodiscard]] CharacterSet next(const CharacterSet& alphabet) const;
  // Whether what was pushed is a chord symbol.
  [[nodiscard]] bool is_complete() const;
  // Whether it is a chord symbol by the standard (ABC 2.1, 4.18), even if programs do not agree on
  // it: a root, then any of m min maj dim aug sus add … and numbers, then a bass.
  [[nodiscard]] bool is_standard() const;

 private:
  enum class Stage : std::uint8_t { kStart, kRoot, kQuality, kSlash, kBass, kBassAltered, kWrong };
  [[nodiscard]] bool is_prefix(std::size_t size, char next) const;

  Stage stage_ = Stage::kStart;
  std::uint8_t size_ = 0;
  char quality_[6] = {};

  enum class Standard : std::uint8_t { kStart, kRoot, kType, kSlash, kBass, kEnd, kWrong };
  void push_standard(char c);
  [[nodiscard]] bool word_is_complete() const;

  Standard standard_ = Standard::kStart;
  std::uint8_t word_size_ = 0;
  char word_[4] = {};
};

}  // namespace lilt::abc
