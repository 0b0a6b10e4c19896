// Metres: the M: field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "abc/duration.h"

namespace lilt::abc {

enum class MetreSign : std::uint8_t { kFraction, kCommon, kCut };  // 4/4, C, C|

struct Metre {
  std::int16_t beats = 0;  // 0: free metre, "none"
  std::int16_t beat_unit = 4;
  MetreSign sign = MetreSign::kFraction;

  [[nodiscard]] bool is_free() const { return beats == 0; }
  // The length of a bar; 0 in free metre.
  [[nodiscard]] Ticks bar() const { return kWholeNote / beat_unit * beats; }
  // Whether beats group in threes: 6/8, 9/8, 12/8 and 3/8.
  [[nodiscard]] bool is_compound() const { return beats % 3 == 0 && beat_unit >= 8; }
  // The unit note length that a tune has when it does not say: 1/16 below 3/4, otherwise 1/8.
  [[nodiscard]] Ticks default_unit() const;
  // The Q of "(pq": how many notes' time a tuplet of p notes takes (ABC 2.1, 4.13); 0 for a p that
  // has no rule.
  [[nodiscard]] int tuplet_time(int p) const;
  // "6/8", "C", "none".
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Metre&, const Metre&) = default;
};

// What the text of an M: field says: "6/8", "C", "C|", "none", "", "(2+3)/8", "2+3/8". Nothing if
// it is none of these, or beyond 64 beats.
[[nodiscard]] std::optional<Metre> parse_metre(std::string_view text);

// What the text of an L: field says: "1/8", "1", or nothing.
[[nodiscard]] std::optional<Ticks> parse_unit(std::string_view text);

}  // namespace lilt::abc
