#include "compose/sampling.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "infer/exponential.h"

namespace lilt::compose {
namespace {

// e^x for x of at most 0. What is too small to matter, and infinite logits of a stranger's weights,
// which leave no number, become 0.
double exponential_of(float x) {
  if (!(x > -80)) return 0;
  const infer::Exponential e = infer::exponential(x);
  return static_cast<double>(e.s) * static_cast<double>(e.p) + static_cast<double>(e.s);
}

}  // namespace

Status validate(const SamplingOptions& options) {
  if (!(options.temperature >= 0 && std::isfinite(options.temperature))) {
    return Error{ErrorCode::kOption, "expected a --temperature of at least 0"};
  }
  if (!(options.top_p > 0 && options.top_p <= 1)) {
    return Error{ErrorCode::kOption, "expected a --top-p of more than 0 and at most 1"};
  }
  return success();
}

Sampler::Sampler(const SamplingOptions& options, std::size_t vocabulary) : options_(options) {
  candidates_.reserve(vocabulary);
}

Token Sampler::draw(std::span<const float> logits, double random) {
  if (options_.temperature == 0) {
    return static_cast<Token>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  }
  soften(logits);
  keep_most_probable();
  double total = 0;
  for (const Candidate& c : candidates_) total += c.probability;
  double left = random * total;
  const Candidate* drawn = candidates_.data();
  for (const Candidate& c : candidates_) {
    if (c.probability == 0) continue;  // even if rounding leaves a hair of the total over
    drawn = &c;
    left -= c.probability;
    if (left < 0) break;
  }
  return drawn->token;
}

// Unnormalised probabilities e^(logit / temperature), the greatest being 1.
void Sampler::soften(std::span<const float> logits) {
  const float largest = *std::max_element(logits.begin(), logits.end());
  candidates_.clear();
  for (std::size_t v = 0; v < logits.size(); ++v) {
    const double below = static_cast<double>(logits[v] - largest) / options_.temperature;
    candidates_.push_back({exponential_of(static_cast<float>(below)), static_cast<Token>(v)});
  }
}

void Sampler::keep_most_probable() {
  const bool all =
      (options_.top_k == 0 || options_.top_k >= candidates_.size()) && options_.top_p >= 1;
  if (all) return;
  const auto is_first = [](const Candidate& a, const Candidate& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.token < b.token;
  };
  std::sort(candidates_.begin(), candidates_.end(), is_first);
  if (options_.top_k > 0) candidates_.resize(std::min(candidates_.size(), options_.top_k));
  double total = 0;
  for (const Candidate& c : candidates_) total += c.probability;
  double sum = 0;
  const auto is_enough = [&](const Candidate& c) {
    sum += c.probability;
    return sum >= options_.top_p * total;
  };
  const auto enough = std::find_if(candidates_.begin(), candidates_.end(), is_enough);
  if (enough != candidates_.end()) candidates_.erase(enough + 1, candidates_.end());
}

double cost_in_bits(std::span<const float> logits, Token token) {
  const float largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const float logit : logits) sum += exponential_of(logit - largest);
  return std::log2(sum) - static_cast<double>(logits[token] - largest) / std::numbers::ln2;
}

}  // namespace lilt::compose
