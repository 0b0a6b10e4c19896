#include "compose/sampling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "infer/exponential.h"

namespace lilt::compose {
namespace {

// Unnormalised probabilities, the greatest being 1: calls use(token, e^((logit − greatest) /
// temperature)) for each token in turn.
template <class Use>
void for_probabilities(std::span<const float> logits, double temperature, const Use& use) {
  constexpr std::size_t kStep = 64;
  const float largest = *std::max_element(logits.begin(), logits.end());
  std::array<float, kStep> below;
  std::array<double, kStep> e;
  for (std::size_t first = 0; first < logits.size(); first += kStep) {
    const std::size_t count = std::min(kStep, logits.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      const double difference = static_cast<double>(logits[first + k] - largest);
      below[k] = static_cast<float>(difference / temperature);
    }
    infer::exponentials(std::span(below).first(count), e.data());
    for (std::size_t k = 0; k < count; ++k) use(static_cast<Token>(first + k), e[k]);
  }
}

}  // namespace

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

void Sampler::soften(std::span<const float> logits) {
  candidates_.clear();
  for_probabilities(logits, options_.temperature, [&](Token token, double probability) {
    candidates_.push_back({probability, token});
  });
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
  for_probabilities(logits, 1, [&](Token, double probability) { sum += probability; });
  return std::log2(sum) - static_cast<double>(logits[token] - largest) / std::numbers::ln2;
}

}  // namespace lilt::compose
