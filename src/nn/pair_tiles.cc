#include "nn/pair_tiles.h"

#include <atomic>

#if defined(__x86_64__)
#include <immintrin.h>

#include <cmath>
#include <utility>

namespace lilt::nn {
namespace {

constexpr std::size_t kLanes = 16;

#define LILT_BF16 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512bf16")))

// Adds products of two to sums. As an instruction, since gcc 12 copies sums before and after
// _mm512_dpbf16_ps where there are many.
LILT_BF16 inline void add_products(__m512& sums, __m512i left, __m512i right) {
  asm("vdpbf16ps %2, %1, %0" : "+v"(sums) : "v"(left), "v"(right));
}

LILT_BF16 inline __m512 sum_to_add_to(const float* c) {
  const __m512 sum = _mm512_loadu_ps(c);
  const __mmask16 counts =
      _mm512_cmp_ps_mask(_mm512_abs_ps(sum), _mm512_set1_ps(kLeastSum), _CMP_NLT_UQ);
  return _mm512_maskz_mov_ps(counts, sum);
}

template <std::size_t R, std::size_t V>
LILT_BF16 void multiply_tile(const Pair* a, std::size_t row_stride, std::size_t step,
                             const Pair* panel, std::size_t inner, float* c, std::size_t c_stride,
                             bool add) {
  __m512 sum[R][V];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < V; ++v) {
      sum[r][v] = add ? sum_to_add_to(c + r * c_stride + v * kLanes) : _mm512_setzero_ps();
    }
  }
  for (std::size_t k = 0; k < inner; ++k) {
    __m512i b[V];
#pragma GCC unroll 8
    for (std::size_t v = 0; v < V; ++v) b[v] = _mm512_load_si512(panel + v * kLanes);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < R; ++r) {
      const __m512i left = _mm512_set1_epi32(static_cast<int>(a[r * row_stride]));
#pragma GCC unroll 8
      for (std::size_t v = 0; v < V; ++v) add_products(sum[r][v], left, b[v]);
    }
    panel += V * kLanes;
    a += step;
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < V; ++v) {
      _mm512_storeu_ps(c + r * c_stride + v * kLanes, sum[r][v]);
    }
  }
}

#undef LILT_BF16

template <std::size_t V, std::size_t... R>
constexpr std::array<PairTile, kPairTileRows> tiles_of_width(std::index_sequence<R...>) {
  return {&multiply_tile<R + 1, V>...};
}
template <std::size_t V>
constexpr std::array<PairTile, kPairTileRows> tiles_of_width() {
  return tiles_of_width<V>(std::make_index_sequence<kPairTileRows>());
}
constexpr PairTiles kTiles = {tiles_of_width<1>(), tiles_of_width<2>(), tiles_of_width<3>()};

// Whether the products of a pair are added one after the other, the second first, each sum rounded:
// 1 + 2^-24 + 2^-24 is 1 then, and so is 1 − 2^-25 + 2^-24 + … in one order alone. Intel's manual
// says so, and CPUs of AMD were seen to do so; who does otherwise must not be used.
bool adds_in_order() {
  struct Case {
    float first, second, sum;
  };
  constexpr Case kCases[] = {
      {0x1p-24F, 0x1p-24F, 1}, {0x1p-24F, -0x1p-25F, 1}, {-0x1p-25F, 0x1p-24F, 1}, {1, 0x1p-24F, 1},
      {-1, 0x1p-24F, 1},       {0x1p-24F, -1, 1},        {0x1.8p-24F, 0x1p-25F, 1}};
  for (const Case& is : kCases) {
    const float parts[2] = {is.first, is.second};
    Pair pair = 0;
    pair_neighbours(parts, 2, &pair);
    alignas(64) Pair ones[kLanes];
    for (Pair& one : ones) one = 0x3F803F80;
    float sums[kLanes];
    for (float& sum : sums) sum = is.sum;
    kTiles[0][0](&pair, 1, 1, ones, 1, sums, kLanes, true);
    const float expected = (is.sum + is.second) + is.first;
    if (sums[0] != expected) return false;
  }
  return true;
}

bool has_tiles() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bf16") && adds_in_order();
}

}  // namespace
}  // namespace lilt::nn

#else

namespace lilt::nn {
namespace {

constexpr PairTiles kTiles = {};
bool has_tiles() { return false; }

}  // namespace
}  // namespace lilt::nn

#endif

namespace lilt::nn {
namespace {

std::atomic<bool> left_out{false};

}  // namespace

const PairTiles* pair_tiles() {
  static const bool kHas = has_tiles();
  return kHas && !left_out.load(std::memory_order_relaxed) ? &kTiles : nullptr;
}

void leave_out_pair_tiles(bool leave_out) { left_out = leave_out; }

}  // namespace lilt::nn
