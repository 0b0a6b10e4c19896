// How well a model predicts tunes it has not seen.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/result.h"
#include "corpus/figures.h"
#include "corpus/tunes.h"
#include "infer/weights.h"

namespace lilt::eval {

struct Likelihood {
  std::vector<corpus::Figures> tunes;  // in the order of the files
  std::vector<double> bits;            // of each token
  corpus::Figures total;
};

// Predicts every tune from a zero state with `newline` (the token of a newline) as the character
// before it. Uses `threads` threads; the result does not depend on them. `progress` is called with
// the characters done so far, from one thread at a time; false stops, with ErrorCode::kStopped. All
// figures are finite: weights so large that they are not make it an error.
[[nodiscard]] Result<Likelihood> measure_likelihood(
    const infer::Weights& weights, const corpus::TuneSet& tunes, Token newline, std::size_t threads,
    const std::function<bool(std::size_t)>& progress = {});

}  // namespace lilt::eval
