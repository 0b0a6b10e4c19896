// The network for composing: one character after another, for one tune or many at once.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/large_array.h"
#include "model/model_file.h"

namespace lilt::infer {

// The weights, made ready for stepping. Immutable: any number of Engines may share one.
class Weights {
 public:
  explicit Weights(const ModelView& model);

  [[nodiscard]] const ModelConfig& config() const { return config_; }

 private:
  friend class Engine;

  ModelConfig config_;
  ParameterLayout layout_;
  LargeArray tensors_;  // as in tensor_specs(config)
};

// `streams` independent tunes in step, each with its own state.
class Engine {
 public:
  // The weights must outlive the engine.
  Engine(const Weights& weights, std::size_t streams);

  // Zero state for every stream.
  void reset();

  // Feeds tokens[n] to stream n; returns the logits [streams, V] of the characters that follow. An
  // unknown token contributes nothing to the first layer. Allocates nothing.
  std::span<const float> step(std::span<const Token> tokens);

 private:
  void feed_layer(std::size_t layer, std::span<const Token> tokens);
  const float* folded_input(Token token);

  const Weights& weights_;
  std::size_t streams_;
  std::vector<std::vector<float>> hidden_, cell_;  // of each layer, [streams, H]
  std::vector<float> gates_;                       // [streams, 4 · widest H]
  std::vector<float> logits_;                      // [streams, V]

  // Embedding · first input weights + first bias, [V, 4H]. A row is made when its token first
  // comes, so that the first character need not wait for all.
  std::vector<float> table_;
  std::vector<bool> in_table_;
};

}  // namespace lilt::infer
