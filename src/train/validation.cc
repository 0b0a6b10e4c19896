#include "train/validation.h"

#include <algorithm>
#include <numeric>

namespace lilt::train {
namespace {

void clear_state(nn::Network& network) {
  for (std::size_t l = 0; l < network.config().hidden.size(); ++l) {
    std::ranges::fill(network.hidden_state(l), 0.0F);
    std::ranges::fill(network.cell_state(l), 0.0F);
  }
}

}  // namespace

Validator::Validator(const corpus::TuneSet& tunes, const Vocabulary& vocabulary,
                     const nn::Network& network)
    : tunes_(tunes),
      newline_(vocabulary.token(U'\n')),
      by_length_(tunes.tunes()),
      inputs_(network.steps() * network.batch()),
      targets_(inputs_.size()),
      features_(tunes.feature_count * inputs_.size()),
      nats_(inputs_.size()) {
  std::iota(by_length_.begin(), by_length_.end(), std::size_t{0});
  std::ranges::stable_sort(by_length_, std::greater<>(),
                           [&](std::size_t i) { return tunes.tune(i).size(); });
}

corpus::Figures Validator::measure(nn::Network& network) {
  corpus::Figures figures;
  for (std::size_t first = 0; first < by_length_.size(); first += network.batch()) {
    const std::size_t count = std::min(network.batch(), by_length_.size() - first);
    clear_state(network);
    measure_batch(network, std::span(by_length_).subspan(first, count), figures);
  }
  return figures;
}

void Validator::measure_batch(nn::Network& network, std::span<const std::size_t> batch,
                              corpus::Figures& figures) {
  const std::size_t streams = network.batch();
  const std::size_t longest = tunes_.tune(batch.front()).size();
  figures.tunes += batch.size();
  for (std::size_t first = 0; first < longest; first += network.steps()) {
    std::ranges::fill(inputs_, kUnknownToken);  // past a tune's end, and streams without a tune
    std::ranges::fill(targets_, kUnknownToken);
    std::ranges::fill(features_, kUnknownToken);
    for (std::size_t n = 0; n < batch.size(); ++n) {
      const std::span<const Token> tune = tunes_.tune(batch[n]);
      for (std::size_t t = 0; t < network.steps() && first + t < tune.size(); ++t) {
        inputs_[t * streams + n] = first + t == 0 ? newline_ : tune[first + t - 1];
        targets_[t * streams + n] = tune[first + t];
        if (features_.empty()) continue;
        const std::span<const std::uint8_t> told = tunes_.features_of(batch[n], first + t);
        for (std::size_t k = 0; k < told.size(); ++k) {
          features_[k * inputs_.size() + t * streams + n] = told[k];
        }
      }
    }
    network.score({inputs_, features_}, targets_, nats_);
    for (std::size_t n = 0; n < batch.size(); ++n) {
      const std::span<const Token> tune = tunes_.tune(batch[n]);
      const std::span<const corpus::CharacterKind> kinds = tunes_.kinds_of(batch[n]);
      for (std::size_t t = 0; t < network.steps() && first + t < tune.size(); ++t) {
        figures.add(kinds[first + t], tune[first + t], static_cast<double>(nats_[t * streams + n]));
      }
    }
  }
}

}  // namespace lilt::train
