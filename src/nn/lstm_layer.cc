#include "nn/lstm_layer.h"

#include <algorithm>

namespace lilt::nn {

LstmLayer::LstmLayer(const WindowShape& window, std::size_t hidden, GateActivation activation)
    : window_(window),
      width_(hidden),
      activation_(activation),
      recurrent_(hidden, 4 * hidden),
      recurrent_transposed_(4 * hidden, hidden),
      gates_(window.rows() * 4 * hidden),
      hidden_((window.rows() + window.batch) * hidden),
      cell_((window.rows() + window.batch) * hidden),
      tanh_cell_(window.rows() * hidden),
      mask_(window.rows() * hidden),
      output_(window.rows() * hidden),
      recurrent_mask_(window.batch * hidden),
      d_output_(window.rows() * hidden),
      d_hidden_(window.batch * hidden),
      d_cell_(window.batch * hidden) {}

std::size_t LstmLayer::pack_items() const {
  return recurrent_.panels() + recurrent_transposed_.panels();
}

void LstmLayer::pack(std::size_t item, const float* recurrent) {
  if (item < recurrent_.panels()) {
    recurrent_.pack_panel(item, recurrent);
  } else {
    recurrent_transposed_.pack_panel_transposed(item - recurrent_.panels(), recurrent);
  }
}

void LstmLayer::forward(Share share, const Pass& pass) {
  if (pass.recurrent_dropout.active()) {
    for (std::size_t n = share.begin; n < share.end; ++n) {
      dropout_mask_row(pass.recurrent_dropout, n, recurrent_mask_.data() + n * width_, width_);
    }
  }
  for (std::size_t t = 0; t < window_.steps; ++t) step_forward(t, share, pass);
}

// The state that step t goes on from: none where a tune starts.
void LstmLayer::prepare_previous(std::size_t t, Share share, const Pass& pass) {
  for (std::size_t n = share.begin; n < share.end; ++n) {
    const std::size_t r = t * window_.batch + n;
    float* h = hidden_.data() + r * width_;
    if (!pass.starts.empty() && pass.starts[r] != 0) {
      std::fill_n(h, width_, 0.0F);
      std::fill_n(cell_.data() + r * width_, width_, 0.0F);
    } else if (pass.recurrent_dropout.active()) {
      multiply_row(recurrent_mask_.data() + n * width_, width_, h);
    }
  }
}

void LstmLayer::step_forward(std::size_t t, Share share, const Pass& pass) {
  const std::size_t h = width_, gates = gate_columns();
  const std::size_t first = t * window_.batch + share.begin;
  prepare_previous(t, share, pass);
  const Rows<const float> h_prev{.data = hidden_.data() + first * h, .row_stride = h};
  const Rows<float> z{.data = gates_.data() + first * gates, .row_stride = gates};
  multiply(h_prev, share.size(), recurrent_, z, Store::kAdd);

  for (std::size_t r = first; r < first + share.size(); ++r) {
    float* hidden = hidden_.data() + (r + window_.batch) * h;
    float* output = output_.data() + r * h;
    lstm_row_forward({.gates = gates_.data() + r * gates,
                      .bias = pass.bias,
                      .c_prev = cell_.data() + r * h,
                      .c = cell_.data() + (r + window_.batch) * h,
                      .tanh_c = tanh_cell_.data() + r * h,
                      .h = hidden},
                     h, activation_);
    if (pass.dropout.active()) {
      dropout_row(pass.dropout, r, hidden, mask_.data() + r * h, output, h);
    } else {
      std::copy_n(hidden, h, output);
    }
    if (pass.below != nullptr) add_rows(pass.below + r * h, h, 1, output);
  }
}

void LstmLayer::backward(Share share, const Pass& pass) {
  const std::size_t h = width_;
  std::fill(d_cell_.data() + share.begin * h, d_cell_.data() + share.end * h, 0.0F);
  for (std::size_t t = window_.steps; t-- > 0;) step_backward(t, share, pass);
}

void LstmLayer::step_backward(std::size_t t, Share share, const Pass& pass) {
  const std::size_t h = width_, gates = gate_columns();
  const std::size_t first = t * window_.batch + share.begin;
  const bool last_step = t + 1 == window_.steps;
  for (std::size_t n = share.begin; n < share.end; ++n) {
    const std::size_t r = t * window_.batch + n;
    lstm_row_backward({.gates = gates_.data() + r * gates,
                       .c_prev = cell_.data() + r * h,
                       .tanh_c = tanh_cell_.data() + r * h,
                       .d_output = d_output_.data() + r * h,
                       .mask = pass.dropout.active() ? mask_.data() + r * h : nullptr,
                       .d_recurrent = last_step ? nullptr : d_hidden_.data() + n * h,
                       .d_cell = d_cell_.data() + n * h},
                      h, activation_);
  }
  if (t == 0) return;  // the window's gradient ends here: truncated back-propagation
  const Rows<const float> dz{.data = gates_.data() + first * gates, .row_stride = gates};
  const Rows<float> dh{.data = d_hidden_.data() + share.begin * h, .row_stride = h};
  multiply(dz, share.size(), recurrent_transposed_, dh, Store::kReplace);
  return_to_previous(t, share, pass);
}

// The counterpart of prepare_previous(), for the gradients.
void LstmLayer::return_to_previous(std::size_t t, Share share, const Pass& pass) {
  for (std::size_t n = share.begin; n < share.end; ++n) {
    if (!pass.starts.empty() && pass.starts[t * window_.batch + n] != 0) {
      std::fill_n(d_hidden_.data() + n * width_, width_, 0.0F);
      std::fill_n(d_cell_.data() + n * width_, width_, 0.0F);
    } else if (pass.recurrent_dropout.active()) {
      multiply_row(recurrent_mask_.data() + n * width_, width_, d_hidden_.data() + n * width_);
    }
  }
}

void LstmLayer::carry_state(Share share) {
  const std::size_t h = width_;
  const std::size_t after = window_.rows() * h;
  for (Buffer* state : {&hidden_, &cell_}) {
    std::copy(state->data() + after + share.begin * h, state->data() + after + share.end * h,
              state->data() + share.begin * h);
  }
}

}  // namespace lilt::nn
