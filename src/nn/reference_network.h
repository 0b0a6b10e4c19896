// The network once more, slow and obvious, in double precision: what the fast one is tested
// against. The input is not folded, nothing is packed, every loop is plain.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/config.h"
#include "model/vocabulary.h"
#include "nn/pointwise.h"

namespace lilt::nn {

class ReferenceNetwork {
 public:
  ReferenceNetwork(const ModelConfig& config, std::size_t steps, std::size_t batch);

  std::vector<double> weights;                    // as in tensor_specs(config)
  std::vector<double> gradients;                  // likewise, by the mean loss
  std::vector<std::vector<double>> hidden, cell;  // carried state of each layer, [N, H]
  std::vector<double> logits;                     // [T, N, V] of the last window
  std::vector<double> nats;                       // [T, N] of the last window

  // Mean loss in nats of one window; does not carry the state.
  double loss(std::span<const Token> inputs, std::span<const Token> targets,
              const Dropout& dropout);
  // The same, setting gradients and carrying the state.
  double learn(std::span<const Token> inputs, std::span<const Token> targets,
               const Dropout& dropout);

 private:
  void forward(std::span<const Token> inputs, const Dropout& dropout);
  double cross_entropies(std::span<const Token> targets);
  void backward(std::span<const Token> inputs, std::span<const Token> targets);
  void backward_layer(std::size_t l, std::vector<double>& d_output, std::vector<double>& d_input);

  ModelConfig config_;
  ParameterLayout layout_;
  std::size_t steps_, batch_;
  std::vector<std::vector<double>> input_;                 // [T, N, C] of each layer, and of dense
  std::vector<std::vector<double>> gates_, c_, h_, mask_;  // of each layer, [T, N, ·]
};

}  // namespace lilt::nn
