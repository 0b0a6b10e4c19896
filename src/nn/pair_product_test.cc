#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "nn/pair_tiles.h"
#include "nn/product.h"
#include "random_floats.h"
#include "targets.h"

namespace lilt::nn {
namespace {

using support::random_floats;

float rounded(float x) {
  Pair pair = 0;
  pair_neighbours(&x, 1, &pair);
  return std::bit_cast<float>(pair << 16);
}

// What one sum of products has to be, bit for bit: of each two k the second, then the first.
float expected_sum(const std::vector<float>& a, const std::vector<float>& b, float sum) {
  const auto product = [&](std::size_t k) {
    return static_cast<double>(rounded(a[k])) * static_cast<double>(rounded(b[k]));
  };
  const auto add = [&](std::size_t k) {
    if (k < a.size()) sum = std::fma(rounded(a[k]), rounded(b[k]), sum);
    // The product is exact as a float, so that it does not matter who rounds it.
    if (k < a.size() && std::isfinite(static_cast<float>(product(k)))) {
      EXPECT_EQ(static_cast<double>(static_cast<float>(product(k))), product(k));
    }
  };
  for (std::size_t k = 0; k < a.size(); k += 2) {
    if (k % kInnerBlock == 0 && std::abs(sum) < kLeastSum) sum = 0;
    add(k + 1);
    add(k);
  }
  return sum;
}

// Each instruction set, and AVX-512 without AVX512-BF16.
template <class Use>
void for_each_way(Use&& use) {
  support::for_each_target(use);
  leave_out_pair_tiles(true);
  use("without vdpbf16ps");
  leave_out_pair_tiles(false);
}

constexpr std::size_t kSizes[] = {0, 1, 2, 3, 7, 16, 47, 48, 49, 97, 255, 256, 257, 515};

std::vector<float> product_of(std::size_t rows, std::size_t inner, std::size_t columns,
                              const std::vector<float>& a, const std::vector<float>& b,
                              bool transposed, Store store) {
  std::vector<float> c(rows * columns + 1, 0.25F);  // one more, which must not be touched
  PackedMatrix packed(inner, columns, Precision::kBf16);
  for (std::size_t p = 0; p < packed.panels(); ++p) {
    transposed ? packed.pack_panel_transposed(p, b.data()) : packed.pack_panel(p, b.data());
  }
  multiply({.data = a.data(), .row_stride = inner}, rows, packed,
           {.data = c.data(), .row_stride = columns}, store);
  EXPECT_EQ(c.back(), 0.25F);
  c.pop_back();
  return c;
}

std::vector<float> transpose_of(const std::vector<float>& b, std::size_t inner,
                                std::size_t columns) {
  std::vector<float> transposed(b.size());
  for (std::size_t k = 0; k < inner; ++k) {
    for (std::size_t j = 0; j < columns; ++j) transposed[j * inner + k] = b[k * columns + j];
  }
  return transposed;
}

TEST(PairProduct, IsTheSameToTheLastBitEverywhere) {
  for (const std::size_t rows : {1, 8, 13, 70}) {
    for (const std::size_t inner : kSizes) {
      for (const std::size_t columns : {1, 48, 61}) {
        const std::vector<float> a = random_floats(rows * inner, 1);
        const std::vector<float> b = random_floats(inner * columns, 2);
        const std::vector<float> b_transposed = transpose_of(b, inner, columns);
        for (const Store store : {Store::kReplace, Store::kAdd}) {
          std::vector<float> expected;
          for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t j = 0; j < columns; ++j) {
              std::vector<float> left(inner), right(inner);
              for (std::size_t k = 0; k < inner; ++k) {
                left[k] = a[r * inner + k];
                right[k] = b[k * columns + j];
              }
              expected.push_back(expected_sum(left, right, store == Store::kAdd ? 0.25F : 0));
            }
          }
          for_each_way([&](const char* way) {
            ASSERT_EQ(product_of(rows, inner, columns, a, b, false, store), expected)
                << way << ' ' << rows << " · " << inner << " · " << columns;
            ASSERT_EQ(product_of(rows, inner, columns, a, b_transposed, true, store), expected)
                << way << ", transposed";
          });
        }
      }
    }
  }
}

// Numbers of all magnitudes, sums that cancel, sums that are next to nothing, infinities.
std::vector<float> strange_floats(std::size_t count, std::uint64_t seed) {
  Random random(seed, RandomStream::kBench);
  std::vector<float> all(count);
  for (float& x : all) {
    const auto bits = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
    switch (random.below(8)) {
      case 0:
        x = std::bit_cast<float>(bits & 0x807FFFFF);
        break;  // subnormal
      case 1:
        x = std::bit_cast<float>((bits & 0x807FFFFF) | 72U << 23);
        break;  // about 2^-55
      case 2:
        x = std::bit_cast<float>((bits & 0x80000000) | 0x3F800000);
        break;
      case 3:
        x = std::bit_cast<float>((bits & 0x83FFFFFF) | 0x3C000000);
        break;
      case 4:
        x = 0;
        break;
      default:
        x = std::ldexp(std::bit_cast<float>((bits & 0x807FFFFF) | 0x3F800000),
                       static_cast<int>(bits >> 8 & 127) - 66);
        break;
    }
  }
  return all;
}

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float v : values) bits.push_back(std::isnan(v) ? 1 : std::bit_cast<std::uint32_t>(v));
  return bits;
}

TEST(PairProduct, IsTheSameOfStrangeNumbers) {
  constexpr std::size_t kRows = 16, kInner = 20, kColumns = 96;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::vector<float> a = strange_floats(kRows * kInner, 2 * seed);
    const std::vector<float> b = strange_floats(kInner * kColumns, 2 * seed + 1);
    if (seed % 8 == 7) a[seed] = std::numeric_limits<float>::infinity();
    std::vector<float> sums = strange_floats(kRows * kColumns, 1000 + seed);
    std::vector<std::uint32_t> expected;
    for_each_way([&](const char* way) {
      PackedMatrix matrix(kInner, kColumns, Precision::kBf16);
      for (std::size_t p = 0; p < matrix.panels(); ++p) matrix.pack_panel(p, b.data());
      std::vector<float> c = sums;
      multiply({.data = a.data(), .row_stride = kInner}, kRows, matrix,
               {.data = c.data(), .row_stride = kColumns}, Store::kAdd);
      if (expected.empty()) expected = bits_of(c);
      ASSERT_EQ(bits_of(c), expected) << way << ", seed " << seed;
    });
  }
}

// A gradient by weights is a product of pairs of rows, summed block by block.
TEST(PairProduct, OfPairsOfRowsIsThatOfTheTranspose) {
  constexpr std::size_t kRows = 517, kWidth = 19, kColumns = 30;  // x [rows, width]
  const std::vector<float> x = random_floats(kRows * kWidth, 1);
  const std::vector<float> y = random_floats(kRows * kColumns, 2);
  const std::vector<float> expected = product_of(
      kWidth, kRows, kColumns, transpose_of(x, kRows, kWidth), y, false, Store::kReplace);
  for_each_way([&](const char* way) {
    std::vector<Pair> left(pairs_of(kRows) * kWidth);
    pair_rows(x.data(), kWidth, kRows, kWidth, kWidth, left.data());
    std::vector<float> found(kWidth * kColumns);
    const std::size_t block = kInnerBlock;
    for (std::size_t column = 0; column < kColumns; column += panel_width()) {
      const std::size_t columns = std::min(panel_width(), kColumns - column);
      Buffer floats(block * panel_width());
      BufferOf<Pair> panel(pairs_of(block) * panel_width());
      for (std::size_t first = 0; first < kRows; first += block) {
        const std::size_t rows = std::min(block, kRows - first);
        const std::size_t width = pack_columns(y.data() + first * kColumns + column, kColumns, rows,
                                               columns, floats.data());
        pair_rows(floats.data(), width, rows, width, width, panel.data());
        multiply_panel(
            Rows<const Pair>{
                .data = left.data() + first / 2 * kWidth, .row_stride = 1, .step = kWidth},
            kWidth, panel.data(), pairs_of(rows), columns,
            {.data = found.data() + column, .row_stride = kColumns},
            first == 0 ? Store::kReplace : Store::kAdd);
      }
    }
    ASSERT_EQ(found, expected) << way;
  });
}

}  // namespace
}  // namespace lilt::nn
