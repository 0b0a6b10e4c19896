#include "infer/vnni.h"

#include <cassert>

#include "infer/eight_bit_matrix.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

namespace lilt::infer {
namespace {

constexpr std::size_t kPanel = EightBitMatrix::kPanel, kGroup = EightBitMatrix::kGroup;
static_assert(kPanel * kGroup == 2 * sizeof(__m512i));

#define LILT_VNNI __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vnni")))

// Adds products of four bytes each to sums. As an instruction, since gcc 12 copies each sum before
// and after _mm512_dpbusd_epi32 where there are many, which takes half as long again.
LILT_VNNI inline void add_products(__m512i& sums, __m512i values, __m512i weights) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(values), "v"(weights));
}

// Few rows have several sums a column, each of every so many groups, so that products need not wait
// for each other.
template <std::size_t kRows>
LILT_VNNI void add_panel(const std::uint8_t* const* x, const std::int8_t* panel, std::size_t groups,
                         std::int32_t (*sums)[kPanel]) {
  constexpr std::size_t kSums = kRows <= 2 ? 2 : 1;
  __m512i low[kSums * kRows], high[kSums * kRows];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kSums * kRows; ++i) low[i] = high[i] = _mm512_setzero_si512();
  for (std::size_t g = 0; g < groups; g += kSums) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kSums * kRows; ++i) {
      const std::size_t group = g + i / kRows;
      const std::int8_t* w = panel + group * kPanel * kGroup;
      std::int32_t four = 0;
      std::memcpy(&four, x[i % kRows] + group * kGroup, sizeof four);
      const __m512i values = _mm512_set1_epi32(four);
      add_products(low[i], values, _mm512_loadu_si512(w));
      add_products(high[i], values, _mm512_loadu_si512(w + sizeof(__m512i)));
    }
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kRows; ++r) {
    if (kSums == 2) {
      low[r] = _mm512_add_epi32(low[r], low[kRows + r]);
      high[r] = _mm512_add_epi32(high[r], high[kRows + r]);
    }
    _mm512_storeu_si512(sums[r], low[r]);
    _mm512_storeu_si512(sums[r] + kPanel / 2, high[r]);
  }
}

#undef LILT_VNNI

}  // namespace

bool has_vnni() {
  static const bool kHas =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vnni");
  return kHas;
}

void add_panel_by_vnni(std::size_t rows, const std::uint8_t* const* x, const std::int8_t* panel,
                       std::size_t groups, std::int32_t (*sums)[kPanel]) {
  using Add = decltype(add_panel<1>);
  static constexpr Add* kAdd[kMostVnniRows] = {add_panel<1>, add_panel<2>, add_panel<3>,
                                               add_panel<4>, add_panel<5>, add_panel<6>,
                                               add_panel<7>, add_panel<8>};
  assert(rows >= 1 && rows <= kMostVnniRows && groups % 2 == 0);
  kAdd[rows - 1](x, panel, groups, sums);
}

}  // namespace lilt::infer

#else

namespace lilt::infer {

bool has_vnni() { return false; }

void add_panel_by_vnni(std::size_t /*rows*/, const std::uint8_t* const* /*x*/,
                       const std::int8_t* /*panel*/, std::size_t /*groups*/,
                       std::int32_t (* /*sums*/)[32]) {
  assert(false);
}

}  // namespace lilt::infer

#endif
