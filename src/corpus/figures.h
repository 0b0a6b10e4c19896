// How well tunes were predicted, in bits.
#pragma once

#include <cstddef>

#include "corpus/tunes.h"

namespace lilt::corpus {

// What a character outside the vocabulary is charged.
inline constexpr double kUnknownBits = 20;

struct Figures {
  std::size_t tunes = 0, characters = 0, unknown = 0, notes = 0, body_characters = 0;
  double bits = 0, body_bits = 0;

  // Counts one character of kind `kind`: its token, and −ln p of it if the token is known.
  void add(CharacterKind kind, Token token, double nats);
  Figures& operator+=(const Figures& other);

  // The averages; 0 when there is nothing to average over.
  [[nodiscard]] double bits_per_character() const;
  [[nodiscard]] double body_bits_per_character() const;
  [[nodiscard]] double bits_per_note() const;  // the body's bits over its notes and rests
  [[nodiscard]] double perplexity() const;     // 2 ^ bits per character
};

}  // namespace lilt::corpus
