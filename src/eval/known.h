// What a model is to know of the tunes that it learnt, from their files.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/reading.h"
#include "likeness/critic.h"
#include "likeness/novelty.h"
#include "likeness/style.h"

namespace lilt::eval {

// The index of all the tunes, and what is usual in those of the first file.
struct Known {
  likeness::Novelty novelty;
  likeness::StyleProfile style;
};

// An error where no tune is long enough to be compared. Throws EnvironmentError.
[[nodiscard]] Result<Known> know_tunes(const std::vector<std::string>& files,
                                       const corpus::Watch& watch);

// Learns to tell tunes of the real files from composed ones, and how well it does so with tunes
// that it has not seen. An error where there are too few of either. Throws EnvironmentError.
struct KnownCritic {
  likeness::Critic critic;
  double auc = 0.5;
};
[[nodiscard]] Result<KnownCritic> know_composed(const std::vector<std::string>& real,
                                                const std::string& composed,
                                                const corpus::Watch& watch);

}  // namespace lilt::eval
