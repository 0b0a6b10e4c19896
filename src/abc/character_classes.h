// What a character of ABC can be.
#pragma once

#include <algorithm>
#include <cstdint>

#include "abc/key.h"

namespace lilt::abc {

constexpr bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
constexpr bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
constexpr bool is_note(char32_t c) { return step_of(c) >= 0; }
constexpr bool is_space(char32_t c) { return c == U' ' || c == U'\t'; }
// A letter that may stand for a decoration (ABC 2.1, 4.16), and the staccato dot.
constexpr bool is_shorthand(char32_t c) {
  return (c >= U'H' && c <= U'W') || (c >= U'h' && c <= U'w') || c == U'~' || c == U'.';
}
// What ABC 2.1 reserves or allows for the eye.
constexpr bool is_ignored(char32_t c) {
  return c == U'`' || c == U'$' || c == U'*' || c == U';' || c == U'#' || c == U'@' || c == U'?';
}

// '?' for what is not ASCII.
constexpr char to_ascii(char32_t c) { return c < 128 ? static_cast<char>(c) : '?'; }

inline constexpr std::int32_t kLargestNumber = 9999;  // larger ones mean nothing in music

// A number in decimal digits, one more digit read.
constexpr std::int32_t with_digit(std::int32_t number, char32_t digit) {
  return std::min(number * 10 + static_cast<std::int32_t>(digit - U'0'), kLargestNumber);
}

}  // namespace lilt::abc
