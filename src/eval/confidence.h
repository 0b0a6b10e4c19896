// How sure the figures of a few tunes are for tunes of that kind.
//
// Tunes are drawn anew, as many as there are, each from all of them, many times (the bootstrap:
// Efron, "Bootstrap methods: another look at the jackknife", 1979). Of the figures of all those
// draws the middle 95 % is the interval. A figure is a ratio of sums over tunes, so that it is the
// tunes that are drawn, with their bits and their notes, and not single characters, which depend on
// each other. Models are compared on the same draws: what makes a tune hard for one mostly makes it
// hard for all, and cancels in the difference.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "corpus/figures.h"

namespace lilt::eval {

struct Interval {
  double low = 0, high = 0;

  // What ± says.
  [[nodiscard]] double half_width() const { return (high - low) / 2; }
};

// The 95 % intervals of a model's figures, and of its bits per note less those of the first model;
// none for fewer than two tunes, or where no tune has what is divided by.
struct Confidence {
  std::optional<Interval> bits_per_character, bits_per_note, difference;
};

// For each model, from its figures of every tune; of all models the same tunes in the same order.
// Always the same for the same figures.
[[nodiscard]] std::vector<Confidence> confidence_of(
    std::span<const std::vector<corpus::Figures>> models);

}  // namespace lilt::eval
