// The elementwise steps of one LSTM layer while composing.
//
// In a fixed order and compiled without contraction (see CMakeLists.txt), so that every
// CPU computes the same bits.
#pragma once

#include <cstddef>

#include "model/config.h"

namespace lilt::infer {

// One stream: z [4H] in the order i, f, g, o (overwritten), c [H] and h [H] updated in place.
// Coupled, i = 1 − f, and z [3H] has f, g, o.
void lstm_gates(float* z, float* c, float* h, std::size_t hidden, GateActivation activation,
                bool coupled = false);

// Layer normalisation of one stream, as config.h says: z [GH] becomes gain · n + bias. G is 3 or 4.
void normalise_gates(float* z, const float* gain, const float* bias, std::size_t gates,
                     std::size_t hidden);

}  // namespace lilt::infer
