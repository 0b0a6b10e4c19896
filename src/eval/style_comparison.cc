#include "eval/style_comparison.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"

namespace lilt::eval {
namespace {

using likeness::kStatistics;
using likeness::Style;

using Squares = std::array<double, kStatistics>;
using Sample = std::vector<const Style*>;

constexpr std::size_t kDraws = 100;
constexpr std::size_t kUnlikely = 5;  // of them

Style sum_of(std::span<const Style* const> sample) {
  Style sum;
  for (const Style* style : sample) sum.add(*style);
  return sum;
}

// The squared distances of the first `count` of a sample from the others.
Squares squares(std::span<const Style* const> sample, std::size_t count) {
  const Style a = sum_of(sample.first(count)), b = sum_of(sample.subspan(count));
  Squares squares{};
  for (std::size_t s = 0; s < kStatistics; ++s) {
    const double distance = likeness::distance(a.tallies[s], b.tallies[s]);
    squares[s] = distance * distance;
  }
  return squares;
}

// The same of tunes in a random order, several times; of each statistic from the nearest on.
std::array<std::vector<double>, kStatistics> squares_by_chance(Sample sample, std::size_t count,
                                                               std::uint64_t purpose) {
  std::array<std::vector<double>, kStatistics> all;
  for (std::size_t d = 0; d < kDraws; ++d) {
    Random random(purpose, RandomStream::kCollections, d);
    random.shuffle(std::span(sample));
    const Squares one = squares(sample, count);
    for (std::size_t s = 0; s < kStatistics; ++s) all[s].push_back(one[s]);
  }
  for (std::vector<double>& of_one : all) std::sort(of_one.begin(), of_one.end());
  return all;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Sample sample_of(std::span<const Style> a, std::span<const Style> b = {}) {
  Sample sample;
  for (const Style& style : a) sample.push_back(&style);
  for (const Style& style : b) sample.push_back(&style);
  return sample;
}

// Squared distances beyond what sampling does, and those that chance alone makes seldom.
struct Beyond {
  Squares found{}, seldom{};
};
Beyond beyond_sampling(std::span<const Style> a, std::span<const Style> b, std::uint64_t purpose) {
  const Sample both = sample_of(a, b);
  const Squares seen = squares(both, a.size());
  const auto by_chance = squares_by_chance(both, a.size(), purpose);
  Beyond beyond;
  for (std::size_t s = 0; s < kStatistics; ++s) {
    const double usual = mean(by_chance[s]);
    beyond.found[s] = std::max(0.0, seen[s] - usual);
    beyond.seldom[s] = std::max(0.0, by_chance[s][kDraws - kUnlikely] - usual);
  }
  return beyond;
}

// Squared distances between samples of kStyleSample tunes of one collection, from those of halves.
Squares of_sampling(std::span<const Style> styles, std::uint64_t purpose) {
  const std::size_t half = styles.size() / 2;
  const auto by_chance = squares_by_chance(sample_of(styles.first(2 * half)), half, purpose);
  Squares squares{};
  for (std::size_t s = 0; s < kStatistics; ++s) {
    squares[s] = mean(by_chance[s]) * static_cast<double>(half) / static_cast<double>(kStyleSample);
  }
  return squares;
}

double quotient(double a, double b) {
  if (a == b) return 1;
  return b > 0 ? a / b : std::numeric_limits<double>::infinity();
}

}  // namespace

double StyleFigures::composed_to_real() const { return std::sqrt(sampling + composed_beyond); }

double StyleFigures::real_to_real() const { return std::sqrt(sampling + real_beyond); }

double StyleFigures::ratio() const { return quotient(composed_to_real(), real_to_real()); }

double StyleFigures::ratio_by_chance() const {
  return quotient(std::sqrt(sampling + real_beyond + chance), real_to_real());
}

StyleComparison compare_styles(std::span<const Style> composed, std::span<const Style> against,
                               std::span<const Style> held_out) {
  assert(!composed.empty() && against.size() > 1);
  const Squares sampling = of_sampling(against, 0);
  const Beyond of_composed = beyond_sampling(composed, against, 1);
  const Beyond of_real = held_out.empty() ? Beyond{} : beyond_sampling(held_out, against, 2);
  StyleComparison comparison{.composed = composed.size(), .real = against.size()};
  for (std::size_t s = 0; s < kStatistics; ++s) {
    comparison.figures[s] = {of_composed.found[s], of_real.found[s], sampling[s],
                             of_composed.seldom[s]};
  }
  return comparison;
}

}  // namespace lilt::eval
