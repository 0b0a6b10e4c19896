#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>

namespace lilt {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

char32_t payload(char byte) { return static_cast<unsigned char>(byte) & 0x3F; }

struct Range {
  char32_t first, last;
};

constexpr Range kNotPrintable[] = {
    {0x00, 0x1F},                                          // C0
    {0x7F, 0x9F},                                          // DEL and C1
    {0x061C, 0x061C}, {0x200E, 0x200F}, {0x202A, 0x202E},  // directions
    {0x2066, 0x2069},                                      // isolated directions
    {0x2028, 0x2029},                                      // separators of lines and paragraphs
    {0xFEFF, 0xFEFF},                                      // a byte-order mark
};

std::string escape(char32_t c) {
  if (c == U'\n') return "\\n";
  if (c == U'\r') return "\\r";
  if (c == U'\t') return "\\t";
  char text[16];
  std::snprintf(text, sizeof text, "\\u%04X", static_cast<unsigned>(c));
  return text;
}

std::string escape_byte(char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "\\x%02X",
                static_cast<unsigned>(static_cast<unsigned char>(byte)));
  return text;
}

// The byte at which each character starts, those that are not UTF-8 included.
std::vector<std::size_t> character_starts(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < text.size();) {
    starts.push_back(at);
    at += std::max<std::size_t>(1, decode_utf8(text.substr(at)).bytes);
  }
  return starts;
}

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

bool is_printable(char32_t code_point) {
  return std::none_of(std::begin(kNotPrintable), std::end(kNotPrintable), [&](const Range& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

std::string escaped(std::string_view text, std::string_view kept) {
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = decode_utf8(text.substr(at));
    const std::string_view bytes = text.substr(at, std::max<std::size_t>(1, step.bytes));
    if (step.bytes == 0) {
      safe += escape_byte(text[at]);
    } else if (is_printable(step.code_point) || kept.find(bytes) != std::string_view::npos) {
      safe += bytes;
    } else {
      safe += escape(step.code_point);
    }
    at += bytes.size();
  }
  return safe;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);  // a character takes at least a byte
  const std::vector<std::size_t> starts = character_starts(text);
  if (starts.size() <= most) return std::string(text);
  const std::size_t tail = most / 3, head = most - tail;
  return std::string(text.substr(0, starts[head])) + " … " +
         std::string(text.substr(tail == 0 ? text.size() : starts[starts.size() - tail]));
}

std::string html(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string describe(char32_t code_point) {
  char number[16];
  std::snprintf(number, sizeof number, "U+%04X", static_cast<unsigned>(code_point));
  const bool prints = is_printable(code_point) && code_point != U' ' && code_point != 0xA0;
  if (!prints) return code_point == U' ' ? "the space (U+0020)" : number;
  std::string text = "'";
  append_utf8(text, code_point);
  return text + "' (" + number + ")";
}

}  // namespace lilt
