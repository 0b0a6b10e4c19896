#include "infer/eight_bit_matrix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/eight_bit_matrix.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "infer/vector_steps.h"
#include "infer/vnni.h"
#include "model/config.h"

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kPanel = EightBitMatrix::kPanel, kGroup = EightBitMatrix::kGroup;

// The sums of one panel for kRows vectors: sums[r][j] = Σ x[r][k] · panel[k / 4][j][k % 4]. Four
// products are added in 16 bits: 4 · 63 · 127 does not overflow. The number of groups is even.
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL

template <std::size_t kRows>
HWY_ATTR void add_panel(const std::uint8_t* const* x, const std::int8_t* panel, std::size_t groups,
                        std::int32_t (*sums)[kPanel]) {
  constexpr std::size_t kVectors = kPanel * kGroup / 32;
  __m256i acc[kRows][kVectors];
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) acc[r][v] = _mm256_setzero_si256();
  }
  const __m256i ones = _mm256_set1_epi16(1);
  for (std::size_t g = 0; g < groups; g += 2) {
    const std::int8_t* w = panel + g * kPanel * kGroup;
    const auto load = [&](std::size_t vector) HWY_ATTR {
      return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + vector * 32));
    };
    for (std::size_t r = 0; r < kRows; ++r) {
      std::int32_t four[2];
      __builtin_memcpy(four, x[r] + g * kGroup, sizeof four);
      const __m256i first = _mm256_set1_epi32(four[0]), second = _mm256_set1_epi32(four[1]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        const __m256i pairs = _mm256_add_epi16(_mm256_maddubs_epi16(first, load(v)),
                                               _mm256_maddubs_epi16(second, load(kVectors + v)));
        acc[r][v] = _mm256_add_epi32(acc[r][v], _mm256_madd_epi16(pairs, ones));
      }
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums[r] + v * 8), acc[r][v]);
    }
  }
}

#elif HWY_TARGET == HWY_SSE4

template <std::size_t kRows>
HWY_ATTR void add_panel(const std::uint8_t* const* x, const std::int8_t* panel, std::size_t groups,
                        std::int32_t (*sums)[kPanel]) {
  constexpr std::size_t kVectors = 4;  // at a time, so that the sums stay in registers
  const __m128i ones = _mm_set1_epi16(1);
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t first = 0; first < kPanel * kGroup; first += kVectors * 16) {
      __m128i acc[kVectors] = {};
      for (std::size_t g = 0; g < groups; g += 2) {
        const std::int8_t* w = panel + g * kPanel * kGroup + first;
        const auto load = [&](std::size_t group, std::size_t vector) HWY_ATTR {
          return _mm_loadu_si128(
              reinterpret_cast<const __m128i*>(w + group * kPanel * kGroup + vector * 16));
        };
        std::int32_t four[2];
        __builtin_memcpy(four, x[r] + g * kGroup, sizeof four);
        const __m128i value = _mm_set1_epi32(four[0]), next = _mm_set1_epi32(four[1]);
        for (std::size_t v = 0; v < kVectors; ++v) {
          const __m128i pairs = _mm_add_epi16(_mm_maddubs_epi16(value, load(0, v)),
                                              _mm_maddubs_epi16(next, load(1, v)));
          acc[v] = _mm_add_epi32(acc[v], _mm_madd_epi16(pairs, ones));
        }
      }
      for (std::size_t v = 0; v < kVectors; ++v) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(sums[r] + first / kGroup + v * 4), acc[v]);
      }
    }
  }
}

#elif HWY_TARGET == HWY_WASM

// Eight weights of two columns are multiplied at a time, products added in pairs: each column has
// two sums, which are added at the end.
template <std::size_t kRows>
void add_panel(const std::uint8_t* const* x, const std::int8_t* panel, std::size_t groups,
               std::int32_t (*sums)[kPanel]) {
  constexpr std::size_t kVectors = 4;  // at a time, so that the sums stay in registers
  // The numbers in 16 bits, once for all columns.
  HWY_ALIGN std::uint16_t wide[kRows][kMaxWidth + 2 * kGroup];
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t k = 0; k < groups * kGroup; k += 8) {
      wasm_v128_store(wide[r] + k, wasm_u16x8_load8x8(x[r] + k));
    }
  }
  for (std::size_t first = 0; first < kPanel * kGroup; first += kVectors * 8) {
    v128_t acc[kRows][kVectors] = {};
    for (std::size_t g = 0; g < groups; ++g) {
      const std::int8_t* w = panel + g * kPanel * kGroup + first;
      v128_t values[kRows];
      for (std::size_t r = 0; r < kRows; ++r) {
        values[r] = wasm_v128_load64_splat(wide[r] + g * kGroup);
      }
      for (std::size_t v = 0; v < kVectors; ++v) {
        const v128_t weights = wasm_i16x8_load8x8(w + v * 8);
        for (std::size_t r = 0; r < kRows; ++r) {
          acc[r][v] = wasm_i32x4_add(acc[r][v], wasm_i32x4_dot_i16x8(values[r], weights));
        }
      }
    }
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t v = 0; v < kVectors; v += 2) {
        const v128_t even = wasm_i32x4_shuffle(acc[r][v], acc[r][v + 1], 0, 2, 4, 6);
        const v128_t odd = wasm_i32x4_shuffle(acc[r][v], acc[r][v + 1], 1, 3, 5, 7);
        wasm_v128_store(sums[r] + first / kGroup + v * 2, wasm_i32x4_add(even, odd));
      }
    }
  }
}

#else

template <std::size_t kRows>
HWY_ATTR void add_panel(const std::uint8_t* const* x, const std::int8_t* panel, std::size_t groups,
                        std::int32_t (*sums)[kPanel]) {
  for (std::size_t r = 0; r < kRows; ++r) {
    std::int32_t* sum = sums[r];
    std::fill_n(sum, kPanel, 0);
    for (std::size_t g = 0; g < groups; ++g) {
      const std::int8_t* w = panel + g * kPanel * kGroup;
      const std::uint8_t* v = x[r] + g * kGroup;
      for (std::size_t j = 0; j < kPanel; ++j) {
        for (std::size_t k = 0; k < kGroup; ++k) sum[j] += v[k] * w[j * kGroup + k];
      }
    }
  }
}

#endif

// Vectors that share the weights read.
constexpr std::size_t kRows = 2;
constexpr bool kMayHaveVnni = HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3;

HWY_ATTR void add_some(std::size_t rows, const std::uint8_t* const* x, const std::int8_t* panel,
                       std::size_t groups, std::int32_t (*sums)[kPanel]) {
  rows == kRows ? add_panel<kRows>(x, panel, groups, sums) : add_panel<1>(x, panel, groups, sums);
}

// What the sums of rows in one panel stand for, added to y [rows, columns] of the product.
HWY_ATTR void add_scaled(std::size_t count, const std::int32_t (*sums)[kPanel],
                         const float* x_scales, const EightBitMatrix& weights, std::size_t p,
                         float* HWY_RESTRICT y) {
  const std::int32_t* offsets = weights.offsets() + p * kPanel;
  const float* scales = weights.scales() + p * kPanel;
  const std::size_t columns = std::min(kPanel, weights.columns() - p * kPanel);
  const auto add = [&](auto d, std::size_t j) HWY_ATTR {
    const hn::RebindToSigned<decltype(d)> di;
    const auto offset = hn::LoadU(di, offsets + j);
    const auto scale = hn::LoadU(d, scales + j);
    for (std::size_t r = 0; r < count; ++r) {
      float* out = y + r * weights.columns() + p * kPanel + j;
      const auto sum = hn::ConvertTo(d, hn::LoadU(di, sums[r] + j) - offset);
      hn::StoreU(hn::LoadU(d, out) + sum * (hn::Set(d, x_scales[r]) * scale), d, out);
    }
  };
  const hn::CappedTag<float, kPanel> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= columns; j += hn::Lanes(wide)) add(wide, j);
  for (; j < columns; ++j) add(hn::CappedTag<float, 1>(), j);
}

HWY_ATTR void MultiplyAdd(const EightBitRows& x, const EightBitMatrix& weights, float* y) {
  const bool vnni = kMayHaveVnni && has_vnni();
  const std::size_t most = vnni ? kMostVnniRows : kRows;
  const std::uint8_t* rows[kMostVnniRows];
  HWY_ALIGN std::int32_t sums[kMostVnniRows][kPanel];
  for (std::size_t p = 0; p < weights.panels(); ++p) {
    for (std::size_t first = 0, count = 0; first < x.rows(); first += count) {
      count = std::min(most, x.rows() - first);
      for (std::size_t r = 0; r < count; ++r) rows[r] = x.row(first + r);
      (vnni ? add_panel_by_vnni : add_some)(count, rows, weights.panel(p), weights.groups(), sums);
      add_scaled(count, sums, x.scales() + first, weights, p, y + first * weights.columns());
    }
  }
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::infer {

HWY_EXPORT(MultiplyAdd);

void multiply_add(const EightBitRows& x, const EightBitMatrix& weights, float* y) {
  HWY_DYNAMIC_DISPATCH(MultiplyAdd)(x, weights, y);
}

namespace {

constexpr int kLargestWeight = 127, kLargestValue = 31;
constexpr std::int64_t kLargestProduct = (EightBitRows::kZero + kLargestValue) * kLargestWeight;
static_assert(EightBitRows::kZero > kLargestValue);
static_assert(4 * kLargestProduct <= std::numeric_limits<std::int16_t>::max());
static_assert(kMaxWidth * kLargestProduct <= std::numeric_limits<std::int32_t>::max());

// To the nearest whole number, the even one of two, of numbers up to ±kLargestWeight.
int rounded(float x) {
  constexpr float kRound = 12582912.0F;  // 1.5 · 2^23: adding it rounds to a whole number
  return static_cast<int>((x + kRound) - kRound);
}

}  // namespace

EightBitMatrix::EightBitMatrix(const float* weights, std::size_t inner, std::size_t columns)
    : inner_(inner), columns_(columns) {
  packed_.resize(panels() * groups() * kPanel * kGroup);
  scales_.resize(panels() * kPanel);
  offsets_.resize(panels() * kPanel);
  std::vector<float> largest(columns), factors(columns);
  for (std::size_t k = 0; k < inner; ++k) {
    for (std::size_t j = 0; j < columns; ++j) {
      largest[j] = std::max(largest[j], std::fabs(weights[k * columns + j]));
    }
  }
  for (std::size_t j = 0; j < columns; ++j) {
    const float factor = static_cast<float>(kLargestWeight) / largest[j];
    factors[j] = std::isfinite(factor) ? factor : 0;
    scales_[j] = largest[j] / static_cast<float>(kLargestWeight);
  }
  for (std::size_t p = 0; p < panels(); ++p) {
    std::int8_t* panel = packed_.data() + p * groups() * kPanel * kGroup;
    const std::size_t first = p * kPanel, count = std::min(kPanel, columns - first);
    for (std::size_t k = 0; k < inner; ++k) {
      std::int8_t* group = panel + k / kGroup * kPanel * kGroup + k % kGroup;
      const float* row = weights + k * columns + first;
      for (std::size_t j = 0; j < count; ++j) {
        const int weight = rounded(row[j] * factors[first + j]);
        group[j * kGroup] = static_cast<std::int8_t>(weight);
        offsets_[first + j] += EightBitRows::kZero * weight;
      }
    }
  }
}

EightBitRows::EightBitRows(std::size_t rows, std::size_t most_inner)
    : values_(rows * EightBitMatrix::groups_of(most_inner) * EightBitMatrix::kGroup),
      scales_(rows) {}

void EightBitRows::round(const float* x, std::size_t rows, std::size_t inner) {
  rows_ = rows;
  stride_ = EightBitMatrix::groups_of(inner) * EightBitMatrix::kGroup;
  assert(rows <= scales_.size() && rows * stride_ <= values_.size());
  for (std::size_t r = 0; r < rows; ++r) {
    scales_[r] =
        round_to_bytes(x + r * inner, inner, kLargestValue, kZero, values_.data() + r * stride_);
  }
}

}  // namespace lilt::infer
#endif  // HWY_ONCE
