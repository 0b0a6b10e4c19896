#include "infer/gates.h"

#include "infer/exponential.h"

namespace lilt::infer {
namespace {

inline float sigmoid(float x) {
  const Exponential e = exponential(-x);
  return 1.0F / (1.0F + (e.s * e.p + e.s));
}

inline float hard_sigmoid(float x) {
  const float line = x * 0.2F + 0.5F;
  const float above = line < 0.0F ? 0.0F : line;
  return above > 1.0F ? 1.0F : above;
}

inline float tanh(float x) {
  x = x < -15.0F ? -15.0F : x;
  x = x > 15.0F ? 15.0F : x;
  const Exponential e = exponential(x + x);
  const float minus_one = e.s * e.p + (e.s - 1.0F);
  return minus_one / (minus_one + 2.0F);
}

template <float (*kGate)(float)>
void gates(float* __restrict z, float* __restrict c, float* __restrict h, std::size_t hidden) {
  for (std::size_t j = 0; j < hidden; ++j) {
    const float i = kGate(z[j]);
    const float f = kGate(z[hidden + j]);
    const float g = tanh(z[2 * hidden + j]);
    const float o = kGate(z[3 * hidden + j]);
    c[j] = f * c[j] + i * g;
    h[j] = o * tanh(c[j]);
  }
}

}  // namespace

void lstm_gates(float* z, float* c, float* h, std::size_t hidden, GateActivation activation) {
  if (activation == GateActivation::kSigmoid) {
    gates<sigmoid>(z, c, h, hidden);
  } else {
    gates<hard_sigmoid>(z, c, h, hidden);
  }
}

}  // namespace lilt::infer
