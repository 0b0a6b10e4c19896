#include "likeness/habits.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "likeness/habit_lists.h"

namespace lilt::likeness {

std::span<const HabitTheme> habit_themes() {
  static const std::array kThemes = {
      HabitTheme{"how it ends", ending_habits()}, HabitTheme{"form", form_habits()},
      HabitTheme{"harmony", harmony_habits()},    HabitTheme{"melody", melody_habits()},
      HabitTheme{"rhythm", rhythm_habits()},      HabitTheme{"key and title", header_habits()},
  };
  return kThemes;
}

std::span<const Habit> habits() {
  static const std::vector<Habit> kAll = [] {
    std::vector<Habit> joined;
    for (const HabitTheme& theme : habit_themes()) {
      joined.insert(joined.end(), theme.habits.begin(), theme.habits.end());
    }
    return joined;
  }();
  return kAll;
}

std::vector<double> habits_of(const abc::Tune& tune) {
  const Heard heard(tune);
  std::vector<double> values;
  values.reserve(habits().size());
  for (const Habit& habit : habits()) values.push_back(habit.measure(heard));
  return values;
}

std::vector<double> mean_habits(std::span<const std::vector<double>> tunes) {
  std::vector<double> means(habits().size(), kAbsent);
  for (std::size_t h = 0; h < means.size(); ++h) {
    double sum = 0, count = 0;
    for (const std::vector<double>& values : tunes) {
      if (std::isnan(values[h])) continue;
      sum += values[h];
      ++count;
    }
    means[h] = ratio_of(sum, count);
  }
  return means;
}

std::vector<double> high_habits(std::span<const std::vector<double>> tunes) {
  constexpr double kHigh = 0.95;
  std::vector<double> highs(habits().size(), kAbsent);
  for (std::size_t h = 0; h < highs.size(); ++h) {
    std::vector<double> values;
    for (const std::vector<double>& tune : tunes) {
      if (!std::isnan(tune[h])) values.push_back(tune[h]);
    }
    if (values.empty()) continue;
    const auto rank = static_cast<std::size_t>(kHigh * static_cast<double>(values.size() - 1));
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), place, values.end());
    highs[h] = *place;
  }
  return highs;
}

}  // namespace lilt::likeness
