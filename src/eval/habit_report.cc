#include "eval/habit_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace lilt::eval {
namespace {

using likeness::Habit;
using likeness::HabitKind;
using likeness::HabitTheme;
using Json = nlohmann::ordered_json;

constexpr std::size_t kTellingShown = 8;

bool is_share(const Habit& habit) { return habit.kind == HabitKind::kShare; }

Json number_or_null(double value) { return std::isnan(value) ? Json() : Json(value); }

// Of shares in points, as they are shown: in per cent.
double shown(const Habit& habit, double value) { return is_share(habit) ? 100 * value : value; }

std::string figure(const Habit& habit, double value) {
  if (std::isnan(value)) return "–";
  return is_share(habit) ? fmt::format("{:.1f} %", 100 * value) : fmt::format("{:.2f}", value);
}

std::string difference(const Habit& habit, double composed, double real) {
  if (std::isnan(composed) || std::isnan(real)) return "–";
  const double points = shown(habit, composed) - shown(habit, real);
  return is_share(habit) ? fmt::format("{:+.1f}", points) : fmt::format("{:+.2f}", points);
}

// Calls use(theme, habit, place) for each.
template <class Use>
void for_each_habit(Use&& use) {
  std::size_t place = 0;
  for (const HabitTheme& theme : likeness::habit_themes()) {
    for (const Habit& habit : theme.habits) use(theme, habit, place++);
  }
}

std::string area(const std::optional<double>& auc) {
  return auc ? fmt::format("{:.3f}", *auc) : "too few tunes";
}

std::string area_of_composed(const HabitComparison& c) {
  return area(c.composed_from_real ? std::optional(c.composed_from_real->auc) : std::nullopt);
}

// "ends on the tonic 12 %, …"
std::string telling(const HabitComparison& c) {
  std::string text;
  if (!c.composed_from_real) return text;
  std::vector<std::size_t> most = most_telling(*c.composed_from_real);
  most.resize(std::min(most.size(), kTellingShown));
  for (const std::size_t h : most) {
    text += fmt::format("{}{} {:.0f} %", text.empty() ? "" : ", ", likeness::habits()[h].label,
                        100 * c.composed_from_real->shares[h]);
  }
  return text;
}

std::string sizes(const HabitComparison& c) {
  return fmt::format("{} composed, {} real tunes", grouped(c.composed_tunes),
                     grouped(c.real_tunes));
}

std::string page_table(const HabitComparison& c) {
  std::string text =
      "<table>\n<tr><th></th><th>composed</th><th>real</th><th>difference</th></tr>\n";
  const HabitTheme* last = nullptr;
  for_each_habit([&](const HabitTheme& theme, const Habit& habit, std::size_t h) {
    if (&theme != last) text += fmt::format("<tr><th colspan=\"4\">{}</th></tr>\n", theme.label);
    last = &theme;
    text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        html(habit.label), figure(habit, c.composed[h]), figure(habit, c.real[h]),
                        difference(habit, c.composed[h], c.real[h]));
  });
  return text + "</table>\n";
}

std::string page_plots(const HabitComparison& c, const std::array<plot::BarSeries, 2>& series) {
  std::string text = "<div class=\"plots\">\n";
  std::size_t h = 0;
  for (const HabitTheme& theme : likeness::habit_themes()) {
    std::vector<plot::Bars> bars;
    for (const Habit& habit : theme.habits) {
      const double composed = c.composed[h], real = c.real[h];
      ++h;
      if (!is_share(habit) || std::isnan(composed) || std::isnan(real)) continue;
      bars.push_back({std::string(habit.label), composed, real});
    }
    if (bars.empty()) continue;
    const std::string title(theme.label);
    text += fmt::format("<figure><figcaption>{}</figcaption>\n{}</figure>\n", title,
                        plot::row_plot(title, series, bars));
  }
  return text + "</div>\n";
}

}  // namespace

void add_to_json(const HabitComparison& c, Json& json) {
  Json by = Json::array();
  if (c.composed_from_real) {
    for (const std::size_t h : most_telling(*c.composed_from_real)) {
      by.push_back(
          {{"habit", likeness::habits()[h].name}, {"share", c.composed_from_real->shares[h]}});
    }
  }
  json["told_apart"] = {
      {"composed_from_real", c.composed_from_real ? Json(c.composed_from_real->auc) : Json()},
      {"real_from_real", c.real_from_real ? Json(*c.real_from_real) : Json()},
      {"real_pair", describe(c.pair)},
      {"composed_tunes", c.composed_tunes},
      {"real_tunes", c.real_tunes},
      {"by", std::move(by)}};
  Json& habits = json["habits"] = Json::array();
  for_each_habit([&](const HabitTheme& theme, const Habit& habit, std::size_t h) {
    habits.push_back(
        {{"habit", habit.name},
         {"label", habit.label},
         {"theme", theme.label},
         {"kind", is_share(habit) ? "share" : "mean"},
         {"composed", number_or_null(c.composed[h])},
         {"real", number_or_null(c.real[h])},
         {"composed_95", number_or_null(c.composed_high[h])},
         {"real_95", number_or_null(c.real_high[h])},
         {"difference", number_or_null(shown(habit, c.composed[h]) - shown(habit, c.real[h]))}});
  });
}

std::string table_of(const HabitComparison& c) {
  std::string text = fmt::format("\n{:<52}{:>14}\n", "told apart by their habits", "AUC");
  text += fmt::format("{:<52}{:>14}\n", "composed from real", area_of_composed(c));
  text += fmt::format("{:<52}{:>14}\n", fmt::format("real from real, {}", describe(c.pair)),
                      area(c.real_from_real));
  text += fmt::format("0.5: not at all; 1: always ({})\n", sizes(c));
  if (const std::string by = telling(c); !by.empty()) text += fmt::format("by: {}\n", by);
  const HabitTheme* last = nullptr;
  for_each_habit([&](const HabitTheme& theme, const Habit& habit, std::size_t h) {
    if (&theme != last) {
      text += fmt::format("\n{:<52}{:>14}{:>14}{:>14}\n", theme.label, "composed", "real",
                          "difference");
    }
    last = &theme;
    text += fmt::format("{:<52}{:>14}{:>14}{:>14}\n", habit.label, figure(habit, c.composed[h]),
                        figure(habit, c.real[h]), difference(habit, c.composed[h], c.real[h]));
  });
  return text;
}

std::string page_of(const HabitComparison& c, const std::array<plot::BarSeries, 2>& series) {
  return fmt::format(
             "<table>\n<tr><th>told apart by their habits</th><th>AUC</th></tr>\n"
             "<tr><td>composed from real</td><td>{}</td></tr>\n"
             "<tr><td>real from real, {}</td><td>{}</td></tr>\n</table>\n"
             "<p class=\"note\">The area under the curve of boosted trees, cross-validated: 0.5: "
             "not at all; 1: always ({}). By: {}.</p>\n",
             area_of_composed(c), describe(c.pair), area(c.real_from_real), sizes(c),
             html(telling(c))) +
         page_plots(c, series) + page_table(c);
}

}  // namespace lilt::eval
