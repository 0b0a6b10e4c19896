#include "abc/cursor_state.h"

#include <algorithm>

namespace lilt::abc {
namespace {

void count(std::uint8_t& number, int most) {
  number = static_cast<std::uint8_t>(std::min(number + 1, most));
}

}  // namespace

bool TupletNumbers::push(char32_t c) {
  if (is_digit(c)) {
    std::int32_t& number = colons == 0 ? p : colons == 1 ? q : r;
    number = with_digit(number, c);
    return true;
  }
  if (c != U':' || p == 0 || colons == 2) return false;
  ++colons;
  return true;
}

bool BarLineState::push(char32_t c) {
  if (is_closed) return false;
  const bool is_double_colon = lines == 0 && colons_before >= 2;
  switch (c) {
    case U':':
      if (is_double_colon) return false;
      count(lines == 0 ? colons_before : colons_after, 9);
      return true;
    case U'|':
      if (colons_after > 0 || is_double_colon) return false;
      count(lines, 9);
      return true;
    case U']':
      if (lines == 0 || colons_after > 0) return false;
      is_thick = is_closed = true;
      return true;
    default:
      return false;
  }
}

BarLine BarLineState::bar_line() const {
  const bool is_double_colon = lines == 0 && colons_before >= 2;
  return {.ends_repeat = colons_before > 0 && (lines > 0 || is_double_colon),
          .starts_repeat = colons_after > 0 || is_double_colon,
          .is_double = lines > 1 || is_thick,
          .is_final = is_thick && is_closed,
          .is_dotted = lines == 0 && !is_double_colon};
}

bool EndingNumbers::push(char32_t c) {
  if (is_digit(c)) {
    number = with_digit(number, c);
  } else if (c == U'-') {
    range = number;
    number = 0;
  } else if (c == U',') {
    add();
  } else {
    return false;
  }
  return true;
}

void EndingNumbers::add() {
  const std::int32_t first = range > 0 ? range : number;
  const std::int32_t last = number > 0 ? number : range;  // "2-"
  for (std::int32_t n = std::max(first, 1); n <= std::min(last, 31); ++n) {
    list |= std::int32_t{1} << (n - 1);
  }
  number = range = 0;
}

void QuoteState::push(char32_t c) {
  if (size == 0) {
    is_annotation = c == U'^' || c == U'_' || c == U'<' || c == U'>' || c == U'@';
    has_bracket = c == U'(';
  }
  const bool is_bracket = has_bracket && (size == 0 || c == U')');
  if (c != U' ' && !is_bracket) chord_symbol.push(to_ascii(c));
  count(size, 255);
}

}  // namespace lilt::abc
