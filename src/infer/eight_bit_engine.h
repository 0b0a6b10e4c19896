// The network on 8-bit weights, for composing: the same bits on every CPU and in the browser.
//
// Matrix products are sums of whole numbers; everything else is done in a fixed order, each product
// and sum rounded by itself. A tune's bits do not depend on the other streams.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "infer/eight_bit_matrix.h"
#include "infer/network.h"
#include "model/config.h"
#include "model/model_file.h"

namespace lilt::infer {

class EightBitWeights {
 public:
  explicit EightBitWeights(const ModelView& model);

  [[nodiscard]] const ModelConfig& config() const { return config_; }

 private:
  friend class EightBitEngine;

  struct Layer {
    EightBitMatrix input;  // not of the first, whose input is looked up
    EightBitMatrix recurrent;
    std::vector<float> bias;
    std::vector<float> gain;  // with layer normalisation
  };
  // An embedding and its rows of the matrices that it is multiplied by.
  struct Lookup {
    std::size_t values, width;
    std::vector<float> embedding;  // [values, width]
    std::vector<float> input;      // [width, GH of the first layer]
    std::vector<float> skip;       // [width, H], with residual connections
  };

  ModelConfig config_;
  std::vector<Lookup> lookups_;  // of the characters, then of the features
  std::vector<Layer> layers_;
  EightBitMatrix dense_;
  std::vector<float> dense_bias_;
};

class EightBitEngine : public Network {
 public:
  // The weights must outlive the engine.
  EightBitEngine(const EightBitWeights& weights, std::size_t streams);

  void reset(std::size_t stream) override;
  std::span<const float> step(std::span<const Token> tokens,
                              std::span<const Token> features) override;

 private:
  // The products of a Lookup, each made when its value first comes.
  struct Table {
    std::size_t columns;
    std::vector<float> rows;  // [values, columns]: first for the gates, then for the skip
    std::vector<bool> is_made;
  };

  const float* row_of(std::size_t lookup, Token value);
  void look_up(std::span<const Token> tokens, std::span<const Token> features);
  [[nodiscard]] const float* gates_before_products(std::size_t layer) const;
  void step_layer(std::size_t layer);

  const EightBitWeights& weights_;
  std::size_t streams_;
  std::vector<Table> tables_;
  std::vector<std::vector<float>> hidden_, cell_;  // of each layer, [streams, H]
  std::vector<EightBitRows> states_;               // of each layer, the hidden state rounded
  std::vector<EightBitRows> inputs_;               // of each layer, what comes from below, rounded
  EightBitRows output_;
  std::vector<const float*> rows_;  // that one stream looks up
  std::vector<float> zeros_;        // [G · widest H]
  std::vector<float> gates_;        // [streams, G · widest H]
  std::vector<float> below_;        // [streams, H], with residual connections
  std::vector<float> logits_;       // [streams, V]
};

}  // namespace lilt::infer
