#include "nn/pairs.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/pairs.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace lilt::nn::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Wide = hn::ScalableTag<float>;
using Single = hn::CappedTag<float, 1>;

// The bits of x rounded, in the upper half of each lane; the lower half is 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE auto rounded(D d, V x) {
  const hn::RebindToUnsigned<D> du;
  const auto least = hn::Set(d, 0x1p-55F);
  const auto bits = hn::BitCast(du, hn::IfThenZeroElse(hn::Lt(hn::Abs(x), least), x));
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
  const auto nearest = hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7FFF)));
  // What is no number must stay none: adding could carry it over to 0.
  const auto quiet = hn::Or(bits, hn::Set(du, 0x400000));
  const auto is_number = hn::RebindMask(du, hn::Eq(x, x));
  return hn::And(hn::IfThenElse(is_number, nearest, quiet), hn::Set(du, 0xFFFF0000));
}

HWY_INLINE Pair rounded_one(float x) {
  const Single d;
  return hn::GetLane(rounded(d, hn::Set(d, x)));
}

void PairNeighbours(const float* HWY_RESTRICT x, std::size_t count, Pair* HWY_RESTRICT pairs) {
  std::size_t j = 0;
#if HWY_TARGET != HWY_SCALAR
  const Wide d;
  const hn::RebindToUnsigned<Wide> du;
  const hn::Repartition<std::uint16_t, Wide> halves;
  const std::size_t lanes = hn::Lanes(d);
  for (; j + 2 * lanes <= count; j += 2 * lanes) {
    const auto low = hn::BitCast(halves, rounded(d, hn::LoadU(d, x + j)));
    const auto high = hn::BitCast(halves, rounded(d, hn::LoadU(d, x + j + lanes)));
    hn::StoreU(hn::BitCast(du, hn::ConcatOdd(halves, high, low)), du, pairs + j / 2);
  }
#endif
  for (; j < count; j += 2) {
    pairs[j / 2] = rounded_one(x[j]) >> 16 | (j + 1 < count ? rounded_one(x[j + 1]) : 0);
  }
}

// One row of pairs; `next` is null beyond the last row.
void pair_two_rows(const float* row, const float* next, std::size_t columns, Pair* pairs) {
  const auto pair = [&](auto d, std::size_t j) HWY_ATTR {
    const hn::RebindToUnsigned<decltype(d)> du;
    auto both = hn::ShiftRight<16>(rounded(d, hn::LoadU(d, row + j)));
    if (next != nullptr) both = hn::Or(both, rounded(d, hn::LoadU(d, next + j)));
    hn::StoreU(both, du, pairs + j);
  };
  const Wide wide;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t j = 0;
  for (; j + lanes <= columns; j += lanes) pair(wide, j);
  for (; j < columns; ++j) pair(Single(), j);
}

void PairRows(const float* x, std::size_t row_stride, std::size_t rows, std::size_t columns,
              std::size_t width, Pair* pairs) {
  for (std::size_t r = 0; r < rows; r += 2, x += 2 * row_stride, pairs += width) {
    pair_two_rows(x, r + 1 < rows ? x + row_stride : nullptr, columns, pairs);
    std::fill(pairs + columns, pairs + width, 0);
  }
}

}  // namespace lilt::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::nn {

HWY_EXPORT(PairNeighbours);
HWY_EXPORT(PairRows);

void pair_neighbours(const float* x, std::size_t count, Pair* pairs) {
  HWY_DYNAMIC_DISPATCH(PairNeighbours)(x, count, pairs);
}

void pair_rows(const float* x, std::size_t row_stride, std::size_t rows, std::size_t columns,
               std::size_t width, Pair* pairs) {
  HWY_DYNAMIC_DISPATCH(PairRows)(x, row_stride, rows, columns, width, pairs);
}

}  // namespace lilt::nn
#endif  // HWY_ONCE
