// The matrix product of composing: few rows, so it runs at the speed at which weights are read.
#pragma once

#include <cstddef>

namespace lilt::infer {

// y [rows, columns] += x [rows, inner] · weights [inner, columns], all row-major and dense.
void multiply_add(const float* x, std::size_t rows, std::size_t inner, const float* weights,
                  std::size_t columns, float* y);

}  // namespace lilt::infer
