#include "infer/eight_bit_matrix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "model/eight_bits.h"
#include "random_floats.h"
#include "targets.h"

namespace lilt::infer {
namespace {

using support::random_floats;

EightBitRows rounded_rows(const std::vector<float>& x, std::size_t rows, std::size_t inner) {
  EightBitRows rounded(rows, inner);
  rounded.round(x.data(), rows, inner);
  return rounded;
}

TEST(EightBitMatrix, IsTheSameOfWeightsThatAFileHasInEightBits) {
  for (const std::size_t columns : {1, 33, 96}) {
    const std::size_t inner = 50;
    std::vector<float> weights = random_floats(inner * columns, 3);
    for (std::size_t k = 0; k < inner; ++k) weights[k * columns] *= 1e-39F;  // no scale for these
    std::vector<std::byte> numbers(weights.size());
    std::vector<float> largest(columns), back(weights.size());
    to_eight_bits(weights, numbers, largest);
    from_eight_bits(numbers, largest, back);
    const EightBitMatrix before(weights.data(), inner, columns), after(back.data(), inner, columns);
    for (std::size_t p = 0; p < before.panels(); ++p) {
      const std::size_t size = before.groups() * EightBitMatrix::kPanel * EightBitMatrix::kGroup;
      EXPECT_TRUE(std::equal(before.panel(p), before.panel(p) + size, after.panel(p)));
    }
    for (std::size_t j = 1; j < columns; ++j) EXPECT_EQ(before.scales()[j], after.scales()[j]);
  }
}

TEST(EightBitMatrix, IsTheProductUpToRounding) {
  support::for_each_target([](const char* target) {
    for (const std::size_t rows : {1, 2, 3, 5, 8, 17}) {
      for (const std::size_t inner : {1, 3, 4, 17, 64, 257}) {
        for (const std::size_t columns : {1, 31, 32, 33, 109}) {
          const std::vector<float> x = random_floats(rows * inner, 1);
          const std::vector<float> weights = random_floats(inner * columns, 2);
          std::vector<float> y(rows * columns, 1.0F);
          multiply_add(rounded_rows(x, rows, inner), EightBitMatrix(weights.data(), inner, columns),
                       y.data());
          for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t j = 0; j < columns; ++j) {
              double expected = 1;
              for (std::size_t k = 0; k < inner; ++k) {
                expected += static_cast<double>(x[r * inner + k]) *
                            static_cast<double>(weights[k * columns + j]);
              }
              // Each value is off by at most half a step of 0.5 / 31, each weight of 0.5 / 127.
              const double step = 0.5 * 0.5 * (0.5 / 31 + 0.5 / 127) + 1e-4;
              ASSERT_NEAR(static_cast<double>(y[r * columns + j]), expected,
                          static_cast<double>(inner) * step)
                  << target << " " << rows << " × " << inner << " × " << columns;
            }
          }
        }
      }
    }
  });
}

// Also where every product is as large as can be.
TEST(EightBitMatrix, HasTheSameBitsOnEveryInstructionSet) {
  constexpr std::size_t kRows = 11, kInner = 255, kColumns = 100;
  for (const float extreme : {0.0F, 1.0F, -1.0F}) {
    std::vector<float> x = random_floats(kRows * kInner, 1);
    std::vector<float> weights = random_floats(kInner * kColumns, 2);
    if (extreme != 0) {
      for (float& v : x) v = extreme;
      for (float& w : weights) w = w < 0 ? -1.0F : 1.0F;
      for (std::size_t k = 0; k < kInner; ++k) weights[k * kColumns] = extreme;
    }
    const EightBitMatrix matrix(weights.data(), kInner, kColumns);
    const EightBitRows rows = rounded_rows(x, kRows, kInner);
    std::vector<std::vector<float>> results;
    support::for_each_target([&](const char*) {
      std::vector<float> y(kRows * kColumns);
      multiply_add(rows, matrix, y.data());
      results.push_back(y);
    });
    ASSERT_FALSE(results.empty());
    for (const std::vector<float>& result : results) EXPECT_EQ(result, results[0]);
    if (extreme != 0) {
      EXPECT_NEAR(results[0][0], kInner, 1e-3);
    }
  }
}

TEST(EightBitMatrix, ARowHasTheBitsThatItHasAlone) {
  constexpr std::size_t kRows = 13, kInner = 67, kColumns = 70;
  const std::vector<float> x = random_floats(kRows * kInner, 1);
  const std::vector<float> weights = random_floats(kInner * kColumns, 2);
  const EightBitMatrix matrix(weights.data(), kInner, kColumns);
  std::vector<float> together(kRows * kColumns), alone(kRows * kColumns);
  multiply_add(rounded_rows(x, kRows, kInner), matrix, together.data());
  for (std::size_t r = 0; r < kRows; ++r) {
    EightBitRows row(1, kInner);
    row.round(x.data() + r * kInner, 1, kInner);
    multiply_add(row, matrix, alone.data() + r * kColumns);
  }
  EXPECT_EQ(together, alone);
}

TEST(EightBitMatrix, BearsZerosAndWhatIsNoNumber) {
  const std::vector<float> zeros(8), ones(8, 1.0F);
  EightBitRows rows(1, 8);
  rows.round(zeros.data(), 1, 8);
  std::vector<float> y(1, 3.0F);
  multiply_add(rows, EightBitMatrix(ones.data(), 8, 1), y.data());
  EXPECT_EQ(y[0], 3.0F);
  multiply_add(rows, EightBitMatrix(zeros.data(), 8, 1), y.data());
  EXPECT_EQ(y[0], 3.0F);
  std::vector<float> odd(8, std::numeric_limits<float>::quiet_NaN());
  odd[3] = std::numeric_limits<float>::infinity();
  rows.round(odd.data(), 1, 8);  // what comes of it does not matter
}

}  // namespace
}  // namespace lilt::infer
