#include "nn/network.h"

#include <algorithm>
#include <cassert>

namespace lilt::nn {

Network::Network(const ModelConfig& config, std::size_t steps, std::size_t batch, Team& team,
                 Precision precision)
    : config_(config),
      precision_(precision),
      layout_(parameter_layout(config)),
      window_{steps, batch},
      team_(team),
      weights_(layout_.count),
      gradients_(layout_.count),
      input_tables_(config, window_, config.gates() * config.hidden[0]),
      skip_(config.residual ? window_.rows() * config.hidden[0] : 0),
      dense_(window_, config.hidden.back(), config.vocabulary, precision),
      logits_(window_.rows() * config.vocabulary),
      losses_(window_.rows()) {
  if (config.residual) skip_tables_.emplace(config, window_, config.hidden[0]);
  layers_.reserve(config.hidden.size());
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    layers_.emplace_back(window_, config.hidden[l], config, precision);
    if (l == 0) continue;
    inputs_.emplace_back(window_, config.hidden[l - 1], layers_[l].gate_columns(), precision);
  }
  const std::size_t pairs = precision == Precision::kBf16 ? pairs_of(kInnerBlock) : 0;
  for (std::size_t i = 0; i < team.size(); ++i) {
    scratch_.push_back({Buffer(kInnerBlock * panel_width()), BufferOf<Pair>(pairs * panel_width()),
                        Buffer(input_tables_.values() * panel_width()), Buffer(panel_width())});
  }
}

std::span<float> Network::hidden_state(std::size_t layer) { return layers_[layer].hidden_state(); }
std::span<float> Network::cell_state(std::size_t layer) { return layers_[layer].cell_state(); }

void Network::weights_changed() {
  std::size_t items = 0;
  for_packed([&](auto& part, const float* /*weights*/) {
    items += part.pack_items();
    return false;
  });
  team_.for_each(items, [&](std::size_t item, std::size_t) {
    for_packed([&](auto& part, const float* weights) {
      if (item >= part.pack_items()) {
        item -= part.pack_items();
        return false;
      }
      part.pack(item, weights);
      return true;
    });
  });
}

// Calls use(part, its weights) for what has packed weights until it returns true.
template <class Use>
void Network::for_packed(Use&& use) {
  const float* w = weights_.data();
  if (use(input_tables_, w + layout_.layers[0].input)) return;
  if (skip_tables_ && use(*skip_tables_, w + layout_.skip)) return;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    if (use(layers_[l], w + layout_.layers[l].recurrent)) return;
    if (l > 0 && use(inputs_[l - 1], w + layout_.layers[l].input)) return;
  }
  use(dense_, w + layout_.dense_weight);
}

// Whole tiles of streams for each thread, so that no tile is cut for the sake of balance.
Share Network::share_of(std::size_t thread) const {
  const std::size_t tiles = (window_.batch + tile_rows() - 1) / tile_rows();
  const auto cut = [&](std::size_t i) {
    return std::min(window_.batch, i * tiles / team_.size() * tile_rows());
  };
  return {cut(thread), cut(thread + 1)};
}

WindowLoss Network::learn(const WindowInputs& inputs, std::span<const Token> targets,
                          const Dropout& dropout) {
  assert(inputs.characters.size() == window_.rows() && targets.size() == window_.rows());
  Rates rates{dropout, dropout};
  rates.output.rate = config_.dropout;
  rates.recurrent.rate = config_.recurrent_dropout;
  fold_inputs(inputs);
  team_.on_each([&](std::size_t thread) {
    const Share share = share_of(thread);
    if (share.size() == 0) return;
    forward(share, inputs, rates);
    backward(share, inputs, targets, rates);
  });
  weight_gradients();
  for (LstmLayer& layer : layers_) layer.carry_state({0, window_.batch});
  return sum_losses();
}

void Network::score(const WindowInputs& inputs, std::span<const Token> targets,
                    std::span<float> nats) {
  assert(inputs.characters.size() == window_.rows() && targets.size() == window_.rows());
  fold_inputs(inputs);
  team_.on_each([&](std::size_t thread) {
    const Share share = share_of(thread);
    if (share.size() == 0) return;
    forward(share, inputs, {});
    cross_entropies(share, targets);
    for (LstmLayer& layer : layers_) layer.carry_state(share);
  });
  for (std::size_t r = 0; r < window_.rows(); ++r) nats[r] = losses_[r].nats;
}

void Network::fold_inputs(const WindowInputs& inputs) {
  input_tables_.begin_window(inputs);
  if (skip_tables_) skip_tables_->begin_window(inputs);
  // Calls use(tables, item) for every item of both.
  const auto for_items = [&](auto&& items_of, auto&& use) {
    const std::size_t items = items_of(input_tables_);
    const std::size_t skipped = skip_tables_ ? items_of(*skip_tables_) : 0;
    team_.for_each(items + skipped, [&](std::size_t item, std::size_t) {
      item < items ? use(input_tables_, item) : use(*skip_tables_, item - items);
    });
  };
  for_items([](const InputTables& tables) { return tables.value_items(); },
            [&](InputTables& tables, std::size_t item) {
              tables.find_values(item, inputs, weights_.data());
            });
  for_items([](const InputTables& tables) { return tables.fold_items(); },
            [](InputTables& tables, std::size_t item) { tables.fold(item); });
}

LstmLayer::Pass Network::pass_of(std::size_t l, const WindowInputs& inputs,
                                 const Rates& rates) const {
  constexpr std::size_t kRecurrent = 128;  // apart from the outputs of any layer
  static_assert(kRecurrent > kMaxLayers);
  LstmLayer::Pass pass{.bias = weights_.data() + layout_.layers[l].bias,
                       .dropout = rates.output,
                       .recurrent_dropout = rates.recurrent,
                       .starts = inputs.starts};
  if (config_.layer_normalisation) pass.gain = weights_.data() + layout_.layers[l].gain;
  if (config_.residual) pass.below = l > 0 ? layers_[l - 1].output() : skip_.data();
  pass.dropout.layer = l;
  pass.recurrent_dropout.layer = l + kRecurrent;
  return pass;
}

void Network::forward(Share share, const WindowInputs& inputs, const Rates& rates) {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    if (l == 0) {
      input_tables_.forward(share, layers_[l].gates());
      if (skip_tables_) skip_tables_->forward(share, skip_.data());
    } else {
      inputs_[l - 1].forward(share, layers_[l - 1].output(), layers_[l].gates());
    }
    layers_[l].forward(share, pass_of(l, inputs, rates));
  }
  dense_.forward(share, layers_.back().output(), logits_.data());
}

void Network::cross_entropies(Share share, std::span<const Token> targets) {
  const float* bias = weights_.data() + layout_.dense_bias;
  for (std::size_t t = 0; t < window_.steps; ++t) {
    for (std::size_t n = share.begin; n < share.end; ++n) {
      const std::size_t r = t * window_.batch + n;
      losses_[r] = targets[r] == kUnknownToken
                       ? CrossEntropy{}
                       : cross_entropy(logits_.data() + r * config_.vocabulary, bias, targets[r],
                                       config_.vocabulary);
    }
  }
}

void Network::backward(Share share, const WindowInputs& inputs, std::span<const Token> targets,
                       const Rates& rates) {
  const float* bias = weights_.data() + layout_.dense_bias;
  const std::size_t streams = rates.output.part.streams_beside(window_.batch);
  const float scale = 1.0F / static_cast<float>(window_.steps * streams);
  for (std::size_t t = 0; t < window_.steps; ++t) {
    for (std::size_t n = share.begin; n < share.end; ++n) {
      const std::size_t r = t * window_.batch + n;
      losses_[r] = cross_entropy_gradient(logits_.data() + r * config_.vocabulary, bias, targets[r],
                                          scale, config_.vocabulary);
    }
  }
  dense_.backward(share, logits_.data(), layers_.back().d_output());
  for (std::size_t l = layers_.size(); l-- > 0;) {
    layers_[l].backward(share, pass_of(l, inputs, rates));
    if (l == 0) return;
    inputs_[l - 1].backward(share, layers_[l].gates(), layers_[l - 1].d_output());
    if (config_.residual) add_to_layer_below(share, l);
  }
}

// What a layer is added to gets the gradient of the sum besides.
void Network::add_to_layer_below(Share share, std::size_t l) {
  const std::size_t h = layers_[l].hidden();
  for (std::size_t t = 0; t < window_.steps; ++t) {
    const std::size_t first = (t * window_.batch + share.begin) * h;
    add_rows(layers_[l].d_output() + first, share.size() * h, 1, layers_[l - 1].d_output() + first);
  }
}

namespace {

std::size_t panels_of(std::size_t columns) { return (columns + panel_width() - 1) / panel_width(); }

// Calls use(block) for all rows of one panel of d_y [rows, columns], packed block by block into
// `floats` and, where there is room, `pairs`.
template <class Use>
GradientBlock for_blocks(const float* d_y, std::size_t rows, std::size_t columns, std::size_t panel,
                         Buffer& floats, BufferOf<Pair>& pairs, Use&& use) {
  GradientBlock block{.column = panel * panel_width(), .panel = floats.data()};
  if (pairs.size() > 0) block.pairs = pairs.data();
  block.columns = std::min(panel_width(), columns - block.column);
  const std::size_t most = floats.size() / panel_width();
  for (block.first = 0; block.first < rows; block.first += most) {
    block.count = std::min(most, rows - block.first);
    block.width = pack_columns(d_y + block.first * columns + block.column, columns, block.count,
                               block.columns, floats.data());
    if (pairs.size() > 0) {
      pair_rows(floats.data(), block.width, block.count, block.width, block.width, pairs.data());
    }
    use(block);
  }
  return block;
}

}  // namespace

void Network::pair_activations() {
  std::size_t items = 0;
  for (const LstmLayer& layer : layers_) items += layer.pair_items();
  if (items == 0) return;
  team_.for_each(items, [&](std::size_t item, std::size_t) {
    for (LstmLayer& layer : layers_) {
      if (item < layer.pair_items()) return layer.pair(item);
      item -= layer.pair_items();
    }
  });
}

void Network::weight_gradients() {
  pair_activations();
  const std::size_t skip_panels = skip_tables_ ? panels_of(skip_tables_->columns()) : 0;
  std::size_t items = skip_panels + panels_of(config_.vocabulary);
  for (const LstmLayer& layer : layers_) items += panels_of(layer.gate_columns());
  team_.for_each(items, [&](std::size_t item, std::size_t thread) {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const std::size_t panels = panels_of(layers_[l].gate_columns());
      if (item < panels) return layer_gradients(l, item, scratch_[thread]);
      item -= panels;
    }
    if (item < skip_panels) return skip_gradients(item, scratch_[thread]);
    dense_gradients(item - skip_panels, scratch_[thread]);
  });
  team_.for_each(input_tables_.embedding_items(), [&](std::size_t item, std::size_t) {
    input_tables_.embedding_gradient(item);
    if (skip_tables_) skip_tables_->embedding_gradient(item);
  });
  // Embeddings come first of all parameters.
  std::fill_n(gradients_.data(), config_.residual ? layout_.skip : layout_.layers[0].input, 0.0F);
  input_tables_.add_embedding_gradients(gradients_.data());
  if (skip_tables_) skip_tables_->add_embedding_gradients(gradients_.data());
}

// The columns of a panel, summed over the streams, of what each of these has, [N, columns].
void Network::sum_streams(const float* of_streams, std::size_t columns, const GradientBlock& panel,
                          float* sum) const {
  std::fill_n(sum + panel.column, panel.columns, 0.0F);
  for (std::size_t n = 0; n < window_.batch; ++n) {
    add_rows(of_streams + n * columns + panel.column, panel.columns, 1, sum + panel.column);
  }
}

void Network::layer_gradients(std::size_t l, std::size_t panel, Scratch& scratch) {
  const LstmLayer& layer = layers_[l];
  const LayerOffsets& offsets = layout_.layers[l];
  const std::size_t gates = layer.gate_columns();
  float* gradients = gradients_.data();
  std::fill_n(scratch.bias.data(), scratch.bias.size(), 0.0F);
  if (l == 0) input_tables_.clear(scratch.table.span());

  const auto use = [&](const GradientBlock& block) {
    if (!config_.layer_normalisation) {
      add_rows(block.panel, block.width, block.count, scratch.bias.data());
    }
    add_weight_gradient(layer.previous_hidden(), block, gradients + offsets.recurrent, gates);
    if (l == 0) {
      input_tables_.add_block(block, scratch.table.data());
    } else {
      add_weight_gradient(layers_[l - 1].outputs(), block, gradients + offsets.input, gates);
    }
  };
  const GradientBlock last =
      for_blocks(layer.gates(), window_.rows(), gates, panel, scratch.panel, scratch.pairs, use);
  if (config_.layer_normalisation) {
    sum_streams(layer.d_bias(), gates, last, gradients + offsets.bias);
    sum_streams(layer.d_gain(), gates, last, gradients + offsets.gain);
  } else {
    std::copy_n(scratch.bias.data(), last.columns, gradients + offsets.bias + last.column);
  }
  if (l == 0) {
    input_tables_.finish_panel(last, scratch.table.data(), gradients + offsets.input);
  }
}

void Network::skip_gradients(std::size_t panel, Scratch& scratch) {
  BufferOf<Pair> no_pairs;  // nothing is multiplied
  skip_tables_->clear(scratch.table.span());
  const GradientBlock last = for_blocks(
      layers_[0].d_output(), window_.rows(), skip_tables_->columns(), panel, scratch.panel,
      no_pairs,
      [&](const GradientBlock& block) { skip_tables_->add_block(block, scratch.table.data()); });
  skip_tables_->finish_panel(last, scratch.table.data(), gradients_.data() + layout_.skip);
}

void Network::dense_gradients(std::size_t panel, Scratch& scratch) {
  const std::size_t columns = config_.vocabulary;
  std::fill_n(scratch.bias.data(), scratch.bias.size(), 0.0F);
  const auto use = [&](const GradientBlock& block) {
    add_rows(block.panel, block.width, block.count, scratch.bias.data());
    add_weight_gradient(layers_.back().outputs(), block, gradients_.data() + layout_.dense_weight,
                        columns);
  };
  const GradientBlock last =
      for_blocks(logits_.data(), window_.rows(), columns, panel, scratch.panel, scratch.pairs, use);
  std::copy_n(scratch.bias.data(), last.columns,
              gradients_.data() + layout_.dense_bias + last.column);
}

WindowLoss Network::sum_losses() const {
  WindowLoss sum;
  for (const CrossEntropy& loss : losses_) {
    sum.nats += static_cast<double>(loss.nats);
    sum.correct += loss.correct ? 1 : 0;
  }
  return sum;
}

}  // namespace lilt::nn
