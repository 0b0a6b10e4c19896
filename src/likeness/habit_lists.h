// The habits by theme, for habits.cc; and what their measures have in common.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

#include "likeness/habits.h"

namespace lilt::likeness {

[[nodiscard]] std::span<const Habit> ending_habits();
[[nodiscard]] std::span<const Habit> form_habits();
[[nodiscard]] std::span<const Habit> harmony_habits();
[[nodiscard]] std::span<const Habit> melody_habits();
[[nodiscard]] std::span<const Habit> rhythm_habits();
[[nodiscard]] std::span<const Habit> header_habits();

inline constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

[[nodiscard]] inline double ratio_of(double part, double whole) {
  return whole > 0 ? part / whole : kAbsent;
}

// The share of the items for which something holds; NaN if there are none.
template <class Items, class Holds>
[[nodiscard]] double share_of(const Items& items, Holds&& holds) {
  std::size_t all = 0, those = 0;
  for (const auto& item : items) {
    ++all;
    those += holds(item) ? 1 : 0;
  }
  return ratio_of(static_cast<double>(those), static_cast<double>(all));
}

// The mean of value(item); NaN if there are none.
template <class Items, class Value>
[[nodiscard]] double mean_of(const Items& items, Value&& value) {
  double sum = 0, all = 0;
  for (const auto& item : items) {
    ++all;
    sum += static_cast<double>(value(item));
  }
  return ratio_of(sum, all);
}

[[nodiscard]] inline double as_share(bool holds) { return holds ? 1 : 0; }

}  // namespace lilt::likeness
