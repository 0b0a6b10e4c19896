#include "eval/habit_comparison.h"

#include <algorithm>

#include "base/random.h"
#include "eval/collection.h"

namespace lilt::eval {
namespace {

using likeness::HabitValues;
using Tunes = std::span<const HabitValues>;

constexpr std::uint64_t kSeed = 1;

std::optional<double> area(Tunes a, Tunes b, std::uint64_t seed) {
  const std::optional<likeness::ToldApart> told = likeness::told_apart(a, b, seed);
  return told ? std::optional(told->auc) : std::nullopt;
}

// One division would be a matter of luck.
std::optional<double> area_of_halves(Tunes tunes) {
  constexpr std::uint64_t kDivisions = 4;
  double sum = 0;
  for (std::uint64_t d = 0; d < kDivisions; ++d) {
    std::vector<HabitValues> all(tunes.begin(), tunes.end());
    Random random(kSeed, RandomStream::kCollections, d);
    random.shuffle(std::span(all));
    const Tunes both = all;
    const std::size_t half = all.size() / 2;
    const std::optional<double> one = area(both.first(half), both.subspan(half), d);
    if (!one) return std::nullopt;
    sum += *one / kDivisions;
  }
  return sum;
}

RealPair pair_of(const Collection& against, const Collection* held_out) {
  if (held_out != nullptr) return RealPair::kHeldOut;
  return against.of_first_file ? RealPair::kFiles : RealPair::kHalves;
}

std::optional<double> real_from_real(const Collection& against, const Collection* held_out) {
  const Tunes real = against.habits;
  switch (pair_of(against, held_out)) {
    case RealPair::kHeldOut:
      return area(real, held_out->habits, kSeed);
    case RealPair::kFiles:
      return area(real.first(*against.of_first_file), real.subspan(*against.of_first_file), kSeed);
    case RealPair::kHalves:
      break;
  }
  return area_of_halves(real);
}

}  // namespace

std::string_view describe(RealPair pair) {
  switch (pair) {
    case RealPair::kHeldOut:
      return "held-out tunes from the others";
    case RealPair::kFiles:
      return "the first file from the others";
    case RealPair::kHalves:
      break;
  }
  return "one half from the other";
}

HabitComparison compare_habits(const Collection& composed, const Collection& against,
                               const Collection* held_out) {
  return {.composed = likeness::mean_habits(composed.habits),
          .real = likeness::mean_habits(against.habits),
          .composed_high = likeness::high_habits(composed.habits),
          .real_high = likeness::high_habits(against.habits),
          .composed_from_real = likeness::told_apart(composed.habits, against.habits, kSeed),
          .real_from_real = real_from_real(against, held_out),
          .composed_tunes = composed.size(),
          .real_tunes = against.size(),
          .pair = pair_of(against, held_out)};
}

std::vector<std::size_t> most_telling(const likeness::ToldApart& told) {
  std::vector<std::size_t> order;
  for (std::size_t h = 0; h < told.shares.size(); ++h) {
    if (told.shares[h] > 0) order.push_back(h);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return told.shares[a] > told.shares[b]; });
  return order;
}

}  // namespace lilt::eval
