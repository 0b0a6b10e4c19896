// Elementwise steps of the network, in a fixed order and without contraction, so that every CPU
// computes the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "infer/float_matrix.h"

namespace lilt::infer {

// sum [columns] = first + each of the rows in turn.
void add_rows(const float* first, std::span<const float* const> rows, std::size_t columns,
              float* sum);

// y [rows, columns] = x [rows, inner] · weights [inner, columns], row-major and dense: the product
// of float_matrix.h, but with the same bits everywhere.
void fold(const float* x, std::size_t rows, const FloatMatrix& weights, float* y);

// Rounds x [count] to whole numbers from −largest to largest, in units of the returned scale, which
// makes its greatest magnitude `largest`, and adds `zero`: results from 0 to 255. Of infinite
// numbers, or what is none, something in that range comes.
float round_to_bytes(const float* x, std::size_t count, int largest, int zero, std::uint8_t* bytes);

}  // namespace lilt::infer
