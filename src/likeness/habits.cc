#include "likeness/habits.h"

#include <cmath>

#include "likeness/habit_lists.h"

namespace lilt::likeness {

std::span<const Habit> habits() {
  static const std::vector<Habit> all = [] {
    std::vector<Habit> joined;
    for (const auto& list : {ending_habits(), form_habits(), harmony_habits(), melody_habits(),
                             rhythm_habits(), header_habits()}) {
      joined.insert(joined.end(), list.begin(), list.end());
    }
    return joined;
  }();
  return all;
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

}  // namespace lilt::likeness
