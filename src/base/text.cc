#include "base/text.h"

#include <cstdint>
#include <cstdio>

namespace lilt {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

char32_t payload(char byte) { return static_cast<unsigned char>(byte) & 0x3F; }

}  // namespace

Utf8Step decode_utf8(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
  char32_t code_point = first & (0x7F >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!is_continuation(text[i])) return {};
    code_point = (code_point << 6) | payload(text[i]);
  }
  const bool overlong = (bytes == 3 && code_point < 0x800) || (bytes == 4 && code_point < 0x10000);
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (overlong || surrogate || code_point > 0x10FFFF) return {};
  return {code_point, bytes};
}

void append_utf8(std::string& text, char32_t c) {
  const auto tail = [](char32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += {static_cast<char>(0xC0 | (c >> 6)), tail(c)};
  } else if (c < 0x10000) {
    text += {static_cast<char>(0xE0 | (c >> 12)), tail(c >> 6), tail(c)};
  } else {
    text += {static_cast<char>(0xF0 | (c >> 18)), tail(c >> 12), tail(c >> 6), tail(c)};
  }
}

Result<std::vector<char32_t>> to_code_points(std::string_view text) {
  std::vector<char32_t> code_points;
  code_points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = decode_utf8(text.substr(at));
    if (step.bytes == 0) {
      return Error{ErrorCode::kEncoding,
                   "expected UTF-8 text, found a byte that is not",
                   {.source = {}, .byte = at, .line = {}}};
    }
    code_points.push_back(step.code_point);
    at += step.bytes;
  }
  return code_points;
}

std::string describe(char32_t code_point) {
  char number[16];
  std::snprintf(number, sizeof number, "U+%04X", static_cast<unsigned>(code_point));
  const bool prints =
      code_point > 0x20 && code_point != 0x7F && (code_point < 0x80 || code_point > 0xA0);
  if (!prints) return code_point == U' ' ? "the space (U+0020)" : number;
  std::string text = "'";
  append_utf8(text, code_point);
  return text + "' (" + number + ")";
}

}  // namespace lilt
