// Drawing the next character: processors that reshape the distribution, and the draw itself, a
// pure function of probabilities and a supplied random number.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/vocabulary.h"

namespace lilt::compose {

struct SamplingOptions {
  double temperature = 1;  // below 1: more cautious; 0: always the most probable
  std::size_t top_k = 0;   // only the k most probable; 0: all
  double top_p = 1;        // only the fewest whose probabilities sum to at least p
};

// Refuses what makes no sense, naming the option.
[[nodiscard]] Status validate(const SamplingOptions& options);

class Sampler {
 public:
  Sampler(const SamplingOptions& options, std::size_t vocabulary);

  // Draws a token for `random` in [0, 1). A logit of −∞ is never drawn while another is finite. The
  // same on every CPU. Allocates nothing.
  [[nodiscard]] Token draw(std::span<const float> logits, double random);

 private:
  void soften(std::span<const float> logits);
  void keep_most_probable();

  struct Candidate {
    double probability;
    Token token;
  };

  SamplingOptions options_;
  std::vector<Candidate> candidates_;
};

// −log2 of the softmax of `logits` at a token.
[[nodiscard]] double cost_in_bits(std::span<const float> logits, Token token);

}  // namespace lilt::compose
