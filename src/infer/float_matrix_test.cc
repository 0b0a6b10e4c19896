#include "infer/float_matrix.h"

#include <gtest/gtest.h>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "random_floats.h"
#include "targets.h"

namespace lilt::infer {
namespace {

constexpr std::size_t kSizes[] = {0, 1, 3, 17, 64, 257};
constexpr float kUntouched = 12345;

using support::random_floats;

// Compares with the plain product, everything misaligned by one float.
void check(std::size_t rows, std::size_t inner, std::size_t columns) {
  const std::vector<float> x = random_floats(rows * inner + 1, 1);
  const std::vector<float> weights = random_floats(inner * columns + 1, 2);
  std::vector<float> y = random_floats(rows * columns + 2, 3);
  y.front() = y.back() = kUntouched;
  const std::vector<float> before = y;
  multiply_add(x.data() + 1, rows, {weights.data() + 1, inner, columns}, y.data() + 1);
  EXPECT_EQ(y.front(), kUntouched);
  EXPECT_EQ(y.back(), kUntouched);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < columns; ++j) {
      double expected = static_cast<double>(before[1 + r * columns + j]);
      double magnitude = std::abs(expected);
      for (std::size_t k = 0; k < inner; ++k) {
        const double product = static_cast<double>(x[1 + r * inner + k]) *
                               static_cast<double>(weights[1 + k * columns + j]);
        expected += product;
        magnitude += std::abs(product);
      }
      // Each of `inner` products and sums rounds by at most half an epsilon of the magnitude.
      const double tolerance = static_cast<double>(inner) * magnitude *
                               static_cast<double>(std::numeric_limits<float>::epsilon());
      ASSERT_NEAR(static_cast<double>(y[1 + r * columns + j]), expected, tolerance)
          << rows << " × " << inner << " × " << columns << " at " << r << ", " << j;
    }
  }
}

class MultiplyAdd : public testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override { support::choose_targets(GetParam()); }
  void TearDown() override { support::choose_targets(0); }
};

TEST_P(MultiplyAdd, EqualsThePlainProductForAllSizes) {
  for (const std::size_t rows : kSizes) {
    for (const std::size_t inner : kSizes) {
      for (const std::size_t columns : kSizes) check(rows, inner, columns);
    }
  }
}

TEST_P(MultiplyAdd, GivesEveryRowTheBitsThatItHasAlone) {
  constexpr std::size_t kRows = 5, kInner = 67, kColumns = 300;
  const std::vector<float> x = random_floats(kRows * kInner, 1);
  const std::vector<float> weights = random_floats(kInner * kColumns, 2);
  std::vector<float> together(kRows * kColumns), alone(kRows * kColumns);
  multiply_add(x.data(), kRows, {weights.data(), kInner, kColumns}, together.data());
  for (std::size_t r = 0; r < kRows; ++r) {
    multiply_add(x.data() + r * kInner, 1, {weights.data(), kInner, kColumns},
                 alone.data() + r * kColumns);
  }
  EXPECT_EQ(together, alone);
}

INSTANTIATE_TEST_SUITE_P(Target, MultiplyAdd,
                         testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& test) { return std::string(hwy::TargetName(test.param)); });

}  // namespace
}  // namespace lilt::infer
