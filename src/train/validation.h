// How well the network in training predicts tunes that it does not learn from.
#pragma once

#include <cstddef>
#include <vector>

#include "corpus/figures.h"
#include "corpus/tunes.h"
#include "nn/network.h"
#include "train/ranks.h"

namespace lilt::train {

// Predicts every tune from a zero state with a newline as the character before it. Tunes are
// measured in batches of similar length, which the ranks divide among themselves; everyone then
// sums what all characters cost, in one order.
class Validator {
 public:
  Validator(const corpus::TuneSet& tunes, const Vocabulary& vocabulary, const nn::Network& network);

  // The network's carried state is another one afterwards. Throws EnvironmentError when a rank is
  // lost.
  [[nodiscard]] corpus::Figures measure(nn::Network& network, Ranks& ranks);

 private:
  // Tunes first … first + count − 1 of by_length_.
  struct Batch {
    std::size_t first, count;
    std::size_t windows;  // that the longest takes
  };

  [[nodiscard]] std::vector<std::size_t> batches_of_ranks(std::size_t ranks) const;
  void measure_batch(nn::Network& network, const Batch& batch);
  void fill_window(const nn::Network& network, const Batch& batch, std::size_t first);
  void add_batch(const nn::Network& network, const Batch& batch, corpus::Figures& figures) const;

  const corpus::TuneSet& tunes_;
  Token newline_;
  std::vector<std::size_t> by_length_;  // tunes, longest first, so that a batch is filled well
  std::vector<std::size_t> begins_;     // of those in nats_
  std::vector<Batch> batches_;
  std::vector<float> nats_;              // of every character
  std::vector<Token> inputs_, targets_;  // [T, N]
  std::vector<Token> features_;          // [K, T, N]
  std::vector<float> window_nats_;       // [T, N]
};

}  // namespace lilt::train
