#include "nn/lstm_layer.h"

#include <algorithm>

namespace lilt::nn {
namespace {

// Asks for what is needed soon, so that it is in the cache by then.
void fetch(const float* numbers, std::size_t count) {
  constexpr std::size_t kLine = 16;
  for (std::size_t i = 0; i < count; i += kLine) __builtin_prefetch(numbers + i);
}

}  // namespace

LstmLayer::LstmLayer(const WindowShape& window, std::size_t hidden, const ModelConfig& config,
                     Precision precision)
    : window_(window),
      cell_shape_{hidden, config.gate_activation, config.coupled_gates},
      gate_count_(config.gates()),
      recurrent_(hidden, gate_columns(), precision),
      recurrent_transposed_(gate_columns(), hidden, precision),
      gates_(window.rows() * gate_columns()),
      hidden_((window.rows() + window.batch) * hidden),
      cell_((window.rows() + window.batch) * hidden),
      tanh_cell_(window.rows() * hidden),
      mask_(window.rows() * hidden),
      output_(window.rows() * hidden),
      recurrent_mask_(window.batch * hidden),
      d_output_(window.rows() * hidden),
      d_hidden_(window.batch * hidden),
      d_cell_(window.batch * hidden) {
  if (precision == Precision::kBf16) {
    hidden_pairs_ = BufferOf<Pair>(pairs_of(window.rows()) * hidden);
    output_pairs_ = BufferOf<Pair>(pairs_of(window.rows()) * hidden);
  }
  if (!config.layer_normalisation) return;
  normal_ = Buffer(gates_.size());
  inverse_deviation_ = Buffer(window.rows() * gate_count_);
  d_bias_ = Buffer(window.batch * gate_columns());
  d_gain_ = Buffer(window.batch * gate_columns());
}

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
      dropout_mask_row(pass.recurrent_dropout, pass.recurrent_dropout.part.first_stream + n,
                       recurrent_mask_.data() + n * hidden(), hidden());
    }
  }
  for (std::size_t t = 0; t < window_.steps; ++t) step_forward(t, share, pass);
}

// The state that step t goes on from: none where a tune starts.
void LstmLayer::prepare_previous(std::size_t t, Share share, const Pass& pass) {
  for (std::size_t n = share.begin; n < share.end; ++n) {
    const std::size_t r = t * window_.batch + n;
    float* h = hidden_.data() + r * hidden();
    if (!pass.starts.empty() && pass.starts[r] != 0) {
      std::fill_n(h, hidden(), 0.0F);
      std::fill_n(cell_.data() + r * hidden(), hidden(), 0.0F);
    } else if (pass.recurrent_dropout.active()) {
      multiply_row(recurrent_mask_.data() + n * hidden(), hidden(), h);
    }
  }
}

void LstmLayer::step_forward(std::size_t t, Share share, const Pass& pass) {
  const std::size_t h = hidden(), gates = gate_columns();
  const std::size_t first = t * window_.batch + share.begin;
  prepare_previous(t, share, pass);
  const Rows<const float> h_prev{.data = hidden_.data() + first * h, .row_stride = h};
  const Rows<float> z{.data = gates_.data() + first * gates, .row_stride = gates};
  multiply(h_prev, share.size(), recurrent_, z, Store::kAdd);

  const bool last_step = t + 1 == window_.steps;
  for (std::size_t r = first; r < first + share.size(); ++r) {
    if (!last_step) fetch(gates_.data() + (r + window_.batch) * gates, gates);
    if (pass.gain != nullptr) normalise(r, pass.gain);
    float* hidden = hidden_.data() + (r + window_.batch) * h;
    float* output = output_.data() + r * h;
    lstm_row_forward({.gates = gates_.data() + r * gates,
                      .bias = pass.bias,
                      .c_prev = cell_.data() + r * h,
                      .c = cell_.data() + (r + window_.batch) * h,
                      .tanh_c = tanh_cell_.data() + r * h,
                      .h = hidden},
                     cell_shape_);
    if (pass.dropout.active()) {
      const std::size_t n = r - t * window_.batch;
      dropout_row(pass.dropout, pass.dropout.part.row(t, n, window_.batch), hidden,
                  mask_.data() + r * h, output, h);
    } else {
      std::copy_n(hidden, h, output);
    }
    if (pass.below != nullptr) add_rows(pass.below + r * h, h, 1, output);
  }
}

void LstmLayer::backward(Share share, const Pass& pass) {
  const std::size_t h = hidden();
  std::fill(d_cell_.data() + share.begin * h, d_cell_.data() + share.end * h, 0.0F);
  if (pass.gain != nullptr) {
    const std::size_t gates = gate_columns();
    std::fill(d_bias_.data() + share.begin * gates, d_bias_.data() + share.end * gates, 0.0F);
    std::fill(d_gain_.data() + share.begin * gates, d_gain_.data() + share.end * gates, 0.0F);
  }
  for (std::size_t t = window_.steps; t-- > 0;) step_backward(t, share, pass);
}

void LstmLayer::step_backward(std::size_t t, Share share, const Pass& pass) {
  const std::size_t h = hidden(), gates = gate_columns();
  const std::size_t first = t * window_.batch + share.begin;
  const bool last_step = t + 1 == window_.steps;
  for (std::size_t n = share.begin; n < share.end; ++n) {
    const std::size_t r = t * window_.batch + n;
    fetch_for_backward(n + 1 < share.end ? r + 1 : first - std::min(first, window_.batch));
    lstm_row_backward({.gates = gates_.data() + r * gates,
                       .c_prev = cell_.data() + r * h,
                       .tanh_c = tanh_cell_.data() + r * h,
                       .d_output = d_output_.data() + r * h,
                       .mask = pass.dropout.active() ? mask_.data() + r * h : nullptr,
                       .d_recurrent = last_step ? nullptr : d_hidden_.data() + n * h,
                       .d_cell = d_cell_.data() + n * h},
                      cell_shape_);
    if (pass.gain != nullptr) normalise_backward(r, pass.gain);
  }
  if (t == 0) return;  // the window's gradient ends here: truncated back-propagation
  const Rows<const float> dz{.data = gates_.data() + first * gates, .row_stride = gates};
  const Rows<float> dh{.data = d_hidden_.data() + share.begin * h, .row_stride = h};
  multiply(dz, share.size(), recurrent_transposed_, dh, Store::kReplace);
  return_to_previous(t, share, pass);
}

void LstmLayer::fetch_for_backward(std::size_t r) const {
  fetch(gates_.data() + r * gate_columns(), gate_columns());
  if (normal_.size() > 0) fetch(normal_.data() + r * gate_columns(), gate_columns());
}

// Of all gates of row r.
void LstmLayer::normalise(std::size_t r, const float* gain) {
  const std::size_t h = hidden();
  for (std::size_t k = 0; k < gate_count_; ++k) {
    const std::size_t at = r * gate_columns() + k * h;
    inverse_deviation_.data()[r * gate_count_ + k] =
        normalise_row(gates_.data() + at, gain + k * h, h, normal_.data() + at);
  }
}

// From the gradient by what the gates squash to that by the products' sum. A stream's gradients by
// bias and gain are summed over its time steps, last first.
void LstmLayer::normalise_backward(std::size_t r, const float* gain) {
  const std::size_t h = hidden(), gates = gate_columns(), n = r % window_.batch;
  add_rows(gates_.data() + r * gates, gates, 1, d_bias_.data() + n * gates);
  for (std::size_t k = 0; k < gate_count_; ++k) {
    const std::size_t at = r * gates + k * h;
    normalise_row_backward(normal_.data() + at, inverse_deviation_.data()[r * gate_count_ + k],
                           gain + k * h, h, gates_.data() + at, d_gain_.data() + n * gates + k * h);
  }
}

// The counterpart of prepare_previous(), for the gradients.
void LstmLayer::return_to_previous(std::size_t t, Share share, const Pass& pass) {
  for (std::size_t n = share.begin; n < share.end; ++n) {
    if (!pass.starts.empty() && pass.starts[t * window_.batch + n] != 0) {
      std::fill_n(d_hidden_.data() + n * hidden(), hidden(), 0.0F);
      std::fill_n(d_cell_.data() + n * hidden(), hidden(), 0.0F);
    } else if (pass.recurrent_dropout.active()) {
      multiply_row(recurrent_mask_.data() + n * hidden(), hidden(),
                   d_hidden_.data() + n * hidden());
    }
  }
}

namespace {

constexpr std::size_t kRowsToPair = 128;  // an even number, at once

}  // namespace

std::size_t LstmLayer::pair_items() const {
  return hidden_pairs_.size() == 0 ? 0 : (window_.rows() + kRowsToPair - 1) / kRowsToPair;
}

void LstmLayer::pair(std::size_t item) {
  const std::size_t h = hidden(), first = item * kRowsToPair;
  const std::size_t rows = std::min(kRowsToPair, window_.rows() - first);
  const std::size_t from = first * h, to = first / 2 * h;
  pair_rows(hidden_.data() + from, h, rows, h, h, hidden_pairs_.data() + to);
  pair_rows(output_.data() + from, h, rows, h, h, output_pairs_.data() + to);
}

void LstmLayer::carry_state(Share share) {
  const std::size_t h = hidden();
  const std::size_t after = window_.rows() * h;
  for (Buffer* state : {&hidden_, &cell_}) {
    std::copy(state->data() + after + share.begin * h, state->data() + after + share.end * h,
              state->data() + share.begin * h);
  }
}

}  // namespace lilt::nn
