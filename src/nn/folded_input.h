// The first layer's input, folded: embedding [V, E] · input weights [E, 4H] is one of only V rows
// for each character. That table [V, 4H] is made once per update; forward is a look-up, backward
// adds into rows of the same shape, and two small products turn the sum into the gradients of the
// two factors. The same mathematics as the unfolded network, without its largest products.
#pragma once

#include <cstddef>
#include <span>

#include "model/vocabulary.h"
#include "nn/dense.h"

namespace lilt::nn {

class FoldedInput {
 public:
  FoldedInput(std::size_t vocabulary, std::size_t embedding, std::size_t gate_columns);

  [[nodiscard]] std::size_t vocabulary() const { return vocabulary_; }

  // Packs the weights and makes the table, one panel per item.
  [[nodiscard]] std::size_t pack_items() const;
  void pack(std::size_t item, const float* embedding, const float* weights);

  // The row of a token, [4H]; none for kUnknownToken.
  [[nodiscard]] const float* row(Token token) const {
    return token == kUnknownToken ? nullptr : table_.data() + token * gates_;
  }

  // Gradients by the weights, for the columns of one panel, once the rows of the gradient by z are
  // added up by token in `table` [V, width].
  void finish_panel(const GradientBlock& block, const float* table, const float* embedding,
                    float* d_weights);

  // Gradients by the embedding, once every panel is finished; one panel of columns per item.
  [[nodiscard]] std::size_t embedding_items() const { return transposed_.panels(); }
  void embedding_gradient(std::size_t item, float* d_embedding, Store store) const;

 private:
  std::size_t vocabulary_, embedding_, gates_;  // V, E, 4H
  PackedMatrix weights_;                        // [E, 4H]
  PackedMatrix transposed_;                     // [4H, E]
  Buffer table_, d_table_;                      // [V, 4H]
};

}  // namespace lilt::nn
