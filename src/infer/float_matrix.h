// The matrix product in single precision: few rows, so it runs at the speed at which weights are
// read. Its bits depend on what the CPU can do.
#pragma once

#include <cstddef>

namespace lilt::infer {

// Weights [inner, columns], row-major and dense, that lie elsewhere.
struct FloatMatrix {
  const float* weights = nullptr;
  std::size_t inner = 0, columns = 0;
};

// y [rows, columns] += x [rows, inner] · weights [inner, columns], row-major and dense.
void multiply_add(const float* x, std::size_t rows, const FloatMatrix& weights, float* y);

}  // namespace lilt::infer
