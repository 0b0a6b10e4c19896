#include "infer/vector_steps.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/vector_steps.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "infer/bounds-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// So many vectors of the sum at once, since each has to wait for its last row.
template <std::size_t kVectors, class D>
HWY_INLINE void add_vectors(D d, const float* first, const float* const* rows, std::size_t count,
                            float* HWY_RESTRICT sum, std::size_t j) {
  const std::size_t n = hn::Lanes(d);
  hn::Vec<D> total[kVectors];
  HWY_UNROLL(8)
  for (std::size_t v = 0; v < kVectors; ++v) total[v] = hn::LoadU(d, first + j + v * n);
  for (std::size_t k = 0; k < count; ++k) {
    const float* row = rows[k] + j;
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < kVectors; ++v) total[v] = total[v] + hn::LoadU(d, row + v * n);
  }
  HWY_UNROLL(8)
  for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(total[v], d, sum + j + v * n);
}

// rows [lists, most], of which each list has so many.
void AddRows(const float* first, const float* const* rows, std::size_t most,
             const std::size_t* counts, std::size_t lists, std::size_t columns,
             float* HWY_RESTRICT sums) {
  constexpr std::size_t kVectors = 8;
  const hn::ScalableTag<float> wide;
  const hn::CappedTag<float, 1> one;
  const std::size_t n = hn::Lanes(wide), blocks = columns / (kVectors * n) * (kVectors * n);
  for (std::size_t j = 0; j < blocks; j += kVectors * n) {
    for (std::size_t l = 0; l < lists; ++l) {
      add_vectors<kVectors>(wide, first, rows + l * most, counts[l], sums + l * columns, j);
    }
  }
  for (std::size_t l = 0; l < lists; ++l, rows += most, sums += columns) {
    std::size_t j = blocks;
    for (; j + n <= columns; j += n) add_vectors<1>(wide, first, rows, counts[l], sums, j);
    for (; j < columns; ++j) add_vectors<1>(one, first, rows, counts[l], sums, j);
  }
}

// row += the products of kRows rows of the matrix, one after another: the sum is read and written
// once for all of them.
template <std::size_t kRows>
HWY_ATTR void AddProducts(const float* x, const float* matrix, std::size_t columns,
                          float* HWY_RESTRICT row) {
  const auto add = [&](auto d, std::size_t j) HWY_ATTR {
    auto sum = hn::LoadU(d, row + j);
    for (std::size_t k = 0; k < kRows; ++k) {
      sum = sum + hn::Set(d, x[k]) * hn::LoadU(d, matrix + k * columns + j);
    }
    hn::StoreU(sum, d, row + j);
  };
  const hn::ScalableTag<float> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= columns; j += hn::Lanes(wide)) add(wide, j);
  for (; j < columns; ++j) add(hn::CappedTag<float, 1>(), j);
}

void Fold(const float* x, std::size_t rows, const FloatMatrix& matrix, float* HWY_RESTRICT y) {
  constexpr std::size_t kRows = 4;
  const std::size_t inner = matrix.inner, columns = matrix.columns;
  std::fill_n(y, rows * columns, 0.0F);
  for (std::size_t r = 0; r < rows; ++r, x += inner, y += columns) {
    std::size_t k = 0;
    for (; k + kRows <= inner; k += kRows) {
      AddProducts<kRows>(x + k, matrix.weights + k * columns, columns, y);
    }
    for (; k < inner; ++k) AddProducts<1>(x + k, matrix.weights + k * columns, columns, y);
  }
}

// The greatest magnitude; what is no number has none.
HWY_INLINE float greatest_magnitude(const float* x, std::size_t count) {
  constexpr std::size_t kVectors = 4;  // at once, since each waits for the last
  const hn::ScalableTag<float> d;
  const std::size_t n = hn::Lanes(d);
  hn::Vec<decltype(d)> greatest[kVectors];
  for (auto& of : greatest) of = hn::Zero(d);
  std::size_t k = 0;
  for (; k + kVectors * n <= count; k += kVectors * n) {
    HWY_UNROLL(4)
    for (std::size_t v = 0; v < kVectors; ++v) {
      greatest[v] = at_least(hn::Abs(hn::LoadU(d, x + k + v * n)), greatest[v]);
    }
  }
  for (; k + n <= count; k += n) greatest[0] = at_least(hn::Abs(hn::LoadU(d, x + k)), greatest[0]);
  for (std::size_t v = 1; v < kVectors; ++v) greatest[0] = hn::Max(greatest[0], greatest[v]);
  float most = hn::GetLane(hn::MaxOfLanes(d, greatest[0]));
  for (; k < count; ++k) most = std::fabs(x[k]) > most ? std::fabs(x[k]) : most;
  return most;
}

float RoundToBytes(const float* x, std::size_t count, int largest, int zero,
                   std::uint8_t* HWY_RESTRICT bytes) {
  const auto limit = static_cast<float>(largest);
  const float most = greatest_magnitude(x, count);
  const float factor = most > 0 && std::isfinite(most) ? limit / most : 0;
  const auto round = [&](auto d, std::size_t i) HWY_ATTR {
    auto value = hn::LoadU(d, x + i) * hn::Set(d, factor);
    value = at_most(at_least(value, hn::Set(d, -limit)), hn::Set(d, limit));
    // 1.5 · 2^23: adding it rounds to a whole number, which the low bits are then.
    const hn::RebindToUnsigned<decltype(d)> di;
    const auto whole = hn::BitCast(di, value + hn::Set(d, 12582912.0F)) +
                       hn::Set(di, static_cast<std::uint32_t>(zero));
    const hn::Rebind<std::uint8_t, decltype(d)> du;
    hn::StoreU(hn::TruncateTo(du, whole), du, bytes + i);
  };
  const hn::ScalableTag<float> wide;
  const std::size_t n = hn::Lanes(wide);
  std::size_t k = 0;
  for (; k + n <= count; k += n) round(wide, k);
  for (; k < count; ++k) round(hn::CappedTag<float, 1>(), k);
  return most / limit;
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::infer {

HWY_EXPORT(AddRows);
HWY_EXPORT(Fold);
HWY_EXPORT(RoundToBytes);

void add_rows(const float* first, const RowLists& of, std::size_t lists, std::size_t columns,
              float* sums) {
  HWY_DYNAMIC_DISPATCH(AddRows)
  (first, of.rows.data(), of.most, of.counts.data(), lists, columns, sums);
}

void fold(const float* x, std::size_t rows, const FloatMatrix& weights, float* y) {
  HWY_DYNAMIC_DISPATCH(Fold)(x, rows, weights, y);
}

float round_to_bytes(const float* x, std::size_t count, int largest, int zero,
                     std::uint8_t* bytes) {
  return HWY_DYNAMIC_DISPATCH(RoundToBytes)(x, count, largest, zero, bytes);
}

}  // namespace lilt::infer
#endif  // HWY_ONCE
