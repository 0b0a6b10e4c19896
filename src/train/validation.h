// How well the network in training predicts tunes that it does not learn from.
#pragma once

#include <span>
#include <vector>

#include "corpus/figures.h"
#include "corpus/tunes.h"
#include "nn/network.h"

namespace lilt::train {

// Predicts every tune from a zero state with a newline as the character before it.
class Validator {
 public:
  Validator(const corpus::TuneSet& tunes, const Vocabulary& vocabulary, const nn::Network& network);

  // The network's carried state is another one afterwards.
  [[nodiscard]] corpus::Figures measure(nn::Network& network);

 private:
  void measure_batch(nn::Network& network, std::span<const std::size_t> batch,
                     corpus::Figures& figures);

  const corpus::TuneSet& tunes_;
  Token newline_;
  std::vector<std::size_t> by_length_;   // tunes, longest first, so that a batch is filled well
  std::vector<Token> inputs_, targets_;  // [T, N]
  std::vector<Token> features_;          // [K, T, N]
  std::vector<float> nats_;
};

}  // namespace lilt::train
