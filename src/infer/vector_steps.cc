#include "infer/vector_steps.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/vector_steps.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void AddRows(const float* first, const float* const* rows, std::size_t count, std::size_t columns,
             float* HWY_RESTRICT sum) {
  const auto add = [&](auto d, std::size_t j) HWY_ATTR {
    auto total = hn::LoadU(d, first + j);
    for (std::size_t k = 0; k < count; ++k) total = total + hn::LoadU(d, rows[k] + j);
    hn::StoreU(total, d, sum + j);
  };
  // Four at a time, so that the sums need not wait for each other.
  const auto add_four = [&](auto d, std::size_t j) HWY_ATTR {
    const std::size_t n = hn::Lanes(d);
    auto a = hn::LoadU(d, first + j), b = hn::LoadU(d, first + j + n);
    auto e = hn::LoadU(d, first + j + 2 * n), f = hn::LoadU(d, first + j + 3 * n);
    for (std::size_t k = 0; k < count; ++k) {
      const float* row = rows[k] + j;
      a = a + hn::LoadU(d, row);
      b = b + hn::LoadU(d, row + n);
      e = e + hn::LoadU(d, row + 2 * n);
      f = f + hn::LoadU(d, row + 3 * n);
    }
    hn::StoreU(a, d, sum + j);
    hn::StoreU(b, d, sum + j + n);
    hn::StoreU(e, d, sum + j + 2 * n);
    hn::StoreU(f, d, sum + j + 3 * n);
  };
  const hn::ScalableTag<float> wide;
  const std::size_t n = hn::Lanes(wide);
  std::size_t j = 0;
  for (; j + 4 * n <= columns; j += 4 * n) add_four(wide, j);
  for (; j + n <= columns; j += n) add(wide, j);
  for (; j < columns; ++j) add(hn::CappedTag<float, 1>(), j);
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

float RoundToBytes(const float* x, std::size_t count, int largest, int zero,
                   std::uint8_t* HWY_RESTRICT bytes) {
  const hn::ScalableTag<float> wide;
  const std::size_t n = hn::Lanes(wide);
  auto greatest = hn::Zero(wide);
  std::size_t k = 0;
  for (; k + n <= count; k += n) {
    const auto magnitude = hn::Abs(hn::LoadU(wide, x + k));
    greatest = hn::IfThenElse(hn::Gt(magnitude, greatest), magnitude, greatest);
  }
  float most = hn::GetLane(hn::MaxOfLanes(wide, greatest));
  for (; k < count; ++k) most = std::fabs(x[k]) > most ? std::fabs(x[k]) : most;

  const auto limit = static_cast<float>(largest);
  const float factor = most > 0 && std::isfinite(most) ? limit / most : 0;
  const auto round = [&](auto d, std::size_t i) HWY_ATTR {
    const auto high = hn::Set(d, limit), low = hn::Set(d, -limit);
    auto value = hn::LoadU(d, x + i) * hn::Set(d, factor);
    value = hn::IfThenElse(hn::Gt(value, low), value, low);  // what is no number too
    value = hn::IfThenElse(hn::Lt(value, high), value, high);
    const auto shift = hn::Set(d, 12582912.0F);  // 1.5 · 2^23: adding it rounds to a whole number
    const hn::RebindToSigned<decltype(d)> di;
    const auto whole = hn::ConvertTo(di, (value + shift) - shift) + hn::Set(di, zero);
    const hn::Rebind<std::uint8_t, decltype(d)> du;
    hn::StoreU(hn::DemoteTo(du, whole), du, bytes + i);
  };
  k = 0;
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

void add_rows(const float* first, std::span<const float* const> rows, std::size_t columns,
              float* sum) {
  HWY_DYNAMIC_DISPATCH(AddRows)(first, rows.data(), rows.size(), columns, sum);
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
