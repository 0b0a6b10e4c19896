// Products of bfloat16 by the instruction vdpbf16ps of AVX512-BF16. Highway has no instruction set
// of its own for CPUs that have it, and gcc no registers to spare for its intrinsic.
#pragma once

#include <array>
#include <cstddef>

#include "nn/pairs.h"

namespace lilt::nn {

inline constexpr std::size_t kPairTileRows = 8;     // at most
inline constexpr std::size_t kPairTileVectors = 3;  // of 16 columns

// C [rows, vectors · 16] = or += A [rows, 2 · inner] · panel [2 · inner, vectors · 16], where pairs
// of A lie `step` apart and those of the panel one row after another, aligned. To each sum, of each
// pair the product of the seconds is added, rounded, then that of the firsts, rounded. Sums to add
// to count as 0 below kLeastSum.
using PairTile = void (*)(const Pair* a, std::size_t row_stride, std::size_t step,
                          const Pair* panel, std::size_t inner, float* c, std::size_t c_stride,
                          bool add);
using PairTiles = std::array<std::array<PairTile, kPairTileRows>, kPairTileVectors>;

// tiles[vectors − 1][rows − 1]; null where the CPU has no such instruction, where it adds
// otherwise, or while leave_out_pair_tiles(true), which is for tests.
[[nodiscard]] const PairTiles* pair_tiles();
void leave_out_pair_tiles(bool leave_out);

}  // namespace lilt::nn
