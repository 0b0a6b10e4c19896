// One LSTM layer with its dropout, forward and backward over a window of T steps for N streams.
//
// All activations lie time-major: row t·N + n. A thread works on a share of the streams, from the
// first time step to the last, without waiting for the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nn/buffer.h"
#include "nn/pointwise.h"
#include "nn/product.h"

namespace lilt::nn {

// Streams begin … end − 1 of the batch.
struct Share {
  std::size_t begin = 0, end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

struct WindowShape {
  std::size_t steps = 0, batch = 0;  // T, N

  [[nodiscard]] std::size_t rows() const { return steps * batch; }
};

// A share's rows of a time-major matrix with `columns` columns, all time steps of it.
template <class T>
Rows<T> rows_of_share(T* data, const WindowShape& window, Share share, std::size_t columns) {
  return {.data = data + share.begin * columns,
          .row_stride = columns,
          .group = share.size(),
          .group_stride = window.batch * columns};
}

// What weights were multiplied by, for the gradients by these.
struct Activations {
  const float* rows = nullptr;  // [T, N, width]
  const Pair* pairs = nullptr;  // [pairs_of(T·N), width], rows in pairs; null in single precision
  std::size_t width = 0;
};

class LstmLayer {
 public:
  LstmLayer(const WindowShape& window, std::size_t hidden, const ModelConfig& config,
            Precision precision);

  // Packs the recurrent weights [H, GH], one panel per item.
  [[nodiscard]] std::size_t pack_items() const;
  void pack(std::size_t item, const float* recurrent);

  // What one window's forward and backward have in common.
  struct Pass {
    const float* bias = nullptr;                // [GH]
    const float* gain = nullptr;                // [GH], with layer normalisation
    Dropout dropout = {};                       // of the outputs
    Dropout recurrent_dropout = {};             // of the hidden state, the same at every step
    const float* below = nullptr;               // [T, N, H] added to the output; null: nothing
    std::span<const std::uint8_t> starts = {};  // [T, N]; empty: none
  };

  // Forward for one share. Expects z = x · input in gates(); leaves the gates there, the states
  // after each step, and in output() what goes to the layer above: h, after dropout if active, and
  // what is below.
  void forward(Share share, const Pass& pass);

  // Backward for one share. Expects the gradient by output() in d_output(); leaves the gradient by
  // z in gates().
  void backward(Share share, const Pass& pass);

  // Keeps the states after the last step as those before the first of the next window.
  void carry_state(Share share);

  [[nodiscard]] std::size_t hidden() const { return cell_shape_.hidden; }            // H
  [[nodiscard]] std::size_t gate_columns() const { return gate_count_ * hidden(); }  // GH
  [[nodiscard]] float* gates() { return gates_.data(); }                             // [T, N, GH]
  [[nodiscard]] const float* gates() const { return gates_.data(); }

  // In bf16, before the gradients by weights: rows of what follows in pairs, some of them per item.
  [[nodiscard]] std::size_t pair_items() const;
  void pair(std::size_t item);
  // The hidden state that each step went on from, and what went to the layer above: [T, N, H].
  [[nodiscard]] Activations previous_hidden() const {
    return {hidden_.data(), hidden_pairs_.data(), hidden()};
  }
  [[nodiscard]] Activations outputs() const {
    return {output_.data(), output_pairs_.data(), hidden()};
  }
  [[nodiscard]] const float* output() const { return output_.data(); }  // [T, N, H]
  [[nodiscard]] float* d_output() { return d_output_.data(); }          // [T, N, H]
  // With layer normalisation: each stream's gradients by bias and gain after backward(), [N, GH].
  [[nodiscard]] const float* d_bias() const { return d_bias_.data(); }
  [[nodiscard]] const float* d_gain() const { return d_gain_.data(); }
  [[nodiscard]] std::span<float> hidden_state() { return hidden_.span().first(state_size()); }
  [[nodiscard]] std::span<float> cell_state() { return cell_.span().first(state_size()); }

 private:
  [[nodiscard]] std::size_t state_size() const { return window_.batch * hidden(); }
  void prepare_previous(std::size_t t, Share share, const Pass& pass);
  void step_forward(std::size_t t, Share share, const Pass& pass);
  void step_backward(std::size_t t, Share share, const Pass& pass);
  void fetch_for_backward(std::size_t row) const;
  void normalise(std::size_t row, const float* gain);
  void normalise_backward(std::size_t row, const float* gain);
  void return_to_previous(std::size_t t, Share share, const Pass& pass);

  WindowShape window_;
  Cell cell_shape_;
  std::size_t gate_count_;             // G
  PackedMatrix recurrent_;             // [H, GH]
  PackedMatrix recurrent_transposed_;  // [GH, H]
  Buffer gates_;                       // [T, N, GH]
  Buffer hidden_, cell_;               // [T + 1, N, H]; row 0 is the state before the window
  Buffer tanh_cell_;                   // [T, N, H]
  Buffer mask_, output_;               // [T, N, H]
  Buffer recurrent_mask_;              // [N, H]
  Buffer d_output_;                    // [T, N, H]
  Buffer d_hidden_, d_cell_;           // [N, H]
  // In bf16, [pairs_of(T·N), H]:
  BufferOf<Pair> hidden_pairs_, output_pairs_;
  // With layer normalisation:
  Buffer normal_;             // [T, N, GH]
  Buffer inverse_deviation_;  // [T, N, G]
  Buffer d_bias_, d_gain_;    // [N, GH]
};

}  // namespace lilt::nn
