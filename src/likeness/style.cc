#include "likeness/style.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "likeness/bars.h"
#include "likeness/melody.h"

namespace lilt::likeness {
namespace {

constexpr std::array<std::string_view, kStatistics> kNames = {
    "pitch class",      "interval",           "duration",         "bar onsets",
    "bars per section", "section similarity", "phrase similarity"};

constexpr std::int64_t kWidestInterval = 13;  // stands for all that are wider
constexpr double kFurthest = 10;  // standard deviations; beyond, there is nothing to tell apart

// A bar's onsets as one number: its length in sixteenths, whether its metre is compound, and a bit
// for each sixteenth, the first one's the lowest.
constexpr abc::Ticks kSixteenth = abc::kWholeNote / 16;
constexpr int kOnsetBits = 48;

void count(Tally& tally, std::int64_t value) { ++tally[value]; }

void count_notes(const std::vector<MelodyNote>& melody, Style& style) {
  for (std::size_t i = 0; i < melody.size(); ++i) {
    count(style[Statistic::kDuration], std::min(melody[i].length, kLongestDuration));
    if (i == 0) continue;
    const std::int64_t interval = melody[i].pitch - melody[i - 1].pitch;
    count(style[Statistic::kInterval], std::clamp(interval, -kWidestInterval, kWidestInterval));
  }
}

void count_onsets(const MelodyBar& bar, Tally& tally) {
  if (!bar.is_full() || bar.time % kSixteenth != 0 || bar.time / kSixteenth > kOnsetBits) return;
  std::int64_t value = bar.time / kSixteenth << (kOnsetBits + 1);
  if (bar.metre.is_compound()) value |= std::int64_t{1} << kOnsetBits;
  for (const BarNote& note : bar.notes) {
    if (note.start < bar.time) value |= std::int64_t{1} << (note.start / kSixteenth);
  }
  count(tally, value);
}

void count_bars(const std::vector<MelodyBar>& bars, Style& style) {
  for (const MelodyBar& bar : bars) {
    count_onsets(bar, style[Statistic::kBarOnsets]);
    for (const BarNote& note : bar.notes) {
      count(style[Statistic::kPitchClass], ((note.pitch - note.tonic) % 12 + 12) % 12);
    }
  }
}

// Dice's coefficient in tenths, rounded up: 0 only where there is nothing in common.
std::int64_t similarity(const NotesInCommon& notes) {
  if (notes.of_both == 0) return 0;
  return static_cast<std::int64_t>((20 * notes.common + notes.of_both - 1) / notes.of_both);
}

void count_sections(const std::vector<MelodySection>& sections, Style& style) {
  for (const MelodySection& section : sections) {
    const std::int64_t bars = section.bars();
    if (bars == 0) continue;
    count(style[Statistic::kSectionBars], std::min(bars, kMostSectionBars));
    if (&section != &sections.front()) {
      const abc::Ticks end = std::max(section.time, sections.front().time);
      count(style[Statistic::kSectionSimilarity],
            similarity(notes_in_common(sections.front(), 0, section, 0, end)));
    }
    if (bars < 4 || bars % 2 != 0) continue;
    const abc::Ticks half = bars / 2 * section.bar;
    count(style[Statistic::kPhraseSimilarity],
          similarity(notes_in_common(section, 0, section, half, half)));
  }
}

std::string onsets_label(std::int64_t value) {
  const std::int64_t length = value >> (kOnsetBits + 1);
  const bool is_compound = (value >> kOnsetBits & 1) != 0;
  std::int64_t beats = length, unit = 16;
  while (beats % 2 == 0 && unit > (is_compound ? 8 : 4)) beats /= 2, unit /= 2;
  std::string text = std::to_string(beats) + "/" + std::to_string(unit) + " ";
  // Where no note begins between eighths, eighths are shown.
  std::int64_t odd = 0;
  for (std::int64_t i = 1; i < length; i += 2) odd |= value >> i & 1;
  for (std::int64_t i = 0; i < length; i += odd != 0 ? 1 : 2) {
    text += (value >> i & 1) != 0 ? 'x' : '.';
  }
  return text;
}

std::uint64_t sum_of(const Tally& tally) {
  std::uint64_t sum = 0;
  for (const auto& [value, times] : tally) sum += times;
  return sum;
}

// p log₂(p / m), 0 for p = 0.
double divergence_part(double p, double m) { return p > 0 ? p * std::log2(p / m) : 0; }

void keep_most_frequent(Tally& tally) {
  if (tally.size() <= StyleProfile::kMostValues) return;
  std::vector<std::pair<std::uint64_t, std::int64_t>> by_count;
  for (const auto& [value, times] : tally) by_count.emplace_back(times, value);
  std::sort(by_count.rbegin(), by_count.rend());
  for (std::size_t i = StyleProfile::kMostValues; i < by_count.size(); ++i) {
    tally.erase(by_count[i].second);
  }
}

// The mean of log₂ p over what is counted in `tune`, by the counts of `all` less those of
// `without`.
double score(const Tally& tune, const Tally& all, const Tally& without) {
  constexpr double kAdded = 0.5;
  const auto times = [](const Tally& tally, std::int64_t value) {
    const auto found = tally.find(value);
    return found == tally.end() ? 0.0 : static_cast<double>(found->second);
  };
  double own = 0;
  for (const auto& [value, n] : without) own += std::min(times(all, value), double(n));
  const double total =
      static_cast<double>(sum_of(all)) - own + kAdded * static_cast<double>(all.size() + 1);
  double sum = 0, events = 0;
  for (const auto& [value, n] : tune) {
    const double rest = std::max(0.0, times(all, value) - times(without, value));
    sum += static_cast<double>(n) * std::log2((rest + kAdded) / total);
    events += static_cast<double>(n);
  }
  return sum / events;
}

StyleProfile::Score score_of_real(std::span<const Style> tunes, const Style& all,
                                  Statistic statistic) {
  double sum = 0, squares = 0, count = 0;
  for (const Style& tune : tunes) {
    const Tally& tally = tune[statistic];
    if (tally.empty()) continue;
    const double s = score(tally, all[statistic], tally);
    sum += s;
    squares += s * s;
    ++count;
  }
  if (count == 0) return {};
  const double mean = sum / count;
  // Where all tunes are alike, a difference of a tenth of a bit is one.
  return {mean, std::max(0.1, std::sqrt(std::max(0.0, squares / count - mean * mean)))};
}

}  // namespace

std::string_view name(Statistic statistic) { return kNames[static_cast<std::size_t>(statistic)]; }

std::string label(Statistic statistic, std::int64_t value) {
  switch (statistic) {
    case Statistic::kInterval:
      if (std::abs(value) >= kWidestInterval) return value > 0 ? "> +12" : "< −12";
      return value == 0  ? "0"
             : value > 0 ? "+" + std::to_string(value)
                         : "−" + std::to_string(-value);
    case Statistic::kDuration:
      return (value >= kLongestDuration ? "≥ " : "") +
             Rational(value, abc::kWholeNote / 8).to_string();
    case Statistic::kBarOnsets:
      return onsets_label(value);
    case Statistic::kSectionBars:
      return (value >= kMostSectionBars ? "≥ " : "") + std::to_string(value);
    case Statistic::kSectionSimilarity:
    case Statistic::kPhraseSimilarity:
      return value == 0 || value == 10 ? std::to_string(value / 10) : "0." + std::to_string(value);
    default:
      return std::to_string(value);
  }
}

void Style::add(const Style& other) {
  for (std::size_t s = 0; s < kStatistics; ++s) {
    for (const auto& [value, times] : other.tallies[s]) tallies[s][value] += times;
  }
}

Style style_of(const abc::Tune& tune) {
  Style style;
  const std::vector<MelodyBar> bars = melody_bars(tune);
  count_notes(melody_of(tune), style);
  count_bars(bars, style);
  count_sections(melody_sections(bars), style);
  return style;
}

double distance(const Tally& a, const Tally& b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty() ? 0 : 1;
  const auto sum_a = static_cast<double>(sum_of(a)), sum_b = static_cast<double>(sum_of(b));
  double divergence = 0;
  auto in_a = a.begin(), in_b = b.begin();
  while (in_a != a.end() || in_b != b.end()) {
    const bool takes_a = in_a != a.end() && (in_b == b.end() || in_a->first <= in_b->first);
    const bool takes_b = in_b != b.end() && (in_a == a.end() || in_b->first <= in_a->first);
    const double p = takes_a ? static_cast<double>((in_a++)->second) / sum_a : 0;
    const double q = takes_b ? static_cast<double>((in_b++)->second) / sum_b : 0;
    divergence += (divergence_part(p, (p + q) / 2) + divergence_part(q, (p + q) / 2)) / 2;
  }
  return std::sqrt(std::clamp(divergence, 0.0, 1.0));
}

double StyleProfile::typicality(const Style& tune) const {
  double sum = 0, statistics = 0;
  for (std::size_t s = 0; s < kStatistics; ++s) {
    if (tune.tallies[s].empty() || style.tallies[s].empty()) continue;
    const double z =
        (score(tune.tallies[s], style.tallies[s], {}) - scores[s].mean) / scores[s].deviation;
    sum -= std::min(z * z, kFurthest * kFurthest) / 2;
    ++statistics;
  }
  return statistics == 0 ? -kFurthest * kFurthest / 2 : sum / statistics;
}

StyleProfile profile_of(std::span<const Style> tunes) {
  StyleProfile profile;
  for (const Style& tune : tunes) profile.style.add(tune);
  for (Tally& tally : profile.style.tallies) keep_most_frequent(tally);
  for (std::size_t s = 0; s < kStatistics; ++s) {
    profile.scores[s] = score_of_real(tunes, profile.style, static_cast<Statistic>(s));
  }
  return profile;
}

}  // namespace lilt::likeness
