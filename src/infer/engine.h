// The network, one character after another, for one tune or many at once.
//
// On weights in 8 bits it gives the same bits on every CPU and in the browser: matrix products are
// sums of whole numbers, everything else is done in a fixed order, each product and sum rounded by
// itself. In either precision a stream's bits do not depend on the other streams.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/aligned_vector.h"

#include "infer/vector_steps.h"
#include "infer/weights.h"

namespace lilt::infer {

// `streams` independent tunes in step, each with its own state.
class Engine {
 public:
  // The weights must outlive the engine.
  Engine(const Weights& weights, std::size_t most_streams);

  // Zero state for one stream.
  void reset(std::size_t stream);
  // Gives one stream the state of another.
  void copy_state(std::size_t from, std::size_t to);

  // Feeds the first N streams: tokens[n] to stream n and, of each feature k of the model,
  // features[k, n] (all or none); returns the logits [N, V] of the characters that follow. An
  // unknown token contributes nothing to the first layer. The other streams stay as they are.
  // Allocates nothing.
  std::span<const float> step(std::span<const Token> tokens, std::span<const Token> features = {});

 private:
  void feed_first_layer(std::span<const Token> tokens, std::span<const Token> features);
  void feed_layer(std::size_t layer);
  void step_layer(std::size_t layer);
  [[nodiscard]] const float* gates_before_products(std::size_t layer) const;
  [[nodiscard]] const float* handed_on(std::size_t layer) const;
  void add_product(const float* x, const Matrix& matrix, float* y);

  const Weights& weights_;
  std::size_t streams_;                              // N of the step under way
  std::vector<AlignedVector<float>> hidden_, cell_;  // of each layer, [streams, H]
  AlignedVector<float> zeros_;                       // [G · widest H]
  AlignedVector<float> gates_;                       // [streams, G · widest H]
  AlignedVector<float> below_;                       // [streams, H], with residual connections
  AlignedVector<float> logits_;                      // [streams, V]
  RowLists rows_, skip_rows_;                        // that each stream looks up
  EightBitRows rounded_;                             // what a matrix in 8 bits is multiplied by
};

}  // namespace lilt::infer
