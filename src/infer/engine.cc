#include "infer/engine.h"

#include <algorithm>
#include <cassert>

#include "infer/gates.h"
#include "infer/vector_steps.h"

namespace lilt::infer {
namespace {

std::size_t widest_layer(const ModelConfig& config) {
  return *std::max_element(config.hidden.begin(), config.hidden.end());
}

void add_to(const float* row, std::size_t columns, float* sum) {
  for (std::size_t j = 0; j < columns; ++j) sum[j] += row[j];
}

}  // namespace

Engine::Engine(const Weights& weights, std::size_t streams)
    : weights_(weights),
      streams_(streams),
      zeros_(weights.config().gates() * widest_layer(weights.config())),
      gates_(streams * zeros_.size()),
      logits_(streams * weights.config().vocabulary),
      rows_(streams, 1 + weights.config().features.size()),
      skip_rows_(streams, rows_.most),
      rounded_(streams,
               weights.precision() == Precision::kEightBit ? widest_layer(weights.config()) : 0) {
  const ModelConfig& config = weights.config();
  for (const std::size_t h : config.hidden) {
    hidden_.emplace_back(streams * h);
    cell_.emplace_back(streams * h);
  }
  if (config.residual) below_.resize(streams * config.hidden[0]);
}

void Engine::reset(std::size_t stream) {
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    const std::size_t h = weights_.config_.hidden[l];
    std::fill_n(hidden_[l].data() + stream * h, h, 0.0F);
    std::fill_n(cell_[l].data() + stream * h, h, 0.0F);
  }
}

void Engine::copy_state(std::size_t from, std::size_t to) {
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    const std::size_t h = weights_.config_.hidden[l];
    for (AlignedVector<float>* const state : {&hidden_[l], &cell_[l]}) {
      std::copy_n(state->data() + from * h, h, state->data() + to * h);
    }
  }
}

std::span<const float> Engine::step(std::span<const Token> tokens,
                                    std::span<const Token> features) {
  const ModelConfig& config = weights_.config_;
  streams_ = tokens.size();
  assert(streams_ * config.vocabulary <= logits_.size());
  assert(features.empty() || features.size() == streams_ * config.features.size());
  const std::size_t layers = config.hidden.size();
  for (std::size_t l = 0; l < layers; ++l) {
    l == 0 ? feed_first_layer(tokens, features) : feed_layer(l);
    step_layer(l);
  }
  for (std::size_t n = 0; n < streams_; ++n) {
    std::copy_n(weights_.dense_bias_.data(), config.vocabulary,
                logits_.data() + n * config.vocabulary);
  }
  add_product(handed_on(layers - 1), weights_.dense_, logits_.data());
  return std::span(logits_).first(streams_ * config.vocabulary);
}

// The first layer's input, into the gates, and what goes past it.
void Engine::feed_first_layer(std::span<const Token> tokens, std::span<const Token> features) {
  const FoldedTables &input = weights_.input_, &skip = weights_.skip_;
  const std::size_t tables = features.empty() ? 1 : rows_.most;
  rows_.clear();
  skip_rows_.clear();
  for (std::size_t n = 0; n < streams_; ++n) {
    for (std::size_t k = 0; k < tables; ++k) {
      const Token value = k == 0 ? tokens[n] : features[(k - 1) * streams_ + n];
      if (value == kUnknownToken) continue;
      rows_.add(n, input.row(k, value));
      if (!below_.empty()) skip_rows_.add(n, skip.row(k, value));
    }
  }
  add_rows(gates_before_products(0), rows_, streams_, input.columns(), gates_.data());
  if (!below_.empty()) {
    add_rows(zeros_.data(), skip_rows_, streams_, skip.columns(), below_.data());
  }
}

void Engine::feed_layer(std::size_t l) {
  const std::size_t gates = weights_.config_.gates() * weights_.config_.hidden[l];
  for (std::size_t n = 0; n < streams_; ++n) {
    std::copy_n(gates_before_products(l), gates, gates_.data() + n * gates);
  }
  add_product(handed_on(l - 1), weights_.layers_[l].input, gates_.data());
}

// From the input's part of z to the layer's output.
void Engine::step_layer(std::size_t l) {
  const Weights::Layer& layer = weights_.layers_[l];
  const ModelConfig& config = weights_.config_;
  const std::size_t h = config.hidden[l], gates = config.gates() * h;
  add_product(hidden_[l].data(), layer.recurrent, gates_.data());
  for (std::size_t n = 0; n < streams_; ++n) {
    float* z = gates_.data() + n * gates;
    if (config.layer_normalisation) {
      normalise_gates(z, layer.gain.data(), layer.bias.data(), config.gates(), h);
    }
    lstm_gates(z, cell_[l].data() + n * h, hidden_[l].data() + n * h, h, config.gate_activation,
               config.coupled_gates);
  }
  if (config.residual) add_to(hidden_[l].data(), streams_ * h, below_.data());
}

// What the products are added to: the bias, if it does not come after normalisation.
const float* Engine::gates_before_products(std::size_t l) const {
  return weights_.config_.layer_normalisation ? zeros_.data() : weights_.layers_[l].bias.data();
}

// [streams, H], to the layer above.
const float* Engine::handed_on(std::size_t l) const {
  return weights_.config_.residual ? below_.data() : hidden_[l].data();
}

// y [streams, columns] += x [streams, inner] · matrix.
void Engine::add_product(const float* x, const Matrix& matrix, float* y) {
  if (const auto* single = std::get_if<FloatMatrix>(&matrix)) {
    multiply_add(x, streams_, *single, y);
  } else if (const auto* eight_bit = std::get_if<EightBitMatrix>(&matrix)) {
    rounded_.round(x, streams_, eight_bit->inner());
    multiply_add(rounded_, *eight_bit, y);
  }
}

}  // namespace lilt::infer
