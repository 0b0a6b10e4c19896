#include "eval/likelihood.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

namespace lilt::eval {
namespace {

constexpr std::size_t kStreams = 16;  // tunes in step, so that weights are read once for all

// −ln of the softmax of `logits` at `target`.
double nats(std::span<const float> logits, Token target) {
  const double largest = static_cast<double>(*std::ranges::max_element(logits));
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
  return std::log(sum) + largest - static_cast<double>(logits[target]);
}

// The tunes of one batch, longest first.
corpus::Figures measure_batch(const infer::Weights& weights, const corpus::TuneSet& tunes,
                              std::span<const std::size_t> batch, Token newline) {
  corpus::Figures figures;
  figures.tunes = batch.size();
  const std::size_t vocabulary = weights.config().vocabulary;
  infer::Engine engine(weights, batch.size());
  std::vector<Token> inputs(batch.size(), newline);
  for (std::size_t i = 0; i < tunes.tune(batch.front()).size(); ++i) {
    const std::span<const float> logits = engine.step(inputs);
    for (std::size_t n = 0; n < batch.size(); ++n) {
      const std::span<const Token> tune = tunes.tune(batch[n]);
      if (i >= tune.size()) continue;
      const bool known = tune[i] != kUnknownToken;
      figures.add(tunes.kinds_of(batch[n])[i], tune[i],
                  known ? nats(logits.subspan(n * vocabulary, vocabulary), tune[i]) : 0);
      inputs[n] = tune[i];
    }
  }
  return figures;
}

}  // namespace

corpus::Figures measure_likelihood(const infer::Weights& weights, const corpus::TuneSet& tunes,
                                   Token newline, std::size_t threads,
                                   const std::function<void(std::size_t)>& progress) {
  std::vector<std::size_t> by_length(tunes.tunes());
  std::iota(by_length.begin(), by_length.end(), std::size_t{0});
  std::ranges::stable_sort(by_length, std::greater<>(),
                           [&](std::size_t i) { return tunes.tune(i).size(); });
  const std::size_t batches = (by_length.size() + kStreams - 1) / kStreams;
  std::vector<corpus::Figures> parts(batches);

  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t done = 0;
  const auto work = [&] {
    for (std::size_t b = next++; b < batches; b = next++) {
      const std::size_t first = b * kStreams;
      const auto batch =
          std::span(by_length).subspan(first, std::min(kStreams, by_length.size() - first));
      parts[b] = measure_batch(weights, tunes, batch, newline);
      const std::lock_guard lock(mutex);
      done += parts[b].characters;
      if (progress) progress(done);
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(threads, batches); ++i) helpers.emplace_back(work);
    work();
  }
  corpus::Figures total;
  for (const corpus::Figures& part : parts) total += part;
  return total;
}

}  // namespace lilt::eval
