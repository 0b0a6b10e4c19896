#include "infer/engine.h"

#include <algorithm>
#include <cassert>

#include "infer/gates.h"
#include "infer/product.h"

namespace lilt::infer {
namespace {

std::size_t widest_layer(const ModelConfig& config) {
  return *std::max_element(config.hidden.begin(), config.hidden.end());
}

}  // namespace

Weights::Weights(const ModelView& model)
    : config_(model.config),
      layout_(parameter_layout(model.config)),
      tensors_(make_large_array(layout_.count)) {
  model.copy_weights({tensors_.get(), layout_.count});
}

Engine::Engine(const Weights& weights, std::size_t streams)
    : weights_(weights),
      streams_(streams),
      gates_(streams * weights.config().gates() * widest_layer(weights.config())),
      logits_(streams * weights.config().vocabulary) {
  const ModelConfig& config = weights.config();
  for (const std::size_t h : config.hidden) {
    hidden_.emplace_back(streams * h);
    cell_.emplace_back(streams * h);
  }
  input_tables_ = make_tables(weights.layout_.layers[0].input, config.gates() * config.hidden[0]);
  if (!config.residual) return;
  below_.resize(streams * config.hidden[0]);
  skip_tables_ = make_tables(weights.layout_.skip, config.hidden[0]);
}

Engine::Tables Engine::make_tables(std::size_t matrix, std::size_t columns) const {
  const ModelConfig& config = weights_.config_;
  const float* tensors = weights_.tensors_.get();
  Tables tables;
  const auto add = [&](std::size_t embedding, std::size_t values, std::size_t width) {
    tables.push_back({tensors + embedding, width, tensors + matrix, columns,
                      std::vector<float>(values * columns), std::vector<bool>(values)});
    matrix += width * columns;
  };
  add(weights_.layout_.embedding, config.vocabulary, config.embedding);
  for (std::size_t k = 0; k < config.features.size(); ++k) {
    add(weights_.layout_.features[k], config.features[k].values, config.features[k].width);
  }
  return tables;
}

void Engine::reset(std::size_t stream) {
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    const std::size_t h = weights_.config_.hidden[l];
    std::fill_n(hidden_[l].data() + stream * h, h, 0.0F);
    std::fill_n(cell_[l].data() + stream * h, h, 0.0F);
  }
}

std::span<const float> Engine::step(std::span<const Token> tokens,
                                    std::span<const Token> features) {
  assert(tokens.size() == streams_);
  assert(features.empty() || features.size() == streams_ * weights_.config_.features.size());
  const ModelConfig& config = weights_.config_;
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    l == 0 ? feed_first_layer(tokens, features) : feed_layer(l);
    step_layer(l);
  }
  const float* bias = weights_.tensors_.get() + weights_.layout_.dense_bias;
  for (std::size_t n = 0; n < streams_; ++n) {
    std::copy_n(bias, config.vocabulary, logits_.data() + n * config.vocabulary);
  }
  multiply_add(output(), streams_, config.hidden.back(),
               weights_.tensors_.get() + weights_.layout_.dense_weight, config.vocabulary,
               logits_.data());
  return logits_;
}

namespace {

void add_to(const float* row, std::size_t columns, float* sum) {
  for (std::size_t j = 0; j < columns; ++j) sum[j] += row[j];
}

}  // namespace

// sum += the rows of what a stream is told; an unknown value adds nothing.
void Engine::look_up(Tables& tables, std::size_t stream, std::span<const Token> tokens,
                     std::span<const Token> features, float* sum) const {
  const auto add = [&](Table& table, Token value) {
    if (value == kUnknownToken) return;
    float* row = table.rows.data() + value * table.columns;
    if (!table.is_made[value]) {
      multiply_add(table.embedding + value * table.width, 1, table.width, table.matrix,
                   table.columns, row);
      table.is_made[value] = true;
    }
    add_to(row, table.columns, sum);
  };
  add(tables[0], tokens[stream]);
  if (features.empty()) return;
  for (std::size_t k = 1; k < tables.size(); ++k) {
    add(tables[k], features[(k - 1) * streams_ + stream]);
  }
}

// What the products are added to: the bias, if it does not come after normalisation.
void Engine::start_gates(std::size_t l) {
  const std::size_t gates = weights_.config_.gates() * weights_.config_.hidden[l];
  const float* bias = weights_.tensors_.get() + weights_.layout_.layers[l].bias;
  for (std::size_t n = 0; n < streams_; ++n) {
    float* z = gates_.data() + n * gates;
    weights_.config_.layer_normalisation ? std::fill_n(z, gates, 0.0F)
                                         : std::copy_n(bias, gates, z);
  }
}

void Engine::feed_first_layer(std::span<const Token> tokens, std::span<const Token> features) {
  const std::size_t h = weights_.config_.hidden[0], gates = weights_.config_.gates() * h;
  start_gates(0);
  std::fill(below_.begin(), below_.end(), 0.0F);
  for (std::size_t n = 0; n < streams_; ++n) {
    look_up(input_tables_, n, tokens, features, gates_.data() + n * gates);
    if (!skip_tables_.empty()) look_up(skip_tables_, n, tokens, features, below_.data() + n * h);
  }
}

void Engine::feed_layer(std::size_t l) {
  const std::size_t gates = weights_.config_.gates() * weights_.config_.hidden[l];
  const float* tensors = weights_.tensors_.get();
  start_gates(l);
  const float* x = weights_.config_.residual ? below_.data() : hidden_[l - 1].data();
  multiply_add(x, streams_, weights_.config_.hidden[l - 1],
               tensors + weights_.layout_.layers[l].input, gates, gates_.data());
}

// From the input's part of z to the layer's output.
void Engine::step_layer(std::size_t l) {
  const ModelConfig& config = weights_.config_;
  const LayerOffsets& at = weights_.layout_.layers[l];
  const float* tensors = weights_.tensors_.get();
  const std::size_t h = config.hidden[l], gates = config.gates() * h;
  multiply_add(hidden_[l].data(), streams_, h, tensors + at.recurrent, gates, gates_.data());
  for (std::size_t n = 0; n < streams_; ++n) {
    float* z = gates_.data() + n * gates;
    if (config.layer_normalisation) {
      normalise_gates(z, tensors + at.gain, tensors + at.bias, config.gates(), h);
    }
    lstm_gates(z, cell_[l].data() + n * h, hidden_[l].data() + n * h, h, config.gate_activation,
               config.coupled_gates);
  }
  if (config.residual) add_to(hidden_[l].data(), below_.size(), below_.data());
}

// What the last layer hands on, [streams, H].
const float* Engine::output() const {
  return weights_.config_.residual ? below_.data() : hidden_.back().data();
}

}  // namespace lilt::infer
