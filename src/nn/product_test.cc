#include "nn/product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>
#include "random_floats.h"

namespace lilt::nn {
namespace {

using support::random_floats;

// Σ a·b in double, and the sum of magnitudes, by which rounding errors scale.
struct Expected {
  double value = 0, magnitude = 0;
};

constexpr std::size_t kSizes[] = {0, 1, 2, 3, 5, 8, 13, 23, 24, 25, 31, 64, 97, 256, 257};

void expect_near(float found, const Expected& expected, std::size_t inner) {
  const double tolerance = static_cast<double>(inner + 2) * expected.magnitude *
                           static_cast<double>(std::numeric_limits<float>::epsilon());
  ASSERT_NEAR(static_cast<double>(found), expected.value, tolerance);
}

class ProductSizes : public testing::TestWithParam<std::size_t> {};

TEST_P(ProductSizes, EqualThePlainProduct) {
  const std::size_t rows = GetParam();
  for (const std::size_t inner : kSizes) {
    for (const std::size_t columns : kSizes) {
      if (columns == 0) continue;
      const std::vector<float> a = random_floats(rows * inner, 1);
      const std::vector<float> b = random_floats(inner * columns, 2);
      std::vector<float> c(rows * columns + 1, 0.25F);  // one more, which must not be touched
      PackedMatrix packed(inner, columns);
      for (std::size_t p = 0; p < packed.panels(); ++p) packed.pack_panel(p, b.data());
      for (const Store store : {Store::kReplace, Store::kAdd}) {
        multiply({.data = a.data(), .row_stride = inner}, rows, packed,
                 {.data = c.data(), .row_stride = columns}, store);
      }
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t j = 0; j < columns; ++j) {
          Expected twice;  // stored once, added once
          for (std::size_t k = 0; k < inner; ++k) {
            const double product = 2.0 * static_cast<double>(a[r * inner + k]) *
                                   static_cast<double>(b[k * columns + j]);
            twice.value += product;
            twice.magnitude += std::abs(product);
          }
          expect_near(c[r * columns + j], twice, 2 * inner);
        }
      }
      ASSERT_EQ(c.back(), 0.25F);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, ProductSizes,
                         testing::Values(0, 1, 3, 4, 5, 7, 8, 9, 16, 127, 129, 300));

TEST(Product, PackingTheTransposeIsPackingTransposed) {
  for (const std::size_t inner : {1, 5, 16, 33}) {
    for (const std::size_t columns : {1, 7, 24, 50}) {
      const std::vector<float> b = random_floats(inner * columns, 3);
      std::vector<float> transposed(b.size());
      for (std::size_t k = 0; k < inner; ++k) {
        for (std::size_t j = 0; j < columns; ++j) transposed[j * inner + k] = b[k * columns + j];
      }
      PackedMatrix one(inner, columns), other(inner, columns);
      for (std::size_t p = 0; p < one.panels(); ++p) {
        one.pack_panel(p, b.data());
        other.pack_panel_transposed(p, transposed.data());
        const std::size_t width = std::min(panel_width(), columns - p * panel_width());
        for (std::size_t i = 0; i < inner * width; ++i)
          ASSERT_EQ(one.panel(p)[i], other.panel(p)[i]);
      }
    }
  }
}

// Rows may lie in groups, and a matrix may be read transposed; the bits are those of the plain
// case.
TEST(Product, CuttingUpTheRowsDoesNotChangeABit) {
  constexpr std::size_t kSteps = 6, kBatch = 11, kInner = 300, kColumns = 37;
  const std::vector<float> a = random_floats(kSteps * kBatch * kInner, 4);
  const std::vector<float> b = random_floats(kInner * kColumns, 5);
  PackedMatrix packed(kInner, kColumns);
  for (std::size_t p = 0; p < packed.panels(); ++p) packed.pack_panel(p, b.data());

  std::vector<float> whole(kSteps * kBatch * kColumns);
  multiply({.data = a.data(), .row_stride = kInner}, kSteps * kBatch, packed,
           {.data = whole.data(), .row_stride = kColumns}, Store::kReplace);

  std::vector<float> parts(whole.size());
  for (const auto& [begin, end] : {std::pair{0, 3}, std::pair{3, 4}, std::pair{4, 11}}) {
    const auto size = static_cast<std::size_t>(end - begin);
    multiply({.data = a.data() + begin * kInner,
              .row_stride = kInner,
              .group = size,
              .group_stride = kBatch * kInner},
             kSteps * size, packed,
             {.data = parts.data() + begin * kColumns,
              .row_stride = kColumns,
              .group = size,
              .group_stride = kBatch * kColumns},
             Store::kReplace);
  }
  EXPECT_EQ(parts, whole);

  std::vector<float> a_transposed(a.size());
  for (std::size_t r = 0; r < kSteps * kBatch; ++r) {
    for (std::size_t k = 0; k < kInner; ++k) {
      a_transposed[k * kSteps * kBatch + r] = a[r * kInner + k];
    }
  }
  std::vector<float> from_transposed(whole.size());
  multiply({.data = a_transposed.data(), .row_stride = 1, .step = kSteps * kBatch}, kSteps * kBatch,
           packed, {.data = from_transposed.data(), .row_stride = kColumns}, Store::kReplace);
  EXPECT_EQ(from_transposed, whole);
}

}  // namespace
}  // namespace lilt::nn
