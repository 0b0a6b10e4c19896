#include "nn/dense.h"

namespace lilt::nn {

void add_weight_gradient(const Activations& x, const GradientBlock& block, float* gradient,
                         std::size_t gradient_columns) {
  const Rows<float> part{.data = gradient + block.column, .row_stride = gradient_columns};
  const Store store = block.first == 0 ? Store::kReplace : Store::kAdd;
  if (block.pairs != nullptr) {
    const Pair* first = x.pairs + block.first / 2 * x.width;
    multiply_panel(Rows<const Pair>{.data = first, .row_stride = 1, .step = x.width}, x.width,
                   block.pairs, pairs_of(block.count), block.columns, part, store);
  } else {
    const float* first = x.rows + block.first * x.width;
    multiply_panel(Rows<const float>{.data = first, .row_stride = 1, .step = x.width}, x.width,
                   block.panel, block.count, block.columns, part, store);
  }
}

Dense::Dense(const WindowShape& window, std::size_t input, std::size_t output, Precision precision)
    : window_(window),
      input_(input),
      output_(output),
      weights_(input, output, precision),
      transposed_(output, input, precision) {}

std::size_t Dense::pack_items() const { return weights_.panels() + transposed_.panels(); }

void Dense::pack(std::size_t item, const float* weights) {
  if (item < weights_.panels()) {
    weights_.pack_panel(item, weights);
  } else {
    transposed_.pack_panel_transposed(item - weights_.panels(), weights);
  }
}

void Dense::forward(Share share, const float* x, float* y) const {
  multiply(rows_of_share(x, window_, share, input_), window_.steps * share.size(), weights_,
           rows_of_share(y, window_, share, output_), Store::kReplace);
}

void Dense::backward(Share share, const float* d_y, float* d_x) const {
  multiply(rows_of_share(d_y, window_, share, output_), window_.steps * share.size(), transposed_,
           rows_of_share(d_x, window_, share, input_), Store::kReplace);
}

}  // namespace lilt::nn
