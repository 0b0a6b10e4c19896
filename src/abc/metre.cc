#include "abc/metre.h"

#include <cctype>
#include <charconv>

namespace lilt::abc {
namespace {

constexpr int kMostBeats = 64;

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// A positive number at the beginning of the text, which it shortens; 0 when there is none.
int take_number(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool is_power_of_two(int n) { return n > 0 && (n & (n - 1)) == 0; }

}  // namespace

Ticks Metre::default_unit() const {
  return !is_free() && 4 * beats < 3 * beat_unit ? kWholeNote / 16 : kWholeNote / 8;
}

int Metre::tuplet_time(int p) const {
  switch (p) {
    case 2:
    case 4:
    case 8:
      return 3;
    case 3:
    case 6:
      return 2;
    case 5:
    case 7:
    case 9:
      return !is_free() && beats % 3 == 0 ? 3 : 2;
    default:
      return 0;
  }
}

std::string Metre::to_string() const {
  if (is_free()) return "none";
  if (sign == MetreSign::kCommon) return "C";
  if (sign == MetreSign::kCut) return "C|";
  return std::to_string(beats) + "/" + std::to_string(beat_unit);
}

std::optional<Metre> parse_metre(std::string_view text) {
  text = trim(text);
  if (text.empty() || text == "none") return Metre{};
  if (text == "C") return Metre{4, 4, MetreSign::kCommon};
  if (text == "C|") return Metre{2, 2, MetreSign::kCut};
  const bool bracket = take(text, '(');
  int beats = take_number(text);
  while (beats > 0 && take(text, '+')) {
    const int more = take_number(text);
    if (more == 0 || beats > kMostBeats) return std::nullopt;
    beats += more;
  }
  if (bracket && !take(text, ')')) return std::nullopt;
  if (beats < 1 || beats > kMostBeats || !take(text, '/')) return std::nullopt;
  const int beat_unit = take_number(text);
  if (!trim(text).empty() || !is_power_of_two(beat_unit) || beat_unit > kMostBeats) {
    return std::nullopt;
  }
  return Metre{static_cast<std::int16_t>(beats), static_cast<std::int16_t>(beat_unit)};
}

std::optional<Ticks> parse_unit(std::string_view text) {
  text = trim(text);
  if (text == "1") return kWholeNote;
  if (take_number(text) != 1 || !take(text, '/')) return std::nullopt;
  const int division = take_number(text);
  if (!trim(text).empty() || !is_power_of_two(division) || division > 512) return std::nullopt;
  return kWholeNote / division;
}

}  // namespace lilt::abc
