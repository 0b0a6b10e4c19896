#include "nn/dense.h"

namespace lilt::nn {

void add_weight_gradient(const float* x, std::size_t width, const GradientBlock& block,
                         float* gradient, std::size_t gradient_columns) {
  const Rows<const float> x_transposed{
      .data = x + block.first * width, .row_stride = 1, .step = width};
  const Rows<float> part{.data = gradient + block.column, .row_stride = gradient_columns};
  multiply_panel(x_transposed, width, block.panel, block.count, block.columns, part,
                 block.first == 0 ? Store::kReplace : Store::kAdd);
}

Dense::Dense(const WindowShape& window, std::size_t input, std::size_t output)
    : window_(window),
      input_(input),
      output_(output),
      weights_(input, output),
      transposed_(output, input) {}

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
