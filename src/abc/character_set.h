// Sets of characters.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lilt::abc {

// A set of code points: every ASCII character by itself, all others together.
class CharacterSet {
 public:
  constexpr CharacterSet() = default;
  constexpr explicit CharacterSet(std::string_view characters) {
    for (const char c : characters) add(static_cast<unsigned char>(c));
  }

  constexpr void add(char32_t c) {
    if (c < 128) {
      bits_[c / 64] |= std::uint64_t{1} << (c % 64);
    } else {
      others_ = true;
    }
  }
  constexpr void remove(char32_t c) {
    if (c < 128) {
      bits_[c / 64] &= ~(std::uint64_t{1} << (c % 64));
    } else {
      others_ = false;
    }
  }
  [[nodiscard]] constexpr bool contains(char32_t c) const {
    return c < 128 ? (bits_[c / 64] >> (c % 64)) & 1 : others_;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_[0] == 0 && bits_[1] == 0 && !others_; }

  constexpr CharacterSet& operator|=(const CharacterSet& other) {
    bits_[0] |= other.bits_[0];
    bits_[1] |= other.bits_[1];
    others_ |= other.others_;
    return *this;
  }
  constexpr CharacterSet& operator&=(const CharacterSet& other) {
    bits_[0] &= other.bits_[0];
    bits_[1] &= other.bits_[1];
    others_ &= other.others_;
    return *this;
  }
  constexpr CharacterSet& operator-=(const CharacterSet& other) {
    bits_[0] &= ~other.bits_[0];
    bits_[1] &= ~other.bits_[1];
    others_ = others_ && !other.others_;
    return *this;
  }
  friend constexpr CharacterSet operator|(CharacterSet a, const CharacterSet& b) { return a |= b; }
  friend constexpr CharacterSet operator&(CharacterSet a, const CharacterSet& b) { return a &= b; }
  friend constexpr bool operator==(const CharacterSet&, const CharacterSet&) = default;

 private:
  std::array<std::uint64_t, 2> bits_{};
  bool others_ = false;
};

}  // namespace lilt::abc
