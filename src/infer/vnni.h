// Products of bytes by the instructions of VNNI, which add four of them in 32 bits at once. Highway
// has no instruction set of its own for CPUs that have these besides AVX-512.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lilt::infer {

inline constexpr std::size_t kMostVnniRows = 8;  // that share the weights read

// Whether this CPU has them, 512 bits wide.
[[nodiscard]] bool has_vnni();

// The sums of one panel of an EightBitMatrix for 1 … kMostVnniRows vectors:
// sums[r][j] = Σ x[r][k] · panel[k / 4][j][k % 4], in 32 columns. The number of groups is even.
// Only where has_vnni().
void add_panel_by_vnni(std::size_t rows, const std::uint8_t* const* x, const std::int8_t* panel,
                       std::size_t groups, std::int32_t (*sums)[32]);

}  // namespace lilt::infer
