// What a model is to know of the tunes that it learnt, from their files.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/reading.h"
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

}  // namespace lilt::eval
