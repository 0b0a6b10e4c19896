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
      window_nats_(inputs_.size()) {
  std::iota(by_length_.begin(), by_length_.end(), std::size_t{0});
  std::ranges::stable_sort(by_length_, std::greater<>(),
                           [&](std::size_t i) { return tunes.tune(i).size(); });
  std::size_t characters = 0;
  for (const std::size_t tune : by_length_) {
    begins_.push_back(characters);
    characters += tunes.tune(tune).size();
  }
  nats_.resize(characters);
  for (std::size_t first = 0; first < by_length_.size(); first += network.batch()) {
    const std::size_t longest = tunes.tune(by_length_[first]).size();
    batches_.push_back({.first = first,
                        .count = std::min(network.batch(), by_length_.size() - first),
                        .windows = (longest + network.steps() - 1) / network.steps()});
  }
}

corpus::Figures Validator::measure(nn::Network& network, Ranks& ranks) {
  std::vector<std::size_t> cuts = batches_of_ranks(ranks.size());
  for (std::size_t b = cuts[ranks.rank()]; b < cuts[ranks.rank() + 1]; ++b) {
    clear_state(network);
    measure_batch(network, batches_[b]);
  }
  for (std::size_t& cut : cuts) {
    cut = cut == batches_.size() ? nats_.size() : begins_[batches_[cut].first];
  }
  share(ranks, std::span(nats_), cuts);
  corpus::Figures figures;
  figures.tunes = by_length_.size();
  for (const Batch& batch : batches_) add_batch(network, batch, figures);
  return figures;
}

// Where the batches are cut so that all ranks have about as many windows to measure.
std::vector<std::size_t> Validator::batches_of_ranks(std::size_t ranks) const {
  std::size_t windows = 0;
  for (const Batch& batch : batches_) windows += batch.windows;
  std::vector<std::size_t> cuts{0};
  std::size_t before = 0;
  for (std::size_t b = 0; b < batches_.size(); ++b) {
    before += batches_[b].windows;
    while (before * ranks >= windows * cuts.size() && cuts.size() <= ranks) cuts.push_back(b + 1);
  }
  return cuts;
}

void Validator::measure_batch(nn::Network& network, const Batch& batch) {
  const std::size_t streams = network.batch();
  for (std::size_t w = 0; w < batch.windows; ++w) {
    const std::size_t first = w * network.steps();
    fill_window(network, batch, first);
    network.score({inputs_, features_}, targets_, window_nats_);
    for (std::size_t n = 0; n < batch.count; ++n) {
      const std::size_t size = tunes_.tune(by_length_[batch.first + n]).size();
      for (std::size_t t = 0; t < network.steps() && first + t < size; ++t) {
        nats_[begins_[batch.first + n] + first + t] = window_nats_[t * streams + n];
      }
    }
  }
}

// The characters from `first` on of each tune.
void Validator::fill_window(const nn::Network& network, const Batch& batch, std::size_t first) {
  const std::size_t streams = network.batch();
  std::ranges::fill(inputs_, kUnknownToken);  // past a tune's end, and streams without a tune
  std::ranges::fill(targets_, kUnknownToken);
  std::ranges::fill(features_, kUnknownToken);
  for (std::size_t n = 0; n < batch.count; ++n) {
    const std::size_t index = by_length_[batch.first + n];
    const std::span<const Token> tune = tunes_.tune(index);
    for (std::size_t t = 0; t < network.steps() && first + t < tune.size(); ++t) {
      inputs_[t * streams + n] = first + t == 0 ? newline_ : tune[first + t - 1];
      targets_[t * streams + n] = tune[first + t];
      if (features_.empty()) continue;
      const std::span<const std::uint8_t> told = tunes_.features_of(index, first + t);
      for (std::size_t k = 0; k < told.size(); ++k) {
        features_[k * inputs_.size() + t * streams + n] = told[k];
      }
    }
  }
}

void Validator::add_batch(const nn::Network& network, const Batch& batch,
                          corpus::Figures& figures) const {
  const std::size_t steps = network.steps();
  for (std::size_t first = 0; first < batch.windows * steps; first += steps) {
    for (std::size_t n = 0; n < batch.count; ++n) {
      const std::size_t index = by_length_[batch.first + n];
      const std::span<const Token> tune = tunes_.tune(index);
      const std::span<const corpus::CharacterKind> kinds = tunes_.kinds_of(index);
      for (std::size_t c = first; c < std::min(first + steps, tune.size()); ++c) {
        figures.add(kinds[c], tune[c], static_cast<double>(nats_[begins_[batch.first + n] + c]));
      }
    }
  }
}

}  // namespace lilt::train
