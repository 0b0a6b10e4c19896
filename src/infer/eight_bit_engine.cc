#include "infer/eight_bit_engine.h"

#include <algorithm>
#include <cassert>

#include "base/large_array.h"
#include "infer/gates.h"
#include "infer/vector_steps.h"

namespace lilt::infer {

EightBitWeights::EightBitWeights(const ModelView& model) : config_(model.config) {
  const ParameterLayout layout = parameter_layout(config_);
  const LargeArray tensors = make_large_array(layout.count);
  model.copy_weights({tensors.get(), layout.count});
  const auto copy = [&](std::size_t offset, std::size_t count) {
    return std::vector<float>(tensors.get() + offset, tensors.get() + offset + count);
  };

  const std::size_t gates = config_.gates() * config_.hidden[0];
  std::size_t input = layout.layers[0].input, skip = layout.skip;
  const auto add_lookup = [&](std::size_t embedding, std::size_t values, std::size_t width) {
    const std::size_t skipped = config_.residual ? width * config_.hidden[0] : 0;
    lookups_.push_back({values, width, copy(embedding, values * width), copy(input, width * gates),
                        copy(skip, skipped)});
    input += width * gates;
    skip += skipped;
  };
  add_lookup(layout.embedding, config_.vocabulary, config_.embedding);
  for (std::size_t k = 0; k < config_.features.size(); ++k) {
    add_lookup(layout.features[k], config_.features[k].values, config_.features[k].width);
  }

  for (std::size_t l = 0; l < config_.hidden.size(); ++l) {
    const std::size_t h = config_.hidden[l], columns = config_.gates() * h;
    const LayerOffsets& at = layout.layers[l];
    Layer layer;
    if (l > 0) layer.input = {tensors.get() + at.input, config_.hidden[l - 1], columns};
    layer.recurrent = {tensors.get() + at.recurrent, h, columns};
    layer.bias = copy(at.bias, columns);
    if (config_.layer_normalisation) layer.gain = copy(at.gain, columns);
    layers_.push_back(std::move(layer));
  }
  dense_ = {tensors.get() + layout.dense_weight, config_.hidden.back(), config_.vocabulary};
  dense_bias_ = copy(layout.dense_bias, config_.vocabulary);
}

EightBitEngine::EightBitEngine(const EightBitWeights& weights, std::size_t streams)
    : weights_(weights), streams_(streams) {
  const ModelConfig& config = weights.config();
  const std::size_t columns = (config.gates() + (config.residual ? 1 : 0)) * config.hidden[0];
  for (const EightBitWeights::Lookup& lookup : weights.lookups_) {
    tables_.push_back(
        {columns, std::vector<float>(lookup.values * columns), std::vector<bool>(lookup.values)});
  }
  for (const std::size_t h : config.hidden) {
    inputs_.emplace_back(hidden_.empty() ? 0 : streams,
                         hidden_.empty() ? 0 : hidden_.back().size() / streams);
    hidden_.emplace_back(streams * h);
    cell_.emplace_back(streams * h);
    states_.emplace_back(streams, h);
  }
  output_ = EightBitRows(streams, config.hidden.back());
  zeros_.resize(config.gates() * *std::max_element(config.hidden.begin(), config.hidden.end()));
  gates_.resize(streams * zeros_.size());
  rows_.resize(tables_.size());
  if (config.residual) below_.resize(streams * config.hidden[0]);
  logits_.resize(streams * config.vocabulary);
}

void EightBitEngine::reset(std::size_t stream) {
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    const std::size_t h = weights_.config_.hidden[l];
    std::fill_n(hidden_[l].data() + stream * h, h, 0.0F);
    std::fill_n(cell_[l].data() + stream * h, h, 0.0F);
    states_[l].set(stream, hidden_[l].data() + stream * h);
  }
}

std::span<const float> EightBitEngine::step(std::span<const Token> tokens,
                                            std::span<const Token> features) {
  const ModelConfig& config = weights_.config_;
  assert(tokens.size() == streams_);
  assert(features.empty() || features.size() == streams_ * config.features.size());
  look_up(tokens, features);
  for (std::size_t l = 0; l < config.hidden.size(); ++l) step_layer(l);

  const std::size_t h = config.hidden.back(), vocabulary = config.vocabulary;
  const std::vector<float>& top = config.residual ? below_ : hidden_.back();
  for (std::size_t n = 0; n < streams_; ++n) {
    output_.set(n, top.data() + n * h);
    std::copy_n(weights_.dense_bias_.data(), vocabulary, logits_.data() + n * vocabulary);
  }
  multiply_add(output_, weights_.dense_, logits_.data());
  return logits_;
}

namespace {

void add_to(const float* row, std::size_t columns, float* sum) {
  for (std::size_t j = 0; j < columns; ++j) sum[j] += row[j];
}

}  // namespace

const float* EightBitEngine::row_of(std::size_t lookup, Token value) {
  Table& table = tables_[lookup];
  float* row = table.rows.data() + value * table.columns;
  if (!table.is_made[value]) {
    const EightBitWeights::Lookup& from = weights_.lookups_[lookup];
    const std::size_t h = weights_.config_.hidden[0], gates = weights_.config_.gates() * h;
    const float* x = from.embedding.data() + value * from.width;
    fold(x, from.width, from.input.data(), gates, row);
    if (!from.skip.empty()) fold(x, from.width, from.skip.data(), h, row + gates);
    table.is_made[value] = true;
  }
  return row;
}

// The first layer's input, into the gates, and what goes past it. An unknown value adds nothing.
void EightBitEngine::look_up(std::span<const Token> tokens, std::span<const Token> features) {
  const std::size_t h = weights_.config_.hidden[0], gates = weights_.config_.gates() * h;
  const std::size_t lookups = features.empty() ? 1 : tables_.size();
  for (std::size_t n = 0; n < streams_; ++n) {
    std::size_t count = 0;
    for (std::size_t k = 0; k < lookups; ++k) {
      const Token value = k == 0 ? tokens[n] : features[(k - 1) * streams_ + n];
      if (value != kUnknownToken) rows_[count++] = row_of(k, value);
    }
    const std::span rows = std::span<const float* const>(rows_).first(count);
    add_rows(gates_before_products(0), rows, gates, gates_.data() + n * gates);
    if (below_.empty()) continue;
    for (std::size_t k = 0; k < count; ++k) rows_[k] += gates;
    add_rows(zeros_.data(), rows, h, below_.data() + n * h);
  }
}

// What the products are added to: the bias, if it does not come after normalisation.
const float* EightBitEngine::gates_before_products(std::size_t l) const {
  return weights_.config_.layer_normalisation ? zeros_.data() : weights_.layers_[l].bias.data();
}

void EightBitEngine::step_layer(std::size_t l) {
  const EightBitWeights::Layer& layer = weights_.layers_[l];
  const ModelConfig& config = weights_.config_;
  const std::size_t h = config.hidden[l], gates = config.gates() * h;
  const bool residual = config.residual;
  if (l > 0) {
    const std::size_t c = config.hidden[l - 1];
    const float* below = residual ? below_.data() : hidden_[l - 1].data();
    for (std::size_t n = 0; n < streams_; ++n) {
      inputs_[l].set(n, below + n * c);
      std::copy_n(gates_before_products(l), gates, gates_.data() + n * gates);
    }
    multiply_add(inputs_[l], layer.input, gates_.data());
  }
  multiply_add(states_[l], layer.recurrent, gates_.data());
  for (std::size_t n = 0; n < streams_; ++n) {
    float* z = gates_.data() + n * gates;
    float* hidden = hidden_[l].data() + n * h;
    if (config.layer_normalisation) {
      normalise_gates(z, layer.gain.data(), layer.bias.data(), config.gates(), h);
    }
    lstm_gates(z, cell_[l].data() + n * h, hidden, h, config.gate_activation, config.coupled_gates);
    states_[l].set(n, hidden);
    if (residual) add_to(hidden, h, below_.data() + n * h);
  }
}

}  // namespace lilt::infer
