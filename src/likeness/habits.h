// What a musician would notice in a tune, in numbers: how it ends, its form, what returns, its
// harmony, melody and rhythm.
//
// They are taken of the music as written (heard.h), in a way that says nothing of its layout or its
// spelling. What a tune does not have, such as chords, has no habits: those are NaN.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "abc/tune.h"
#include "likeness/heard.h"

namespace lilt::likeness {

enum class HabitKind : std::uint8_t {
  kShare,  // 0 … 1: of a tune's bars, notes …, or whether it does so
  kMean,   // any number
};

struct Habit {
  std::string_view name;   // for programs: "ends-on-tonic"
  std::string_view label;  // for people: "ends on the tonic"
  HabitKind kind;
  double (*measure)(const Heard& tune);  // NaN where there is nothing to measure
};

struct HabitTheme {
  std::string_view label;  // "how it ends"
  std::span<const Habit> habits;
};
[[nodiscard]] std::span<const HabitTheme> habit_themes();

// All of them, theme after theme. Names are unique.
[[nodiscard]] std::span<const Habit> habits();

// The values of a tune, in that order: the same bits everywhere.
[[nodiscard]] std::vector<double> habits_of(const abc::Tune& tune);

// The mean of each over tunes that have it; NaN where none has. `tunes` are values of habits_of().
[[nodiscard]] std::vector<double> mean_habits(std::span<const std::vector<double>> tunes);

// What 95 % of the tunes that have it do not exceed.
[[nodiscard]] std::vector<double> high_habits(std::span<const std::vector<double>> tunes);

}  // namespace lilt::likeness
