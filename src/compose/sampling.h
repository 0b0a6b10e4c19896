// Drawing the next character: processors that reshape the distribution, and the draw itself, a
// pure function of probabilities and a supplied random number.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/field.h"
#include "base/result.h"
#include "model/vocabulary.h"

namespace lilt::compose {

struct SamplingOptions {
  double temperature = 1;  // below 1: more cautious; 0: always the most probable
  std::size_t top_k = 0;   // only the k most probable; 0: all
  double top_p = 1;        // only the fewest whose probabilities sum to at least p
};

// Its fields, under a heading.
template <class Options, class Visit>
void visit_sampling(Options& o, std::string_view group, Visit&& visit) {
  visit(Field{.name = "temperature",
              .help = "Below 1 more cautious, above 1 bolder; 0 always the most probable",
              .group = group,
              .least = 0},
        o.temperature);
  visit(Field{.name = "top_k",
              .help = "Only the K most probable characters; 0: all",
              .group = group,
              .value = "K"},
        o.top_k);
  visit(Field{.name = "top_p",
              .help = "Only the fewest characters whose probabilities reach P",
              .group = group,
              .value = "P",
              .above = 0,
              .most = 1},
        o.top_p);
}
template <FieldsOf<SamplingOptions> Options, class Visit>
void visit_fields(Options& options, Visit&& visit) {
  visit_sampling(options, "", visit);
}

class Sampler {
 public:
  explicit Sampler(std::size_t vocabulary) {
    candidates_.reserve(vocabulary);
    below_.reserve(vocabulary);
    powers_.reserve(vocabulary);
  }
  Sampler(const SamplingOptions& options, std::size_t vocabulary) : Sampler(vocabulary) {
    use(options);
  }

  void use(const SamplingOptions& options) { options_ = options; }

  // Draws a token for `random` in [0, 1). A logit of −∞ is never drawn while another is finite. The
  // same on every CPU. Allocates nothing.
  [[nodiscard]] Token draw(std::span<const float> logits, double random);

 private:
  void soften(std::span<const float> logits);
  void keep_most_probable(std::size_t vocabulary);

  struct Candidate {
    double probability;
    Token token;
  };

  SamplingOptions options_;
  std::vector<Candidate> candidates_;
  std::vector<float> below_;    // of the candidates: logits, below the greatest
  std::vector<double> powers_;  // e to those
};

// −log2 of the softmax of `logits` at a token.
[[nodiscard]] double cost_in_bits(std::span<const float> logits, Token token);

}  // namespace lilt::compose
