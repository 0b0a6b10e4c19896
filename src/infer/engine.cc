#include "infer/engine.h"

#include <algorithm>
#include <cassert>

#include "infer/gates.h"
#include "infer/product.h"

namespace lilt::infer {

Weights::Weights(const ModelView& model)
    : config_(model.config),
      layout_(parameter_layout(model.config)),
      tensors_(make_large_array(layout_.count)) {
  model.copy_weights({tensors_.get(), layout_.count});
}

Engine::Engine(const Weights& weights, std::size_t streams)
    : weights_(weights),
      streams_(streams),
      gates_(streams * 4 * std::ranges::max(weights.config().hidden)),
      logits_(streams * weights.config().vocabulary),
      table_(weights.config().vocabulary * 4 * weights.config().hidden[0]),
      in_table_(weights.config().vocabulary) {
  for (const std::size_t h : weights.config().hidden) {
    hidden_.emplace_back(streams * h);
    cell_.emplace_back(streams * h);
  }
}

void Engine::reset() {
  for (auto* states : {&hidden_, &cell_}) {
    for (std::vector<float>& state : *states) std::ranges::fill(state, 0.0F);
  }
}

std::span<const float> Engine::step(std::span<const Token> tokens) {
  assert(tokens.size() == streams_);
  const ModelConfig& config = weights_.config_;
  for (std::size_t l = 0; l < config.hidden.size(); ++l) feed_layer(l, tokens);
  const float* bias = weights_.tensors_.get() + weights_.layout_.dense_bias;
  for (std::size_t n = 0; n < streams_; ++n) {
    std::copy_n(bias, config.vocabulary, logits_.data() + n * config.vocabulary);
  }
  multiply_add(hidden_.back().data(), streams_, config.hidden.back(),
               weights_.tensors_.get() + weights_.layout_.dense_weight, config.vocabulary,
               logits_.data());
  return logits_;
}

// The first layer's z but for the recurrent part; an unknown token leaves the bias alone.
const float* Engine::folded_input(Token token) {
  const ModelConfig& config = weights_.config_;
  const float* tensors = weights_.tensors_.get();
  const float* bias = tensors + weights_.layout_.layers[0].bias;
  if (token == kUnknownToken) return bias;
  const std::size_t gates = 4 * config.hidden[0];
  float* row = table_.data() + token * gates;
  if (!in_table_[token]) {
    std::copy_n(bias, gates, row);
    multiply_add(tensors + weights_.layout_.embedding + token * config.embedding, 1,
                 config.embedding, tensors + weights_.layout_.layers[0].input, gates, row);
    in_table_[token] = true;
  }
  return row;
}

void Engine::feed_layer(std::size_t l, std::span<const Token> tokens) {
  const std::size_t h = weights_.config_.hidden[l], gates = 4 * h;
  const float* tensors = weights_.tensors_.get();
  const float* bias = tensors + weights_.layout_.layers[l].bias;
  for (std::size_t n = 0; n < streams_; ++n) {
    std::copy_n(l == 0 ? folded_input(tokens[n]) : bias, gates, gates_.data() + n * gates);
  }
  if (l > 0) {
    multiply_add(hidden_[l - 1].data(), streams_, weights_.config_.hidden[l - 1],
                 tensors + weights_.layout_.layers[l].input, gates, gates_.data());
  }
  multiply_add(hidden_[l].data(), streams_, h, tensors + weights_.layout_.layers[l].recurrent,
               gates, gates_.data());
  for (std::size_t n = 0; n < streams_; ++n) {
    lstm_gates(gates_.data() + n * gates, cell_[l].data() + n * h, hidden_[l].data() + n * h, h,
               weights_.config_.gate_activation);
  }
}

}  // namespace lilt::infer
