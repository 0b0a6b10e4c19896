// UTF-8, one code point at a time; text made safe to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt {

inline constexpr char32_t kByteOrderMark = 0xFEFF;

struct Utf8Step {
  char32_t code_point = 0;
  std::size_t bytes = 0;  // 0: the bytes at this place are not UTF-8
};

// Decodes the code point that starts at text[0]; text must not be empty. Overlong forms,
// surrogates and values past U+10FFFF are not UTF-8 (RFC 3629).
[[nodiscard]] Utf8Step decode_utf8(std::string_view text);

void append_utf8(std::string& text, char32_t code_point);

// All code points of a text, or an error with the byte offset of the first bad one.
[[nodiscard]] Result<std::vector<char32_t>> to_code_points(std::string_view text);

// Whether a character may be shown as it is: not a control character, nor one that turns the
// direction of what follows or ends a line for some.
[[nodiscard]] bool is_printable(char32_t code_point);

// Text from a stranger, safe to show: what is not printable becomes \n, \r, \t or \u001B, as in
// JSON, and bytes that are not UTF-8 become \xFF. Characters of `kept` stay.
[[nodiscard]] std::string escaped(std::string_view text, std::string_view kept = {});

// The text, or when it has more than `most` characters its beginning and its end around " … ".
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

// Text as it may stand in HTML, within elements and quoted attributes.
[[nodiscard]] std::string html(std::string_view text);

// 1234567 → "1,234,567".
[[nodiscard]] std::string grouped(std::size_t number);

// How to name a character in a message: 'é' (U+00E9), or U+000A for what does not print.
[[nodiscard]] std::string describe(char32_t code_point);

}  // namespace lilt
