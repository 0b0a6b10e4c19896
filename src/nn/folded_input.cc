#include "nn/folded_input.h"

#include <algorithm>

namespace lilt::nn {

FoldedInput::FoldedInput(std::size_t vocabulary, std::size_t embedding, std::size_t gate_columns)
    : embedding_(embedding),
      gates_(gate_columns),
      weights_(embedding, gate_columns),
      transposed_(gate_columns, embedding),
      table_(vocabulary * gate_columns),
      d_table_(vocabulary * gate_columns) {}

std::size_t FoldedInput::pack_items() const { return weights_.panels() + transposed_.panels(); }

void FoldedInput::pack(std::size_t item, const float* weights) {
  if (item < weights_.panels()) {
    weights_.pack_panel(item, weights);
  } else {
    transposed_.pack_panel_transposed(item - weights_.panels(), weights);
  }
}

void FoldedInput::fold(std::size_t item, const float* embedding, std::size_t count) {
  const std::size_t column = item * panel_width();
  multiply_panel({.data = embedding, .row_stride = embedding_}, count, weights_.panel(item),
                 embedding_, std::min(panel_width(), gates_ - column),
                 {.data = table_.data() + column, .row_stride = gates_}, Store::kReplace);
}

void FoldedInput::finish_panel(const GradientBlock& block, const float* table,
                               const float* embedding, std::size_t count, float* d_weights) {
  for (std::size_t v = 0; v < count; ++v) {
    std::copy_n(table + v * block.width, block.columns,
                d_table_.data() + v * gates_ + block.column);
  }
  multiply_panel({.data = embedding, .row_stride = 1, .step = embedding_}, embedding_, table, count,
                 block.columns, {.data = d_weights + block.column, .row_stride = gates_},
                 Store::kReplace);
}

void FoldedInput::embedding_gradient(std::size_t item, std::size_t count,
                                     float* d_embedding) const {
  const std::size_t column = item * panel_width();
  multiply_panel({.data = d_table_.data(), .row_stride = gates_}, count, transposed_.panel(item),
                 gates_, std::min(panel_width(), embedding_ - column),
                 {.data = d_embedding + column, .row_stride = embedding_}, Store::kReplace);
}

}  // namespace lilt::nn
