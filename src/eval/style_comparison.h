// How far composed tunes are from real ones in style, what sampling alone does left aside.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "likeness/style.h"

namespace lilt::eval {

// Samples of one collection are some way apart, the further the smaller they are. So distances are
// told as those between samples of this many tunes, whatever the sizes of the collections.
inline constexpr std::size_t kStyleSample = 400;

// How far the distributions of a statistic are apart (likeness::distance()), squared. What is
// beyond sampling can come out below 0, by chance.
struct StyleFigures {
  double composed_beyond = 0, real_beyond = 0;  // beyond what sampling does; not below 0
  double sampling = 0;  // between samples of kStyleSample tunes of one collection
  double chance = 0;    // beyond sampling in 5 % of samples as large as these of one collection

  // Distances as between samples of kStyleSample tunes.
  [[nodiscard]] double composed_to_real() const;
  [[nodiscard]] double real_to_real() const;
  // 1 where composed tunes differ from real ones as real ones do from each other.
  [[nodiscard]] double ratio() const;
  // The ratio that 95 % of collections of the composed one's size have that are like the real one.
  [[nodiscard]] double ratio_by_chance() const;
};

struct StyleComparison {
  std::array<StyleFigures, likeness::kStatistics> figures;
  std::size_t composed = 0, real = 0;  // tunes
};

// Real-to-real is `against` beside `held_out`, or where that is empty `against` beside itself,
// which only sampling parts. `composed` may not be empty, and `against` has two tunes.
//
// What is beyond sampling: the squared distance of the two collections, less the mean of those into
// which all their tunes together are parted at random, many times (a permutation test). What
// sampling does: the mean squared distance of two halves of `against`; it falls as one over their
// size, to first order.
[[nodiscard]] StyleComparison compare_styles(std::span<const likeness::Style> composed,
                                             std::span<const likeness::Style> against,
                                             std::span<const likeness::Style> held_out);

}  // namespace lilt::eval
