// Numbers rounded to bfloat16, two of them in one word, as the products of mixed precision take
// them (nn/product.h).
//
// bfloat16 has the exponents of a float and eight bits of its fraction, so that a product of two is
// exact as a float. Numbers below 2^-55 become 0. Every product is then a multiple of 2^-124, so
// that no sum of products is ever subnormal, and it does not matter what a CPU does with those, nor
// whether it rounds a product before it adds it: AVX512-BF16 and plain arithmetic give the same
// bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lilt::nn {

// The bits of two numbers: the first in the lower half.
using Pair = std::uint32_t;

// Sums that products are added to count as 0 below this, 2^-100, for the same reason.
inline constexpr float kLeastSum = 0x1p-100F;

// Words that hold so many numbers.
constexpr std::size_t pairs_of(std::size_t count) { return (count + 1) / 2; }

// x [count] as pairs of neighbours; the last one's second is 0 where the count is odd. Rounded to
// the nearest, to even where two are as near.
void pair_neighbours(const float* x, std::size_t count, Pair* pairs);

// x [rows, columns], `row_stride` floats from one row to the next, as pairs of a row and the next:
// pairs [pairs_of(rows), width], where columns beyond are 0.
void pair_rows(const float* x, std::size_t row_stride, std::size_t rows, std::size_t columns,
               std::size_t width, Pair* pairs);

}  // namespace lilt::nn
