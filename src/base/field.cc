#include "base/field.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace lilt {
namespace {

// 1e-7 for 1e-07.
std::string plain_exponent(std::string text) {
  const std::size_t sign = text.find_first_of("+-", text.find('e'));
  if (text.find('e') != std::string::npos && sign != std::string::npos && text[sign + 1] == '0') {
    text.erase(sign + 1, 1);
  }
  return text;
}

// `read` turns a text back into a number.
template <class Number, class Read>
std::string shortest_text(Number number, Read read) {
  char text[64];
  constexpr double kPlain = 1e15;  // whole numbers below it are written without an exponent
  if (std::abs(number) < kPlain && number == std::floor(number)) {
    std::snprintf(text, sizeof text, "%.0f", static_cast<double>(number));
    return text;
  }
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, static_cast<double>(number));
    if (read(text) == number) break;
  }
  return plain_exponent(text);
}

}  // namespace

std::string bounds_text(const Field& f) {
  if (f.least && f.most) return "of " + number_text(*f.least) + " to " + number_text(*f.most);
  std::string text;
  const auto add = [&](const char* what, const std::optional<double>& bound) {
    if (bound) text += (text.empty() ? "of " : " and ") + (what + number_text(*bound));
  };
  add("at least ", f.least);
  add("more than ", f.above);
  add("at most ", f.most);
  add("less than ", f.below);
  return text;
}

Error bad_value(const Field& field, const std::string& what, std::string_view found) {
  return {ErrorCode::kOption,
          "expected " + what + ", found " + (found.empty() ? "nothing" : std::string(found)),
          {.source = {}, .byte = {}, .line = {}, .field = std::string(field.name)}};
}

bool is_within(const Field& f, double number) {
  return std::isfinite(number) && !(f.least && number < *f.least) &&
         !(f.above && number <= *f.above) && !(f.most && number > *f.most) &&
         !(f.below && number >= *f.below);
}

std::string number_text(double number) {
  return shortest_text(number, [](const char* text) { return std::strtod(text, nullptr); });
}

std::string number_text(float number) {
  return shortest_text(number, [](const char* text) { return std::strtof(text, nullptr); });
}

double decimal(float number) { return std::strtod(number_text(number).c_str(), nullptr); }

std::optional<TypedWholeNumber> read_whole_number(std::string_view text) {
  TypedWholeNumber number{.is_negative = text.substr(0, 1) == "-"};
  if (number.is_negative) text.remove_prefix(1);
  if (text.empty()) return {};
  for (const char c : text) {
    if (c < '0' || c > '9') return {};
    const auto digit = static_cast<std::uint64_t>(c - '0');
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    if (number.magnitude > (kMost - digit) / 10) number.is_too_large = true;
    number.magnitude = 10 * number.magnitude + digit;
  }
  return number;
}

std::optional<double> read_number(std::string_view text) {
  // strtod() would take spaces, hexadecimal digits, nan and inf, too.
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
  });
  if (text.empty() || !plain) return {};
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size()) return {};
  return number;
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace lilt
