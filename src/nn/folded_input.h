// The first layer's input, folded: embedding [V, E] · input weights [E, GH] is one of only V rows
// for each character. That table is made once per window, of the rows that the window needs;
// forward is a look-up, backward adds into rows of the same shape, and two small products turn the
// sum into the gradients of the two factors. The same mathematics as the unfolded network, without
// its largest products.
#pragma once

#include <cstddef>
#include <span>

#include "model/vocabulary.h"
#include "nn/dense.h"

namespace lilt::nn {

class FoldedInput {
 public:
  // For at most `vocabulary` rows.
  FoldedInput(std::size_t vocabulary, std::size_t embedding, std::size_t gate_columns);

  [[nodiscard]] std::size_t embedding() const { return embedding_; }

  // Packs the weights, one panel per item.
  [[nodiscard]] std::size_t pack_items() const;
  void pack(std::size_t item, const float* weights);

  // Makes the table of `count` rows of an embedding [count, E], one panel per item.
  [[nodiscard]] std::size_t fold_items() const { return weights_.panels(); }
  void fold(std::size_t item, const float* embedding, std::size_t count);

  // A row of the table, [GH].
  [[nodiscard]] const float* row(std::size_t index) const { return table_.data() + index * gates_; }

  // Gradients by the weights, for the columns of one panel, once the rows of the gradient by z are
  // added up by row of the table in `table` [count, width].
  void finish_panel(const GradientBlock& block, const float* table, const float* embedding,
                    std::size_t count, float* d_weights);

  // Gradients by the embedding [count, E], once every panel is finished; one panel of columns per
  // item.
  [[nodiscard]] std::size_t embedding_items() const { return transposed_.panels(); }
  void embedding_gradient(std::size_t item, std::size_t count, float* d_embedding) const;

 private:
  std::size_t embedding_, gates_;  // E, GH
  PackedMatrix weights_;           // [E, GH]
  PackedMatrix transposed_;        // [GH, E]
  Buffer table_, d_table_;         // [V, GH]
};

}  // namespace lilt::nn
