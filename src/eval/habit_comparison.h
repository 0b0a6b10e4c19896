// The habits of composed tunes beside those of real ones, and how well the two are told apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "likeness/critic.h"
#include "likeness/habits.h"

namespace lilt::eval {

struct Collection;

// Which real tunes are told from which.
enum class RealPair : std::uint8_t {
  kHeldOut,  // the held-out ones from the others
  kFiles,    // those of the first file from those of the others
  kHalves,   // one half from the other
};
// "one half from the other", …
[[nodiscard]] std::string_view describe(RealPair pair);

struct HabitComparison {
  std::vector<double> composed, real;  // the means, by likeness::habits(); NaN where none has it
  std::vector<double> composed_high, real_high;  // what 95 % of the tunes do not exceed
  // Nothing where there are too few tunes.
  std::optional<likeness::ToldApart> composed_from_real;
  std::optional<double> real_from_real;  // the area under the curve; of halves the mean of several
  std::size_t composed_tunes = 0, real_tunes = 0;
  RealPair pair = RealPair::kHalves;
};

// The real tunes are `against`.
[[nodiscard]] HabitComparison compare_habits(const Collection& composed, const Collection& against,
                                             const Collection* held_out);

// The habits that tell most, by their place in likeness::habits(), those that tell more first.
[[nodiscard]] std::vector<std::size_t> most_telling(const likeness::ToldApart& told);

}  // namespace lilt::eval
