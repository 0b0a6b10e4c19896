#include "eval/collection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <span>

namespace lilt::eval {
namespace {

using likeness::Style;

constexpr double kMedian = 50;  // per cent

// What a tune's figures are, given its novelty.
using Report = std::function<likeness::NoveltyReport(std::size_t tune)>;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void summarise(CollectionFigures& figures) {
  std::vector<double> runs, shares, similarities, typicalities;
  std::size_t correct = 0, new_titles = 0, as_new = 0;
  for (const TuneFigures& tune : figures.tunes) {
    correct += tune.is_correct ? 1 : 0;
    new_titles += tune.has_new_titles ? 1 : 0;
    typicalities.push_back(tune.typicality);
    if (tune.novelty.windows == 0) continue;
    as_new += tune.percentile >= kMedian ? 1 : 0;
    runs.push_back(static_cast<double>(tune.novelty.longest_run));
    shares.push_back(tune.novelty.share_known);
    similarities.push_back(tune.novelty.similarity);
  }
  figures.correct = share(correct, figures.tunes.size());
  figures.new_titles = share(new_titles, figures.tunes.size());
  figures.as_new = share(as_new, runs.size());
  figures.longest_run = spread_of(std::move(runs));
  figures.share_known = spread_of(std::move(shares));
  figures.similarity = spread_of(std::move(similarities));
  figures.typicality = spread_of(std::move(typicalities));
}

class Measuring {
 public:
  explicit Measuring(const Collection& against)
      : novelty_(against.tunes), profile_(likeness::profile_of(against.styles)) {}

  // Of tunes that are none of the known ones.
  [[nodiscard]] CollectionFigures others(const Collection& tunes) const {
    CollectionFigures figures;
    tunes.tunes.for_each([&](std::span<const std::uint32_t> windows) {
      const std::size_t i = figures.tunes.size();
      figures.tunes.push_back(figures_of(tunes, i, novelty_.report(windows)));
      figures.tunes.back().has_new_titles = novelty_.are_titles_new(tunes.tunes.titles[i]);
    });
    summarise(figures);
    return figures;
  }

  // Of the known ones, each against the others.
  [[nodiscard]] CollectionFigures known(const Collection& tunes) const {
    CollectionFigures figures;
    for (std::size_t i = 0; i < tunes.size(); ++i) {
      figures.tunes.push_back(figures_of(tunes, i, novelty_.report_known(i)));
      figures.tunes.back().has_new_titles = novelty_.are_titles_unique(i);
    }
    summarise(figures);
    return figures;
  }

 private:
  [[nodiscard]] TuneFigures figures_of(const Collection& tunes, std::size_t i,
                                       const likeness::NoveltyReport& report) const {
    return {.title = first_line(tunes.tunes.titles[i]),
            .is_correct = tunes.correct[i],
            .novelty = report,
            .percentile = novelty_.percentile(report),
            .typicality = profile_.typicality(tunes.styles[i])};
  }

  likeness::Novelty novelty_;
  likeness::StyleProfile profile_;
};

Style all_of(const Collection& collection) {
  Style all;
  for (const Style& style : collection.styles) all.add(style);
  return all;
}

// The tunes of files; at least so many of them, and one with music.
Result<Collection> read_collection(const std::vector<std::string>& files, std::size_t tunes,
                                   const corpus::Watch& watch) {
  Collection collection;
  const auto add = [&](const corpus::TuneText& tune) { collection.add(tune.text); };
  for (const std::string& file : files) {
    if (Status s = corpus::for_each_tune({file}, "Reading", watch, add); !s) return s.error();
    if (files.size() > 1 && &file == files.data()) collection.of_first_file = collection.size();
  }
  if (collection.has_music() && collection.size() >= tunes) return collection;
  return Error{ErrorCode::kCorpus,
               fmt::format("expected {}tunes of at least {} notes to compare, found {}",
                           tunes > 1 ? "several " : "", likeness::kWindow,
                           collection.has_music() ? "one" : "none"),
               {.source = files[0], .byte = {}, .line = {}}};
}

}  // namespace

void Collection::add(const std::string& text) {
  const abc::Reading reading = abc::read_tune(text);
  tunes.add(reading.tune);
  styles.push_back(likeness::style_of(reading.tune));
  habits.push_back(likeness::habits_of(reading.tune));
  correct.push_back(reading.is_correct());
}

Spread spread_of(std::vector<double> figures) {
  if (figures.empty()) return {};
  std::sort(figures.begin(), figures.end());
  const auto at = [&](double part) {
    const double rank = part * static_cast<double>(figures.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    const std::size_t above = std::min(below + 1, figures.size() - 1);
    return figures[below] + (rank - std::floor(rank)) * (figures[above] - figures[below]);
  };
  return {at(0.25), at(0.5), at(0.75)};
}

Comparison compare(const Collection& composed, const Collection& against,
                   const Collection* held_out) {
  assert(composed.has_music() && against.has_music() && against.size() > 1 &&
         (held_out == nullptr || held_out->has_music()));
  const Measuring measuring(against);
  Comparison comparison{.composed = measuring.others(composed), .real = measuring.known(against)};
  if (held_out != nullptr) comparison.held_out = measuring.others(*held_out);
  comparison.style =
      compare_styles(composed.styles, against.styles,
                     held_out == nullptr ? std::span<const Style>() : held_out->styles);
  comparison.habits = compare_habits(composed, against, held_out);
  comparison.composed_style = all_of(composed);
  comparison.real_style = all_of(against);
  for (const std::string& titles : against.tunes.titles) {
    comparison.known_titles.push_back(first_line(titles));
  }
  return comparison;
}

Result<Comparison> compare_files(const ComparisonFiles& files, const corpus::Watch& watch) {
  const Result<Collection> composed = read_collection(files.composed, 1, watch);
  if (!composed) return composed.error();
  const Result<Collection> against = read_collection(files.against, 2, watch);
  if (!against) return against.error();
  if (files.held_out.empty()) return compare(*composed, *against, nullptr);
  const Result<Collection> held_out = read_collection(files.held_out, 1, watch);
  if (!held_out) return held_out.error();
  return compare(*composed, *against, &*held_out);
}

}  // namespace lilt::eval
