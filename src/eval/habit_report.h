// The habits of composed tunes beside those of real ones, for programs and for people.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "eval/habit_comparison.h"
#include "plot/bar_plot.h"

namespace lilt::eval {

// "told_apart" and "habits", to be added to what is known of a comparison.
void add_to_json(const HabitComparison& comparison, nlohmann::ordered_json& json);

// How well the tunes are told apart and by what; a table of all habits.
[[nodiscard]] std::string table_of(const HabitComparison& comparison);

// The same as a part of a page, with a plot of the shares of each theme.
[[nodiscard]] std::string page_of(const HabitComparison& comparison,
                                  const std::array<plot::BarSeries, 2>& series);

}  // namespace lilt::eval
