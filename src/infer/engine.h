// The network for composing: one character after another, for one tune or many at once.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/large_array.h"
#include "infer/network.h"
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
class Engine : public Network {
 public:
  // The weights must outlive the engine.
  Engine(const Weights& weights, std::size_t streams);

  void reset(std::size_t stream) override;
  std::span<const float> step(std::span<const Token> tokens,
                              std::span<const Token> features = {}) override;

 private:
  // An embedding · its rows of a matrix, [values, columns]. A row is made when its value first
  // comes, so that the first character need not wait for all.
  struct Table {
    const float* embedding;  // [values, width]
    std::size_t width;
    const float* matrix;  // [width, columns]
    std::size_t columns;
    std::vector<float> rows;
    std::vector<bool> is_made;
  };
  using Tables = std::vector<Table>;  // of the characters, then of the features

  [[nodiscard]] Tables make_tables(std::size_t matrix, std::size_t columns) const;
  void look_up(Tables& tables, std::size_t stream, std::span<const Token> tokens,
               std::span<const Token> features, float* sum) const;
  void start_gates(std::size_t layer);
  void feed_first_layer(std::span<const Token> tokens, std::span<const Token> features);
  void feed_layer(std::size_t layer);
  void step_layer(std::size_t layer);
  [[nodiscard]] const float* output() const;

  const Weights& weights_;
  std::size_t streams_;
  std::vector<std::vector<float>> hidden_, cell_;  // of each layer, [streams, H]
  std::vector<float> gates_;                       // [streams, G · widest H]
  std::vector<float> logits_;                      // [streams, V]
  std::vector<float> below_;                       // [streams, H], with residual connections

  Tables input_tables_;  // [C, GH] of the first layer
  Tables skip_tables_;   // [C, H] past it, with residual connections
};

}  // namespace lilt::infer
