// Everything a training run is told. A run is a pure function of these options and the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/repertoire.h"
#include "model/config.h"
#include "nn/optimizer.h"
#include "train/learning_rate.h"

namespace lilt::train {

struct Options {
  std::vector<std::string> files;  // the text to learn, in this order
  ModelConfig model;               // its vocabulary is found in the text
  std::size_t batch = 16;          // N, streams
  std::size_t window = 64;         // T, characters of truncated back-propagation
  std::size_t epochs = 100;
  std::size_t characters = 0;   // to learn in the whole run, which sets the epochs; 0: it does not
  std::size_t save_every = 10;  // epochs between kept checkpoints
  LearningRate learning_rate;
  nn::OptimizerOptions optimizer;
  bool shuffle = false;  // the order of tunes anew each epoch
  // With model.text.canonical: whole tunes, each from a fresh state. The first file is the one that
  // the model is for.
  corpus::Keys keys = corpus::Keys::kOriginal;  // to learn each tune in
  std::vector<std::string> features;            // what is told besides characters
  std::vector<double> weights;                  // of a tune of each file; 1 where there is none
  double focus = 0;          // share of the run, its end, that learns from the first file alone
  std::string valid_file;    // tunes to validate on, or
  double valid_share = 0;    // the share of the text's tunes held out
  std::size_t patience = 0;  // epochs without a better validation before stopping; 0: never
  std::uint64_t seed = 3;    // not an outlier: docs/decisions/seed-of-the-classic-recipe.md
};

// The options as a JSON object whose keys are the names of the command-line options; and back.
[[nodiscard]] std::string to_json(const Options& options);
[[nodiscard]] Result<Options> options_from_json(const std::string& json);

// Refuses what cannot work, naming the option.
[[nodiscard]] Status validate(const Options& options);

}  // namespace lilt::train
