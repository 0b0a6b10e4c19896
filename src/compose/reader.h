// Reads text along with a network: the characters, and what surrounds them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "abc/surroundings.h"
#include "base/result.h"
#include "infer/engine.h"
#include "model/vocabulary.h"

namespace lilt::compose {

// One text. A model of canonical text reads tunes: where one ends, it starts afresh.
class Reader {
 public:
  // The weights and the vocabulary must outlive the reader. A model that wants to be told what this
  // version does not know is an error. `dialect` is one of the model's, from 1, or 0 for any.
  [[nodiscard]] static Result<Reader> of(const infer::Weights& weights,
                                         const Vocabulary& vocabulary, std::uint8_t dialect);

  // At the beginning, after a newline. Like read(), gives the logits [V] of what may follow.
  std::span<const float> start();
  std::span<const float> read(Token token);

 private:
  Reader(const infer::Weights& weights, const Vocabulary& vocabulary, std::uint8_t dialect);

  std::span<const float> step(Token token);

  const Vocabulary* vocabulary_;
  bool reads_tunes_;
  std::uint8_t dialect_;
  infer::Engine engine_;
  std::vector<std::size_t> places_;  // of the features in abc::kFeatures
  std::vector<Token> features_;
  abc::Surroundings surroundings_;
};

}  // namespace lilt::compose
