// The characters a model knows: distinct Unicode code points, sorted; a token is an index.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt {

using Token = std::uint16_t;

// Stands for a character outside the vocabulary. Fed to a network it contributes nothing to the
// first layer; as a target it is charged a fixed price.
inline constexpr Token kUnknownToken = 0xFFFF;

class Vocabulary {
 public:
  Vocabulary() = default;
  // Sorts and removes duplicates. At most kMaxWidth characters (checked by validate(config)).
  explicit Vocabulary(std::vector<char32_t> characters);

  [[nodiscard]] std::size_t size() const { return characters_.size(); }
  [[nodiscard]] std::span<const char32_t> characters() const { return characters_; }
  [[nodiscard]] char32_t character(Token token) const { return characters_[token]; }

  // The token of a character, or kUnknownToken.
  [[nodiscard]] Token token(char32_t character) const {
    return character < kDirect ? direct_[character] : search(character);
  }

  // Encodes UTF-8 text. A character outside the vocabulary is an error that names it.
  [[nodiscard]] Result<std::vector<Token>> encode(std::string_view text) const;

  bool operator==(const Vocabulary& other) const { return characters_ == other.characters_; }

 private:
  static constexpr std::size_t kDirect = 256;  // code points looked up without a search

  [[nodiscard]] Token search(char32_t character) const;

  std::vector<char32_t> characters_;
  std::array<Token, kDirect> direct_ = filled();

  static constexpr std::array<Token, kDirect> filled() {
    std::array<Token, kDirect> table{};
    table.fill(kUnknownToken);
    return table;
  }
};

}  // namespace lilt
