#include "eval/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "base/text.h"
#include "eval/habit_report.h"
#include "plot/bar_plot.h"

namespace lilt::eval {
namespace {

using likeness::Statistic;
using likeness::Tally;
using plot::Bars;

constexpr std::size_t kMostPlotted = 16;  // of a plot that shows the most frequent values
constexpr std::size_t kMostTunes = 200;   // of the list

constexpr std::array<plot::BarSeries, 2> kSeries = {{{"composed", "#d55e00"}, {"real", "#0072b2"}}};

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Composed tunes beside real ones</title>
<style>
body { font: 15px/1.45 system-ui, sans-serif; color: #222; background: #fff; margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; } .wide { overflow-x: auto; }
th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #ddd;
  font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, .text { text-align: left; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 1rem; }
figure { margin: 0; } figcaption { font-weight: 600; }
figcaption span { font-weight: 400; color: #555; }
svg { width: 100%; height: auto; } svg text { font: 10.5px system-ui, sans-serif; fill: #333; }
.grid { stroke: #e2e2e2; fill: none; } .note { color: #555; }
.key i { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
</style>
</head>
<body>
)";

std::string spread_text(const Spread& s, double factor, int digits) {
  return fmt::format("{:.{}f} <span class=\"note\">({:.{}f}–{:.{}f})</span>", factor * s.median,
                     digits, factor * s.lower, digits, factor * s.upper, digits);
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

// A table row with a cell for each collection.
template <class Cell>
std::string row(const char* what, const Comparison& c, Cell&& cell) {
  std::string text =
      fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td>", what, cell(c.composed), cell(c.real));
  if (c.held_out) text += fmt::format("<td>{}</td>", cell(*c.held_out));
  return text + "</tr>\n";
}

std::string figures_table(const Comparison& c) {
  using F = CollectionFigures;
  return fmt::format("<table>\n<tr><th></th><th>composed</th><th>real</th>{}</tr>\n",
                     c.held_out ? "<th>held out</th>" : "") +
         row("tunes", c, [](const F& f) { return std::to_string(f.tunes.size()); }) +
         row("correct", c, [](const F& f) { return percent(f.correct); }) +
         row("new titles", c, [](const F& f) { return percent(f.new_titles); }) +
         row("longest run known, notes", c,
             [](const F& f) { return spread_text(f.longest_run, 1, 0); }) +
         row("8-note windows known, %", c,
             [](const F& f) { return spread_text(f.share_known, 100, 1); }) +
         row("of them in the nearest tune, %", c,
             [](const F& f) { return spread_text(f.similarity, 100, 1); }) +
         row("as new as the median real tune", c, [](const F& f) { return percent(f.as_new); }) +
         row("typicality", c, [](const F& f) { return spread_text(f.typicality, 1, 2); }) +
         "</table>\n<p class=\"note\">Medians, with quartiles in brackets. A run of 7 notes stands "
         "for all that are shorter than 8. Typicality: 0 is best, real tunes have about "
         "−0.5.</p>\n";
}

std::string ratio_text(double ratio) {
  return std::isfinite(ratio) ? fmt::format("{:.2f}", ratio) : "∞";
}

std::string style_table(const Comparison& c) {
  std::string text =
      "<table>\n<tr><th>distance</th><th>composed to real</th><th>real to real</th>"
      "<th>ratio</th><th>by chance up to</th></tr>\n";
  for (std::size_t s = 0; s < likeness::kStatistics; ++s) {
    const StyleFigures& f = c.style.figures[s];
    text +=
        fmt::format("<tr><td>{}</td><td>{:.4f}</td><td>{:.4f}</td><td>{}</td><td>{}</td></tr>\n",
                    likeness::name(static_cast<Statistic>(s)), f.composed_to_real(),
                    f.real_to_real(), ratio_text(f.ratio()), ratio_text(f.ratio_by_chance()));
  }
  return text + fmt::format(
                    "</table>\n<p class=\"note\">Jensen–Shannon distances as between samples of {} "
                    "tunes, from {} composed and {} real ones."
                    " Real to real is {}.</p>\n",
                    kStyleSample, c.style.composed, c.style.real,
                    c.held_out ? "held-out tunes beside the others"
                               : "one half of the real tunes beside the other");
}

std::string figure(const std::string& title, const std::string& remark, const std::string& axis,
                   const std::vector<Bars>& bars) {
  return fmt::format("<figure><figcaption>{} <span>{}</span></figcaption>\n{}</figure>\n", title,
                     remark, plot::bar_plot(title, axis, kSeries, bars));
}

double share_of(const Tally& tally, std::int64_t value) {
  std::uint64_t sum = 0;
  for (const auto& entry : tally) sum += entry.second;
  const auto found = tally.find(value);
  return found == tally.end() ? 0 : static_cast<double>(found->second) / static_cast<double>(sum);
}

// The values that are most frequent in both together; those of onsets stay in that order, the
// others rise.
std::vector<std::int64_t> shown_values(const Tally& composed, const Tally& real, bool by_share) {
  std::set<std::int64_t> values;
  for (const auto& entry : composed) values.insert(entry.first);
  for (const auto& entry : real) values.insert(entry.first);
  std::vector<std::pair<double, std::int64_t>> by_shares;
  by_shares.reserve(values.size());
  for (const std::int64_t value : values) {
    by_shares.emplace_back(-share_of(composed, value) - share_of(real, value), value);
  }
  std::sort(by_shares.begin(), by_shares.end());
  by_shares.resize(std::min(by_shares.size(), kMostPlotted));
  std::vector<std::int64_t> shown;
  shown.reserve(by_shares.size());
  for (const auto& entry : by_shares) shown.push_back(entry.second);
  if (!by_share) std::sort(shown.begin(), shown.end());
  return shown;
}

// All from the first to the last.
std::vector<std::int64_t> range(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> values;
  for (std::int64_t value = first; value <= last; ++value) values.push_back(value);
  return values;
}

struct Look {
  Statistic statistic;
  const char* axis;
  std::vector<std::int64_t> values;  // empty: the most frequent
};

std::vector<Look> looks() {
  return {{Statistic::kPitchClass, "semitones above the tonic", range(0, 11)},
          {Statistic::kInterval, "semitones", range(-13, 13)},
          {Statistic::kDuration, "eighths", {}},
          {Statistic::kBarOnsets, "metre, and where notes begin", {}},
          {Statistic::kSectionBars, "bars", {}},
          {Statistic::kSectionSimilarity, "share of notes in common with the first section",
           range(0, 10)},
          {Statistic::kPhraseSimilarity, "share of notes that the halves of a section share",
           range(0, 10)}};
}

std::string style_plots(const Comparison& c) {
  std::string text = "<div class=\"plots\">\n";
  for (const Look& look : looks()) {
    const Tally &composed = c.composed_style[look.statistic], &real = c.real_style[look.statistic];
    const bool by_share = look.statistic == Statistic::kBarOnsets;
    std::vector<Bars> bars;
    for (const std::int64_t value :
         look.values.empty() ? shown_values(composed, real, by_share) : look.values) {
      bars.push_back({likeness::label(look.statistic, value), share_of(composed, value),
                      share_of(real, value)});
    }
    const StyleFigures& f = c.style.figures[static_cast<std::size_t>(look.statistic)];
    text += figure(std::string(likeness::name(look.statistic)), "ratio " + ratio_text(f.ratio()),
                   look.axis, bars);
  }
  return text + "</div>\n";
}

// A histogram: bin_of(novelty) is the bin of a tune, of which there are as many as labels.
template <class Bin>
std::vector<Bars> histogram(const Comparison& c, const std::vector<std::string>& labels,
                            Bin&& bin_of) {
  std::vector<Bars> bars;
  bars.reserve(labels.size());
  for (const std::string& label : labels) bars.push_back({label});
  const auto count = [&](const CollectionFigures& figures, double Bars::*share) {
    double all = 0;
    for (const TuneFigures& tune : figures.tunes) all += tune.novelty.windows > 0 ? 1 : 0;
    for (const TuneFigures& tune : figures.tunes) {
      if (tune.novelty.windows == 0) continue;
      bars[std::min<std::size_t>(bin_of(tune.novelty), bars.size() - 1)].*share += 1 / all;
    }
  };
  count(c.composed, &Bars::first);
  count(c.real, &Bars::second);
  return bars;
}

std::vector<Bars> run_histogram(const Comparison& c) {
  constexpr std::size_t kStep = 4, kBins = 16;
  std::vector<std::string> labels = {"< 8"};
  for (std::size_t i = 0; i + 2 < kBins; ++i) {
    labels.push_back(fmt::format("{}–{}", 8 + kStep * i, 8 + kStep * i + kStep - 1));
  }
  labels.push_back(fmt::format("≥ {}", 8 + kStep * (kBins - 2)));
  return histogram(c, labels, [](const likeness::NoveltyReport& r) {
    return r.longest_run < likeness::kWindow ? 0 : 1 + (r.longest_run - likeness::kWindow) / kStep;
  });
}

// Bins of a tenth, and one for nothing.
std::vector<Bars> share_histogram(const Comparison& c, double likeness::NoveltyReport::*share) {
  std::vector<std::string> labels = {"0"};
  for (int i = 1; i <= 10; ++i) labels.push_back(fmt::format("≤ {}", 10 * i));
  return histogram(c, labels, [share](const likeness::NoveltyReport& r) {
    return static_cast<std::size_t>(std::ceil(10 * (r.*share) - 1e-9));
  });
}

std::string novelty_plots(const Comparison& c) {
  return "<div class=\"plots\">\n" +
         figure("longest run known", "share of tunes", "notes", run_histogram(c)) +
         figure("windows known", "share of tunes", "% of a tune's 8-note windows, in any tune",
                share_histogram(c, &likeness::NoveltyReport::share_known)) +
         figure("nearest tune", "share of tunes", "% of a tune's 8-note windows, in one tune",
                share_histogram(c, &likeness::NoveltyReport::similarity)) +
         "</div>\n";
}

std::string title_text(const std::string& title) {
  return title.empty() ? "<span class=\"note\">(no title)</span>"
                       : html(shortened(escaped(title), 60));
}

std::string tune_row(const TuneFigures& tune, const Comparison& c) {
  const auto& nearest = tune.novelty.nearest;
  const std::size_t run = tune.novelty.longest_run;
  return fmt::format(
      "<tr><td>{}{}</td><td>{}</td><td>{}</td><td>{:.1f}</td><td class=\"text\">{}</td>"
      "<td>{:.1f}</td><td>{:.2f}</td></tr>\n",
      title_text(tune.title), tune.has_new_titles ? "" : " <span class=\"note\">(known)</span>",
      tune.is_correct ? "yes" : "no", run < likeness::kWindow ? "&lt; 8" : std::to_string(run),
      100 * tune.novelty.share_known, nearest ? title_text(c.known_titles[*nearest]) : "",
      100 * tune.novelty.similarity, tune.typicality);
}

std::string tune_list(const Comparison& c) {
  std::vector<const TuneFigures*> tunes;
  for (const TuneFigures& tune : c.composed.tunes) tunes.push_back(&tune);
  std::stable_sort(tunes.begin(), tunes.end(), [](const TuneFigures* a, const TuneFigures* b) {
    return a->novelty.similarity > b->novelty.similarity;
  });
  const std::size_t shown = std::min(tunes.size(), kMostTunes);
  std::string text =
      "<div class=\"wide\"><table>\n<tr><th>tune</th><th>correct</th><th>longest run</th>"
      "<th>known, %</th><th class=\"text\">nearest</th><th>in it, %</th><th>typicality</th></tr>\n";
  for (std::size_t i = 0; i < shown; ++i) text += tune_row(*tunes[i], c);
  text += "</table></div>\n";
  if (shown < tunes.size()) {
    text += fmt::format("<p class=\"note\">and {} more</p>\n", tunes.size() - shown);
  }
  return text;
}

// The names of files, without their folders.
std::string names_of(const std::vector<std::string>& paths) {
  std::string names;
  for (const std::string& path : paths) {
    names += (names.empty() ? "" : ", ") + escaped(std::filesystem::path(path).filename().string());
  }
  return html(names);
}

std::string key() {
  return fmt::format(
      "<p class=\"key\"><i style=\"background:{}\"></i>composed"
      "<i style=\"background:{}\"></i>real</p>\n",
      kSeries[0].color, kSeries[1].color);
}

}  // namespace

std::string report_page(const Comparison& c, const ComparisonFiles& files) {
  std::string page = kHead;
  page += fmt::format("<h1>Composed tunes beside real ones</h1>\n<p>{} against {}{}</p>\n",
                      names_of(files.composed), names_of(files.against),
                      c.held_out ? "; held out: " + names_of(files.held_out) : "");
  page += figures_table(c);
  page += "<h2>In style</h2>\n" + style_table(c) + key() + style_plots(c);
  page += "<h2>Habits</h2>\n" + key() + page_of(c.habits, kSeries);
  page += "<h2>New</h2>\n" + key() + novelty_plots(c);
  page += "<h2>Tunes, the nearest to a known one first</h2>\n" + tune_list(c);
  return page + "</body>\n</html>\n";
}

}  // namespace lilt::eval
