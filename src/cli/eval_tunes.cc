#include "cli/eval_tunes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "eval/collection.h"
#include "eval/report.h"

namespace lilt::cli {
namespace {

using eval::CollectionFigures;
using eval::Comparison;
using eval::Spread;
using eval::StyleFigures;
using eval::TuneFigures;
using likeness::Statistic;
using Json = nlohmann::ordered_json;

constexpr std::size_t kNearestShown = 5;

// The tunes of files; at least so many of them, and one with music.
Result<eval::Collection> read_collection(const std::vector<std::string>& files, std::size_t tunes) {
  eval::Collection collection;
  const auto add = [&](const corpus::TuneText& tune) { collection.add(tune.text); };
  if (Status s = for_each_tune(files, "Reading", add); !s) return s.error();
  if (collection.has_music() && collection.size() >= tunes) return collection;
  return Error{ErrorCode::kCorpus,
               fmt::format("expected {}tunes of at least {} notes to compare, found {}",
                           tunes > 1 ? "several " : "", likeness::kWindow,
                           collection.has_music() ? "one" : "none"),
               {.source = files[0]}};
}

// The page may take the place of no file that is read.
Status check_report(const EvalTunesCommand& c) {
  for (const auto* files : {&c.tunes, &c.against, &c.held_out}) {
    for (const std::string& file : *files) {
      std::error_code none;  // a file that is not there is not read
      if (c.report.empty() || !std::filesystem::equivalent(file, c.report, none)) continue;
      return Error{ErrorCode::kOption,
                   "expected another file than the tunes as -o, found " + c.report};
    }
  }
  return success();
}

Result<Comparison> compare_files(const EvalTunesCommand& c) {
  const Result<eval::Collection> composed = read_collection(c.tunes, 1);
  if (!composed) return composed.error();
  const Result<eval::Collection> against = read_collection(c.against, 2);
  if (!against) return against.error();
  if (c.held_out.empty()) return eval::compare(*composed, *against, nullptr);
  const Result<eval::Collection> held_out = read_collection(c.held_out, 1);
  if (!held_out) return held_out.error();
  return eval::compare(*composed, *against, &*held_out);
}

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

Json to_json(const StyleFigures& figures, Statistic statistic) {
  const double ratio = figures.ratio();
  return {{"statistic", likeness::name(statistic)},
          {"composed_to_real", figures.composed_to_real},
          {"real_to_real", figures.real_to_real},
          {"ratio", std::isfinite(ratio) ? Json(ratio) : Json()}};
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

void print_json(const Comparison& comparison) {
  Json json = {{"composed", to_json(comparison.composed)},
               {"real", to_json(comparison.real)},
               {"held_out", comparison.held_out ? to_json(*comparison.held_out) : Json()},
               {"style_sample", comparison.sample},
               {"style", Json::array()},
               {"tunes", Json::array()}};
  for (std::size_t s = 0; s < likeness::kStatistics; ++s) {
    json["style"].push_back(to_json(comparison.style[s], static_cast<Statistic>(s)));
  }
  for (const TuneFigures& tune : comparison.composed.tunes) {
    json["tunes"].push_back(to_json(tune, comparison));
  }
  fmt::print("{}\n", json.dump(2, ' ', true, Json::error_handler_t::replace));
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

  void print() const {
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
  }

 private:
  template <class Value>
  void row(const std::string& what, Value&& value,
           const std::vector<std::string>& names = {}) const {
    std::string line = fmt::format("{:<28}", what);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      line += fmt::format("{:>20}", names.empty() ? value(*columns_[i]) : names[i]);
    }
    fmt::print("{}\n", line);
  }

  std::vector<const CollectionFigures*> columns_;
};

void print_style(const Comparison& comparison) {
  fmt::print("\n{:<28}{:>20}{:>20}{:>12}\n", "distance", "composed to real", "real to real",
             "ratio");
  for (std::size_t s = 0; s < likeness::kStatistics; ++s) {
    const StyleFigures& f = comparison.style[s];
    fmt::print("{:<28}{:>20.4f}{:>20.4f}{:>12.2f}\n", likeness::name(static_cast<Statistic>(s)),
               f.composed_to_real, f.real_to_real, f.ratio());
  }
}

// Text from a file, short enough for a column.
std::string shown(const std::string& title) {
  return title.empty() ? "(no title)" : shortened(escaped(title), 34);
}

void print_nearest(const Comparison& comparison) {
  std::vector<const TuneFigures*> tunes;
  for (const TuneFigures& tune : comparison.composed.tunes) {
    if (tune.novelty.nearest) tunes.push_back(&tune);
  }
  std::stable_sort(tunes.begin(), tunes.end(), [](const TuneFigures* a, const TuneFigures* b) {
    return a->novelty.similarity > b->novelty.similarity;
  });
  tunes.resize(std::min(tunes.size(), kNearestShown));
  if (!tunes.empty()) fmt::print("\nnearest to a known tune\n");
  for (const TuneFigures* tune : tunes) {
    fmt::print("  {}: {:.1f} % of it in {}, longest run {} notes\n", shown(tune->title),
               100 * tune->novelty.similarity,
               shown(comparison.known_titles[*tune->novelty.nearest]), tune->novelty.longest_run);
  }
}

void print_text(const Comparison& comparison) {
  FiguresTable(comparison).print();
  print_style(comparison);
  print_nearest(comparison);
}

std::string names_of(const std::vector<std::string>& paths) {
  std::string names;
  for (const std::string& path : paths) {
    names += (names.empty() ? "" : ", ") + escaped(std::filesystem::path(path).filename().string());
  }
  return names;
}

}  // namespace

int run_eval_tunes(const EvalTunesCommand& c) {
  if (Status s = check_report(c); !s) return report(s.error());
  const Result<Comparison> comparison = compare_files(c);
  if (!comparison) return report(comparison.error());
  c.json ? print_json(*comparison) : print_text(*comparison);
  if (c.report.empty()) return kSuccess;
  write_file_atomically(c.report,
                        eval::report_page(*comparison, {.composed = names_of(c.tunes),
                                                        .against = names_of(c.against),
                                                        .held_out = names_of(c.held_out)}));
  tell("wrote " + escaped(c.report));
  return kSuccess;
}

}  // namespace lilt::cli
