#include "compose/sampling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "infer/exponential.h"

namespace lilt::compose {
namespace {

constexpr float kForbidden = -std::numeric_limits<float>::infinity();

}  // namespace

Token Sampler::draw(std::span<const float> logits, double random) {
  if (options_.temperature == 0) {
    return static_cast<Token>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  }
  soften(logits);
  keep_most_probable(logits.size());
  double total = 0;
  for (const Candidate& c : candidates_) total += c.probability;
  double left = random * total;
  Token drawn = 0;
  for (const Candidate& c : candidates_) {
    if (c.probability == 0) continue;  // even if rounding leaves a hair of the total over
    drawn = c.token;
    left -= c.probability;
    if (left < 0) break;
  }
  return drawn;
}

// Unnormalised probabilities of what can be drawn, the greatest being 1.
void Sampler::soften(std::span<const float> logits) {
  candidates_.clear();
  below_.clear();
  for (std::size_t v = 0; v < logits.size(); ++v) {
    if (!(logits[v] > kForbidden)) continue;
    candidates_.push_back({0, static_cast<Token>(v)});
    below_.push_back(logits[v]);
  }
  if (candidates_.empty()) return;
  const float largest = *std::max_element(below_.begin(), below_.end());
  for (float& logit : below_) {
    logit = static_cast<float>(static_cast<double>(logit - largest) / options_.temperature);
  }
  powers_.resize(below_.size());
  infer::exponentials(below_, powers_.data());
  for (std::size_t k = 0; k < candidates_.size(); ++k) candidates_[k].probability = powers_[k];
}

// In their order, unless nothing could be left out of the whole vocabulary.
void Sampler::keep_most_probable(std::size_t vocabulary) {
  const bool all = (options_.top_k == 0 || options_.top_k >= vocabulary) && options_.top_p >= 1;
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
  constexpr std::size_t kStep = 64;
  const float largest = *std::max_element(logits.begin(), logits.end());
  std::array<float, kStep> below;
  std::array<double, kStep> powers;
  double sum = 0;
  for (std::size_t first = 0; first < logits.size(); first += kStep) {
    const std::size_t count = std::min(kStep, logits.size() - first);
    for (std::size_t k = 0; k < count; ++k) below[k] = logits[first + k] - largest;
    infer::exponentials(std::span(below).first(count), powers.data());
    for (std::size_t k = 0; k < count; ++k) sum += powers[k];
  }
  return std::log2(sum) - static_cast<double>(logits[token] - largest) / std::numbers::ln2;
}

}  // namespace lilt::compose
