// How well models predict the tunes of files, beside each other.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/confidence.h"
#include "eval/likelihood.h"
#include "eval/note_split.h"

namespace lilt::eval {

struct PredictionOptions {
  std::vector<std::string> models;  // files, at least one
  std::vector<std::string> tunes;   // files, which every model reads anew
  std::string dialect;     // the collection of the models that they are like; "": the first
  bool eight_bit = false;  // with the weights of composing
  bool unplanned = false;  // models that are told what is to come are not
  std::size_t threads = 1;
};

// What one of the models makes of the tunes.
struct Prediction {
  std::string model;  // its file
  std::size_t parameters = 0;
  Likelihood likelihood;  // without the bits of tokens
  NoteSplit notes;
  Confidence confidence;
};

// Told the share of the work that is done, 0 … 1; false stops. It may be empty.
using ShareWatch = std::function<bool(double)>;

// Measures model by model. An error if a file is not what it should be, if models read other
// numbers of tunes, if figures are not finite, or ErrorCode::kStopped. Throws EnvironmentError.
[[nodiscard]] Result<std::vector<Prediction>> predict(const PredictionOptions& options,
                                                      const ShareWatch& watch);

// Bits per note less those of the first model.
[[nodiscard]] double difference(const Prediction& one, const Prediction& first);

}  // namespace lilt::eval
