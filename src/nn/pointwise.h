// The elementwise passes of training, each one fused and vectorised. Rows are one time step of one
// stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/random.h"
#include "model/config.h"
#include "model/vocabulary.h"
#include "nn/window.h"

namespace lilt::nn {

// What the cells of a layer are. Coupled, i = 1 − f (Greff et al., 2017), and the gates are f, g,
// o: G is 3 instead of 4.
struct Cell {
  std::size_t hidden;  // H
  GateActivation activation = GateActivation::kSigmoid;
  bool coupled = false;
};

// One row of an LSTM layer, forward. From the products' sum z and the bias to gates, cell state
// and hidden state:
//   i, f, o = gate(z + bias), g = tanh(z + bias), c = f·c_prev + i·g, h = o·tanh(c).
struct LstmRowForward {
  float* gates;         // [GH] in: z; out: i, f, g, o
  const float* bias;    // [GH]
  const float* c_prev;  // [H]
  float* c;             // [H]
  float* tanh_c;        // [H]
  float* h;             // [H]
};
void lstm_row_forward(const LstmRowForward& row, const Cell& cell);

// The same row, backward. `mask` may be null (no dropout), `d_recurrent` too (last step of the
// window: nothing comes from the future).
struct LstmRowBackward {
  float* gates;              // [GH] in: i, f, g, o; out: the gradient by z
  const float* c_prev;       // [H]
  const float* tanh_c;       // [H]
  const float* d_output;     // [H] gradient by the layer's output, after dropout
  const float* mask;         // [H] dropout factors
  const float* d_recurrent;  // [H] gradient by h from the next time step
  float* d_cell;             // [H] in: gradient by c from the next time step; out: by c_prev
};
void lstm_row_backward(const LstmRowBackward& row, const Cell& cell);

// Layer normalisation of one gate of one row (Ba et al., 2016): z becomes gain · normal, where
// normal = (z − mean) / deviation over the H of them. Returns 1 / deviation.
float normalise_row(float* z, const float* gain, std::size_t hidden, float* normal);
// The same backward: d_z [H] in: the gradient by gain · normal; out: by what z was. Adds to the
// gradient by the gain.
void normalise_row_backward(const float* normal, float inverse_deviation, const float* gain,
                            std::size_t hidden, float* d_z, float* d_gain);

// Which outputs dropout keeps. A pure function of its members and the place of the unit, so that
// no mask needs to be remembered.
struct Dropout {
  std::uint64_t seed = 0;
  std::uint64_t update = 0;
  std::size_t layer = 0;
  float rate = 0;
  BatchPart part = {};

  [[nodiscard]] bool active() const { return rate > 0; }
};

// output = h · mask, mask being 0 or 1 / (1 − rate) (inverted dropout). Unit j of row r of the
// whole batch takes word j mod 4 of random_block(seed, kDropout + layer, update, r · ⌈H/4⌉ + j div
// 4), and is dropped when that is below rate · 2^32.
void dropout_row(const Dropout& dropout, std::size_t row, const float* h, float* mask,
                 float* output, std::size_t hidden);

// The mask of dropout_row() alone.
void dropout_mask_row(const Dropout& dropout, std::size_t row, float* mask, std::size_t hidden);
// values[j] *= factors[j].
void multiply_row(const float* factors, std::size_t width, float* values);

// Softmax and cross-entropy of one row.
struct CrossEntropy {
  float nats = 0;        // −ln p(target)
  bool correct = false;  // no other character is more probable
};
// logits [V] in: the dense layer's products; out: unchanged but for `bias` added.
CrossEntropy cross_entropy(float* logits, const float* bias, Token target, std::size_t vocabulary);
// The same, leaving (p − onehot(target)) · scale, the gradient by the logits, in `logits`.
CrossEntropy cross_entropy_gradient(float* logits, const float* bias, Token target, float scale,
                                    std::size_t vocabulary);

// sum[j] = Σ rows[i][first + j] for i = 0 … count − 1, in that order; j = 0 … width − 1.
void sum_rows(const float* const* rows, std::size_t count, std::size_t first, std::size_t width,
              float* sum);
// sum[j] += panel[k, j] for k = 0 … count − 1, in that order.
void add_rows(const float* panel, std::size_t width, std::size_t count, float* sum);
// Tables that one panel is added into: of each where its rows begin, the tokens of the panel's rows
// [count], and these rows in the order of their tokens, as order_by_token() has them.
struct ScatterTable {
  float* table;
  const Token* tokens;
  const std::uint16_t* order;
};
// table[tokens[k], j] += panel[k, j] for every table, in the order of k = 0 … count − 1. Rows of
// kUnknownToken are left out.
void scatter_add_rows(const float* panel, std::size_t width, std::size_t count,
                      std::span<const ScatterTable> tables);

// order [size of tokens] = the places 0 … of tokens, ascending by token, those of one token
// ascending, those of kUnknownToken last. `counts` has room for as many as there are tokens.
void order_by_token(std::span<const Token> tokens, std::span<std::uint16_t> counts,
                    std::span<std::uint16_t> order);

// The sum of squares, in an order that does not depend on the number of threads.
double sum_of_squares(std::span<const float> values);

// One step of Adam (Kingma and Ba, 2015), in the form with the bias correction folded into the
// rate and ε outside it, with decoupled weight decay (Loshchilov and Hutter, 2019) where asked:
//   m = β1·m + (1 − β1)·g,  v = β2·v + (1 − β2)·g²,  w −= decay·w + rate·m / (√v + ε).
struct AdamStep {
  float rate;   // learning rate · √(1 − β2^t) / (1 − β1^t)
  float decay;  // learning rate · weight decay, or 0
  float beta1, beta2, epsilon;
  float gradient_scale;  // from clipping; 1 leaves the gradient as it is
};
void adam_update(const AdamStep& step, const float* gradient, float* weights, float* mean,
                 float* variance, std::size_t count);

}  // namespace lilt::nn
