#include "eval/comparison_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/text.h"
#include "eval/habit_report.h"

namespace lilt::eval {
namespace {

using likeness::Statistic;
using Json = nlohmann::ordered_json;

constexpr std::size_t kNearestShown = 5;

Json to_json(const Spread& spread) {
  return {{"lower_quartile", spread.lower},
          {"median", spread.median},
          {"upper_quartile", spread.upper}};
}

Json to_json(const CollectionFigures& figures) {
  return {{"tunes", figures.tunes.size()},
          {"correct", figures.correct},
          {"new_titles", figures.new_titles},
          {"as_new_as_median", figures.as_new},
          {"longest_run", to_json(figures.longest_run)},
          {"share_known", to_json(figures.share_known)},
          {"similarity", to_json(figures.similarity)},
          {"typicality", to_json(figures.typicality)}};
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json to_json(const StyleFigures& figures, Statistic statistic) {
  return {{"statistic", likeness::name(statistic)},
          {"composed_to_real", figures.composed_to_real()},
          {"real_to_real", figures.real_to_real()},
          {"ratio", number_or_null(figures.ratio())},
          {"ratio_by_chance", number_or_null(figures.ratio_by_chance())}};
}

Json to_json(const TuneFigures& tune, const Comparison& comparison) {
  const auto title = [&](const std::optional<std::size_t>& known) {
    return known ? Json(comparison.known_titles[*known]) : Json();
  };
  return {{"title", tune.title},
          {"correct", tune.is_correct},
          {"new_titles", tune.has_new_titles},
          {"notes", tune.novelty.notes},
          {"longest_run", tune.novelty.longest_run},
          {"longest_run_in", title(tune.novelty.run_tune)},
          {"share_known", tune.novelty.share_known},
          {"nearest", title(tune.novelty.nearest)},
          {"similarity", tune.novelty.similarity},
          {"novelty_percentile", tune.percentile},
          {"typicality", tune.typicality}};
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

// The median, and the quartiles behind it.
std::string spread(const Spread& s, double factor, int digits) {
  return fmt::format("{:.{}f} ({:.{}f}–{:.{}f})", factor * s.median, digits, factor * s.lower,
                     digits, factor * s.upper, digits);
}

// A column for each collection.
class FiguresTable {
 public:
  explicit FiguresTable(const Comparison& comparison) {
    columns_ = {&comparison.composed, &comparison.real};
    if (comparison.held_out) columns_.push_back(&*comparison.held_out);
  }

  std::string text() {
    row("", [](const CollectionFigures&) { return std::string(); },
        {"composed", "real", "held out"});
    row("tunes", [](const auto& f) { return grouped(f.tunes.size()); });
    row("correct", [](const auto& f) { return percent(f.correct); });
    row("new titles", [](const auto& f) { return percent(f.new_titles); });
    row("longest run known, notes", [](const auto& f) { return spread(f.longest_run, 1, 0); });
    row(fmt::format("{}-note windows known, %", likeness::kWindow),
        [](const auto& f) { return spread(f.share_known, 100, 1); });
    row("in the nearest tune, %", [](const auto& f) { return spread(f.similarity, 100, 1); });
    row("as new as the median real", [](const auto& f) { return percent(f.as_new); });
    row("typicality", [](const auto& f) { return spread(f.typicality, 1, 2); });
    return std::move(text_);
  }

 private:
  template <class Value>
  void row(const std::string& what, Value&& value, const std::vector<std::string>& names = {}) {
    text_ += fmt::format("{:<28}", what);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      text_ += fmt::format("{:>20}", names.empty() ? value(*columns_[i]) : names[i]);
    }
    text_ += "\n";
  }

  std::vector<const CollectionFigures*> columns_;
  std::string text_;
};

std::string style_table(const Comparison& comparison) {
  std::string text = fmt::format("\n{:<28}{:>20}{:>20}{:>10}{:>20}\n", "distance",
                                 "composed to real", "real to real", "ratio", "by chance up to");
  for (std::size_t s = 0; s < likeness::kStatistics; ++s) {
    const StyleFigures& f = comparison.style.figures[s];
    text += fmt::format("{:<28}{:>20.4f}{:>20.4f}{:>10.2f}{:>20.2f}\n",
                        likeness::name(static_cast<Statistic>(s)), f.composed_to_real(),
                        f.real_to_real(), f.ratio(), f.ratio_by_chance());
  }
  return text + fmt::format("as between samples of {} tunes, from {} composed and {} real ones\n",
                            kStyleSample, grouped(comparison.style.composed),
                            grouped(comparison.style.real));
}

// Text from a file, short enough for a column.
std::string shown(const std::string& title) {
  return title.empty() ? "(no title)" : shortened(escaped(title), 34);
}

std::string nearest_tunes(const Comparison& comparison) {
  std::vector<const TuneFigures*> tunes;
  for (const TuneFigures& tune : comparison.composed.tunes) {
    if (tune.novelty.nearest) tunes.push_back(&tune);
  }
  std::stable_sort(tunes.begin(), tunes.end(), [](const TuneFigures* a, const TuneFigures* b) {
    return a->novelty.similarity > b->novelty.similarity;
  });
  tunes.resize(std::min(tunes.size(), kNearestShown));
  std::string text = tunes.empty() ? "" : "\nnearest to a known tune\n";
  for (const TuneFigures* tune : tunes) {
    text += fmt::format("  {}: {:.1f} % of it in {}, longest run {} notes\n", shown(tune->title),
                        100 * tune->novelty.similarity,
                        shown(comparison.known_titles[*tune->novelty.nearest]),
                        tune->novelty.longest_run);
  }
  return text;
}

}  // namespace

Json to_json(const Comparison& comparison) {
  Json json = {{"composed", to_json(comparison.composed)},
               {"real", to_json(comparison.real)},
               {"held_out", comparison.held_out ? to_json(*comparison.held_out) : Json()},
               {"style_sample", kStyleSample},
               {"style", Json::array()}};
  for (std::size_t s = 0; s < likeness::kStatistics; ++s) {
    json["style"].push_back(to_json(comparison.style.figures[s], static_cast<Statistic>(s)));
  }
  add_to_json(comparison.habits, json);
  json["tunes"] = Json::array();
  for (const TuneFigures& tune : comparison.composed.tunes) {
    json["tunes"].push_back(to_json(tune, comparison));
  }
  return json;
}

std::string table_of(const Comparison& comparison) {
  return FiguresTable(comparison).text() + style_table(comparison) + nearest_tunes(comparison) +
         table_of(comparison.habits);
}

}  // namespace lilt::eval
