// Products with trained weights: y = x · weights, and the gradients of both factors.
//
// Gradients by weights are made one panel of columns at a time, from blocks of the packed gradient
// by y, so that a block serves every weight matrix it concerns while it is in the cache.
#pragma once

#include <cstddef>

#include "nn/lstm_layer.h"

namespace lilt::nn {

// A block of the gradient by y: some rows of the columns of one panel.
struct GradientBlock {
  std::size_t first = 0;         // row t·N + n of its first row
  std::size_t count = 0;         // rows
  std::size_t column = 0;        // first column
  std::size_t columns = 0;       // without the padding
  std::size_t width = 0;         // with it
  const float* panel = nullptr;  // [count, width]
  const Pair* pairs = nullptr;   // [pairs_of(count), width], the same in bf16; null: in single
};

// gradient [C, columns of y], at the block's columns: = xᵀ · block when the block is the first of
// its panel, += otherwise.
void add_weight_gradient(const Activations& x, const GradientBlock& block, float* gradient,
                         std::size_t gradient_columns);

// A dense product from [T, N, C] to [T, N, O]: the input of the layers above the first, and the
// logits. The bias is added by whoever reads y.
class Dense {
 public:
  Dense(const WindowShape& window, std::size_t input, std::size_t output, Precision precision);

  // Packs the weights [C, O], one panel per item.
  [[nodiscard]] std::size_t pack_items() const;
  void pack(std::size_t item, const float* weights);

  void forward(Share share, const float* x, float* y) const;
  void backward(Share share, const float* d_y, float* d_x) const;

 private:
  WindowShape window_;
  std::size_t input_, output_;
  PackedMatrix weights_;     // [C, O]
  PackedMatrix transposed_;  // [O, C]
};

}  // namespace lilt::nn
