#include "eval/likelihood.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numbers>
#include <numeric>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "infer/engine.h"

namespace lilt::eval {
namespace {

constexpr std::size_t kStreams = 16;  // tunes in step, so that weights are read once for all

// −ln of the softmax of `logits` at `target`: in double precision, since it is figures that come of
// it, and not, as in compose/sampling.cc, with the same bits on every CPU.
double nats(std::span<const float> logits, Token target) {
  const double largest = static_cast<double>(*std::ranges::max_element(logits));
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
  return std::log(sum) + largest - static_cast<double>(logits[target]);
}

constexpr std::size_t kNoTune = static_cast<std::size_t>(-1);

// Puts the figures of the tunes of one batch, longest first, and the bits of their tokens into
// `likelihood`, which has those of all tunes. Returns the first tune whose prediction is not
// finite.
std::size_t measure_batch(const infer::Weights& weights, const corpus::TuneSet& tunes,
                          std::span<const std::size_t> batch, Token newline,
                          Likelihood& likelihood) {
  std::size_t overflowed = kNoTune;
  for (const std::size_t tune : batch) likelihood.tunes[tune].tunes = 1;
  infer::Engine engine(weights, batch.size());
  std::vector<Token> inputs(batch.size(), newline);
  std::vector<Token> features(tunes.feature_count * batch.size(), kUnknownToken);
  for (std::size_t i = 0; i < tunes.tune(batch.front()).size(); ++i) {
    for (std::size_t n = 0; n < batch.size() && !features.empty(); ++n) {
      if (i >= tunes.tune(batch[n]).size()) continue;
      const std::span<const std::uint8_t> told = tunes.features_of(batch[n], i);
      for (std::size_t k = 0; k < told.size(); ++k) features[k * batch.size() + n] = told[k];
    }
    const std::span<const float> logits = engine.step(inputs, features);
    const std::size_t vocabulary = logits.size() / batch.size();
    for (std::size_t n = 0; n < batch.size(); ++n) {
      const std::span<const Token> tune = tunes.tune(batch[n]);
      if (i >= tune.size()) continue;
      const bool known = tune[i] != kUnknownToken;
      const double cost = known ? nats(logits.subspan(n * vocabulary, vocabulary), tune[i]) : 0;
      if (!std::isfinite(cost)) overflowed = std::min(overflowed, batch[n]);
      likelihood.tunes[batch[n]].add(tunes.kinds_of(batch[n])[i], tune[i], cost);
      likelihood.bits[tunes.starts[batch[n]] + i] =
          known ? cost / std::numbers::ln2 : corpus::kUnknownBits;
      inputs[n] = tune[i];
    }
  }
  return overflowed;
}

Error weights_too_large(const std::string& what) {
  return {ErrorCode::kNumeric,
          "the weights are too large: " + what + " is not finite; train the model anew"};
}

// Sums the figures of the tunes, unless one has overflowed.
Result<Likelihood> summed(Likelihood likelihood, std::size_t overflowed) {
  if (overflowed != kNoTune) {
    return weights_too_large("the prediction of tune " + std::to_string(overflowed + 1) + " of " +
                             std::to_string(likelihood.tunes.size()));
  }
  for (const corpus::Figures& figures : likelihood.tunes) likelihood.total += figures;
  if (!std::isfinite(likelihood.total.perplexity())) return weights_too_large("the perplexity");
  return likelihood;
}

}  // namespace

Result<Likelihood> measure_likelihood(const infer::Weights& weights, const corpus::TuneSet& tunes,
                                      Token newline, std::size_t threads,
                                      const std::function<bool(std::size_t)>& progress) {
  std::vector<std::size_t> by_length(tunes.tunes());
  std::iota(by_length.begin(), by_length.end(), std::size_t{0});
  std::ranges::stable_sort(by_length, std::greater<>(),
                           [&](std::size_t i) { return tunes.tune(i).size(); });
  const std::size_t batches = (by_length.size() + kStreams - 1) / kStreams;
  Likelihood likelihood{.tunes = std::vector<corpus::Figures>(tunes.tunes()),
                        .bits = std::vector<double>(tunes.tokens.size())};

  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::size_t done = 0, overflowed = kNoTune;
  const auto work = [&] {
    for (std::size_t b = next++; b < batches && !stopped; b = next++) {
      const std::size_t first = b * kStreams;
      const auto batch =
          std::span(by_length).subspan(first, std::min(kStreams, by_length.size() - first));
      const std::size_t failed = measure_batch(weights, tunes, batch, newline, likelihood);
      const std::lock_guard lock(mutex);
      overflowed = std::min(overflowed, failed);
      for (const std::size_t tune : batch) done += likelihood.tunes[tune].characters;
      if (progress && !progress(done)) stopped = true;
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(threads, batches); ++i) helpers.emplace_back(work);
    work();
  }
  if (stopped) return Error{ErrorCode::kStopped, "interrupted"};
  return summed(std::move(likelihood), overflowed);
}

}  // namespace lilt::eval
