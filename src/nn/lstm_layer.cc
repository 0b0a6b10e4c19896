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
      dropped_(window.rows() * hidden),
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

void LstmLayer::forward(Share share, const float* bias, const Dropout& dropout) {
  for (std::size_t t = 0; t < window_.steps; ++t) step_forward(t, share, bias, dropout);
}

void LstmLayer::step_forward(std::size_t t, Share share, const float* bias,
                             const Dropout& dropout) {
  const std::size_t h = width_, gates = gate_columns();
  const std::size_t first = t * window_.batch + share.begin;
  const Rows<const float> h_prev{.data = hidden_.data() + first * h, .row_stride = h};
  const Rows<float> z{.data = gates_.data() + first * gates, .row_stride = gates};
  multiply(h_prev, share.size(), recurrent_, z, Store::kAdd);

  for (std::size_t r = first; r < first + share.size(); ++r) {
    const std::size_t after = (r + window_.batch) * h;
    lstm_row_forward({.gates = gates_.data() + r * gates,
                      .bias = bias,
                      .c_prev = cell_.data() + r * h,
                      .c = cell_.data() + after,
                      .tanh_c = tanh_cell_.data() + r * h,
                      .h = hidden_.data() + after},
                     h, activation_);
    if (dropout.active()) {
      dropout_row(dropout, r, hidden_.data() + after, mask_.data() + r * h, dropped_.data() + r * h,
                  h);
    }
  }
}

void LstmLayer::backward(Share share, bool dropout_active) {
  const std::size_t h = width_;
  std::fill(d_cell_.data() + share.begin * h, d_cell_.data() + share.end * h, 0.0F);
  for (std::size_t t = window_.steps; t-- > 0;) step_backward(t, share, dropout_active);
}

void LstmLayer::step_backward(std::size_t t, Share share, bool dropout_active) {
  const std::size_t h = width_, gates = gate_columns();
  const std::size_t first = t * window_.batch + share.begin;
  const bool last_step = t + 1 == window_.steps;
  for (std::size_t n = share.begin; n < share.end; ++n) {
    const std::size_t r = t * window_.batch + n;
    lstm_row_backward({.gates = gates_.data() + r * gates,
                       .c_prev = cell_.data() + r * h,
                       .tanh_c = tanh_cell_.data() + r * h,
                       .d_output = d_output_.data() + r * h,
                       .mask = dropout_active ? mask_.data() + r * h : nullptr,
                       .d_recurrent = last_step ? nullptr : d_hidden_.data() + n * h,
                       .d_cell = d_cell_.data() + n * h},
                      h, activation_);
  }
  if (t == 0) return;  // the window's gradient ends here: truncated back-propagation
  const Rows<const float> dz{.data = gates_.data() + first * gates, .row_stride = gates};
  const Rows<float> dh{.data = d_hidden_.data() + share.begin * h, .row_stride = h};
  multiply(dz, share.size(), recurrent_transposed_, dh, Store::kReplace);
}

void LstmLayer::carry_state(Share share) {
  const std::size_t h = width_;
  const std::size_t after = window_.rows() * h;
  for (Buffer* state : {&hidden_, &cell_}) {
    std::copy(state->data() + after + share.begin * h, state->data() + after + share.end * h,
              state->data() + share.begin * h);
  }
}

const float* LstmLayer::output(bool dropout_active) const {
  return dropout_active ? dropped_.data() : hidden_.data() + state_size();
}

}  // namespace lilt::nn
