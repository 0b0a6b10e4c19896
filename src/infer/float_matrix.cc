#include "infer/float_matrix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/float_matrix.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Columns worked on at a time, so that their part of y stays in the first-level cache.
constexpr std::size_t kColumnBlock = 256;

// y[j] += Σ x[k] · weights[k, j] for K rows of the weights at once: y is read and written once for
// K multiplications.
template <std::size_t K>
void add_weight_rows(const float* HWY_RESTRICT x, const float* HWY_RESTRICT weights,
                     std::size_t stride, std::size_t columns, float* HWY_RESTRICT y) {
  const auto add = [&](auto d, std::size_t j) HWY_ATTR {
    auto sum = hn::LoadU(d, y + j);
    HWY_UNROLL(8)
    for (std::size_t k = 0; k < K; ++k) {
      sum = hn::MulAdd(hn::Set(d, x[k]), hn::LoadU(d, weights + k * stride + j), sum);
    }
    hn::StoreU(sum, d, y + j);
  };
  const hn::ScalableTag<float> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= columns; j += hn::Lanes(wide)) add(wide, j);
  for (; j < columns; ++j) add(hn::CappedTag<float, 1>(), j);
}

void MultiplyAdd(const float* x, std::size_t rows, const FloatMatrix& matrix, float* y) {
  constexpr std::size_t kRows = 8;  // of the weights at once
  const float* weights = matrix.weights;
  const std::size_t inner = matrix.inner, columns = matrix.columns;
  for (std::size_t j0 = 0; j0 < columns; j0 += kColumnBlock) {
    const std::size_t width = std::min(kColumnBlock, columns - j0);
    std::size_t k = 0;
    for (; k + kRows <= inner; k += kRows) {
      for (std::size_t r = 0; r < rows; ++r) {
        add_weight_rows<kRows>(x + r * inner + k, weights + k * columns + j0, columns, width,
                               y + r * columns + j0);
      }
    }
    for (; k < inner; ++k) {
      for (std::size_t r = 0; r < rows; ++r) {
        add_weight_rows<1>(x + r * inner + k, weights + k * columns + j0, columns, width,
                           y + r * columns + j0);
      }
    }
  }
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::infer {

HWY_EXPORT(MultiplyAdd);

void multiply_add(const float* x, std::size_t rows, const FloatMatrix& weights, float* y) {
  HWY_DYNAMIC_DISPATCH(MultiplyAdd)(x, rows, weights, y);
}

}  // namespace lilt::infer
#endif  // HWY_ONCE
