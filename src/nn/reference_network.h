// The network once more, slow and obvious, in double precision: what the fast one is tested
// against. The input is not folded, nothing is packed, every loop is plain.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/config.h"
#include "model/vocabulary.h"
#include "nn/pointwise.h"
#include "nn/window.h"

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
  double loss(const WindowInputs& inputs, std::span<const Token> targets, const Dropout& dropout);
  // The same, setting gradients and carrying the state.
  double learn(const WindowInputs& inputs, std::span<const Token> targets, const Dropout& dropout);

 private:
  template <class Use>
  void for_embeddings(const WindowInputs& inputs, std::size_t row, Use&& use) const;
  void read_previous(std::size_t layer, std::size_t row, const WindowInputs& inputs,
                     const Dropout& dropout);
  void normalise(std::size_t layer, std::size_t row, std::vector<double>& z);
  void normalise_backward(std::size_t layer, std::size_t row, std::vector<double>& dz);
  [[nodiscard]] double skipped(const double* x, std::size_t j) const;
  void backward_residual(std::size_t l, const std::vector<double>& d_output,
                         std::vector<double>& d_input);
  void forward(const WindowInputs& inputs, const Dropout& dropout);
  double cross_entropies(std::span<const Token> targets);
  void backward(const WindowInputs& inputs, std::span<const Token> targets);
  void backward_layer(std::size_t l, std::vector<double>& d_output, std::vector<double>& d_input);

  ModelConfig config_;
  ParameterLayout layout_;
  std::size_t steps_, batch_;
  std::vector<std::vector<double>> input_;                 // [T, N, C] of each layer, and of dense
  std::vector<std::vector<double>> gates_, c_, h_, mask_;  // of each layer, [T, N, ·]
  std::vector<std::vector<double>> normal_, deviation_;    // with layer normalisation, likewise
  // What each step went on from, and what became of the state before on the way there, [T, N, H].
  std::vector<std::vector<double>> h_prev_, c_prev_, h_factor_, c_factor_;
};

}  // namespace lilt::nn
