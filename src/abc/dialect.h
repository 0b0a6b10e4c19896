// What the dialect that Lilt writes has in it (docs/dialect.md): its fields, its notes, its bounds.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/character_set.h"
#include "abc/duration.h"
#include "abc/key.h"
#include "abc/metre.h"

namespace lilt::abc {

// Fields of the header that are only text, in their order, between X and M.
inline constexpr std::string_view kTextFields = "TCOAGDBFHNSZR";
inline constexpr int kMostDigitsOfX = 6;

inline constexpr Ticks kLongestElement = 4 * kWholeNote;
inline constexpr int kLowestPosition = -14, kHighestPosition = 27;  // C,, and b''
inline constexpr int kMostEndings = 4;

// A value that a field can have.
template <class Value>
struct Listed {
  std::string name;
  Value value;
  CharacterSet characters;  // of the name
};

[[nodiscard]] std::span<const Listed<Metre>> dialect_metres();
[[nodiscard]] std::span<const Listed<Ticks>> dialect_units();
// By the step of their tonic; with at most five flats or six sharps.
[[nodiscard]] const std::array<std::vector<Listed<Key>>, 7>& dialect_keys();

// 1, 3 or 7 times a power of two, ascending: numerators of lengths, and how many of the shortest
// notes there are in what one note head with at most two dots can tell.
inline constexpr std::array<Ticks, 20> kNumerators = {1,  2,  3,  4,  6,  7,  8,  12,  14,  16,
                                                      24, 28, 32, 48, 56, 64, 96, 112, 128, 192};
// Whether one note, dotted or not, has this length.
[[nodiscard]] constexpr bool is_one_note(Ticks length) {
  if (length % kShortestNote != 0) return false;
  auto n = static_cast<std::uint64_t>(length / kShortestNote);
  n >>= std::countr_zero(n);
  return n == 1 || n == 3 || n == 7;
}
// The longest of them that is not longer than `limit`; 0 if there is none.
[[nodiscard]] constexpr Ticks longest_note(Ticks limit) {
  Ticks longest = 0;
  for (const Ticks n : kNumerators) {
    if (n * kShortestNote <= limit) longest = n * kShortestNote;
  }
  return longest;
}

}  // namespace lilt::abc
