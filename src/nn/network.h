// The network for training: embedding, LSTM layers with dropout, dense, softmax cross-entropy.
//
// The folded input: embedding · first input weights is kept as a table [V, GH], so that the first
// layer's input is a row of it, and its gradient is added into rows of the same shape before two
// small products turn it into the gradients of the two factors. So are the features' embeddings.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "model/config.h"
#include "model/vocabulary.h"
#include "nn/dense.h"
#include "nn/input_tables.h"
#include "nn/lstm_layer.h"
#include "nn/team.h"
#include "nn/window.h"

namespace lilt::nn {

// The loss of one window.
struct WindowLoss {
  double nats = 0;          // summed over the window's targets
  std::size_t correct = 0;  // targets that no other character surpassed
};

class Network {
 public:
  // A network for windows of `steps` T characters of `batch` N streams. The team must outlive it.
  Network(const ModelConfig& config, std::size_t steps, std::size_t batch, Team& team,
          Precision precision = Precision::kSingle);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  [[nodiscard]] const ModelConfig& config() const { return config_; }
  [[nodiscard]] const ParameterLayout& layout() const { return layout_; }
  [[nodiscard]] std::size_t steps() const { return window_.steps; }
  [[nodiscard]] std::size_t batch() const { return window_.batch; }

  // All weights and their gradients, one after another as in tensor_specs(config).
  [[nodiscard]] std::span<float> weights() { return weights_.span(); }
  [[nodiscard]] std::span<const float> weights() const { return weights_.span(); }
  [[nodiscard]] std::span<float> gradients() { return gradients_.span(); }

  // To be called after weights() changed and before the next window.
  void weights_changed();

  // The carried state before the next window: [N, H] of each layer.
  [[nodiscard]] std::span<float> hidden_state(std::size_t layer);
  [[nodiscard]] std::span<float> cell_state(std::size_t layer);

  // One window forward and backward: inputs and targets [T, N], time-major. Sets gradients() to
  // those of the mean loss in nats and carries the state. `dropout` gives seed and update; rate
  // and layer come from the configuration. Of a window that is part of a batch (dropout.part) it
  // is the mean over the batch to which this part contributes: the gradients of all parts add up.
  // Allocates nothing. The result, to the last bit, does not depend on the size of the team.
  WindowLoss learn(const WindowInputs& inputs, std::span<const Token> targets,
                   const Dropout& dropout);

  // One window forward without dropout. Writes −ln p of each target to nats [T, N] and carries the
  // state. An input of kUnknownToken contributes nothing to the first layer; a target of
  // kUnknownToken gets 0 nats, to be charged by the caller.
  void score(const WindowInputs& inputs, std::span<const Token> targets, std::span<float> nats);

 private:
  struct Scratch {
    Buffer panel;          // a block of gradients by z, [kInnerBlock, panel_width()]
    BufferOf<Pair> pairs;  // the same in bf16
    Buffer table;          // [V and the values of all features, panel_width()]
    Buffer bias;           // [panel_width()]
  };
  // The dropout of one window.
  struct Rates {
    Dropout output, recurrent;
  };

  [[nodiscard]] Share share_of(std::size_t thread) const;
  template <class Use>
  void for_packed(Use&& use);
  void fold_inputs(const WindowInputs& inputs);
  [[nodiscard]] LstmLayer::Pass pass_of(std::size_t layer, const WindowInputs& inputs,
                                        const Rates& rates) const;
  void forward(Share share, const WindowInputs& inputs, const Rates& rates);
  void cross_entropies(Share share, std::span<const Token> targets);
  void backward(Share share, const WindowInputs& inputs, std::span<const Token> targets,
                const Rates& rates);
  void add_to_layer_below(Share share, std::size_t layer);
  void pair_activations();
  void weight_gradients();
  void sum_streams(const float* of_streams, std::size_t columns, const GradientBlock& panel,
                   float* sum) const;
  void layer_gradients(std::size_t layer, std::size_t panel, Scratch& scratch);
  void skip_gradients(std::size_t panel, Scratch& scratch);
  void dense_gradients(std::size_t panel, Scratch& scratch);
  [[nodiscard]] WindowLoss sum_losses() const;

  ModelConfig config_;
  Precision precision_;
  ParameterLayout layout_;
  WindowShape window_;
  Team& team_;
  Buffer weights_, gradients_;
  InputTables input_tables_;                // of the first layer
  std::optional<InputTables> skip_tables_;  // past it, with residual connections
  Buffer skip_;                             // [T, N, H]
  std::vector<Dense> inputs_;               // of layer l at l − 1
  std::vector<LstmLayer> layers_;
  Dense dense_;                       // from the last layer's output to logits
  Buffer logits_;                     // [T, N, V]; after learn(), the gradients by them
  std::vector<CrossEntropy> losses_;  // [T, N]
  std::vector<Scratch> scratch_;      // one per thread
};

}  // namespace lilt::nn
