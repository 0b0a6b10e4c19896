#include "nn/pairs.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "targets.h"

namespace lilt::nn {
namespace {

// Slow: the nearest of the two numbers of bfloat16 beside x, the one with an even last bit where
// both are as near.
std::uint32_t rounded(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if (std::isnan(x) || std::isinf(x)) return bits >> 16 | (std::isnan(x) ? 0x40 : 0);
  if (std::abs(x) < 0x1p-55F) return 0;
  const std::uint32_t below = bits >> 16, above = below + 1;  // in magnitude
  const double magnitude = std::abs(static_cast<double>(x));
  const auto value = [](std::uint32_t half) {
    return half == 0x7F80 ? 0x1p128 : static_cast<double>(std::bit_cast<float>(half << 16));
  };
  const double under = magnitude - value(below & 0x7FFF), over = value(above & 0x7FFF) - magnitude;
  if (under == over) return below % 2 == 0 ? below : above;
  return under < over ? below : above;
}

std::vector<float> numbers() {
  const float largest = std::numeric_limits<float>::max();
  std::vector<float> all = {
      0,           -0.0F,    1,         -1,        1.00390625F, 1.01171875F, 0x1p-55F, -0x1p-55F,
      0x1.ffp-56F, 0x1p-56F, 0x1p-126F, 0x1p-149F, -0x1p-149F,  largest,     -largest, 0x1.ffp127F};
  all.push_back(std::numeric_limits<float>::infinity());
  all.push_back(-std::numeric_limits<float>::infinity());
  all.push_back(std::numeric_limits<float>::quiet_NaN());
  all.push_back(std::bit_cast<float>(0x7FFFFFFFU));
  all.push_back(std::bit_cast<float>(0xFF800001U));
  Random random(1, RandomStream::kBench);
  for (int i = 0; i < 3000; ++i) {  // any bits, and halves between two
    const auto bits = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
    all.push_back(std::bit_cast<float>(bits));
    all.push_back(std::bit_cast<float>((bits & 0xFFFF0000) | 0x8000));
  }
  return all;
}

TEST(Pairs, AreTheNearestOfBfloat16) {
  const std::vector<float> all = numbers();
  support::for_each_target([&](const char* target) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{31},
                                    std::size_t{33}, all.size()}) {
      std::vector<Pair> pairs(pairs_of(count) + 1, 0x55555555);
      pair_neighbours(all.data(), count, pairs.data());
      for (std::size_t i = 0; i < 2 * pairs_of(count); ++i) {
        const std::uint32_t found = pairs[i / 2] >> (i % 2 == 0 ? 0 : 16) & 0xFFFF;
        ASSERT_EQ(found, i < count ? rounded(all[i]) : 0) << target << ": " << all[i];
      }
      ASSERT_EQ(pairs.back(), 0x55555555U) << "beyond the last";
    }
  });
}

TEST(Pairs, OfRowsAreThoseOfTheTranspose) {
  const std::vector<float> all = numbers();
  support::for_each_target([&](const char* target) {
    for (const std::size_t rows : {1, 2, 5, 8}) {
      for (const std::size_t columns : {1, 3, 16, 37}) {
        const std::size_t stride = columns + 2, width = columns + 3;
        std::vector<Pair> pairs(pairs_of(rows) * width, 0x55555555);
        pair_rows(all.data(), stride, rows, columns, width, pairs.data());
        for (std::size_t j = 0; j < width; ++j) {
          for (std::size_t r = 0; r < rows; r += 2) {
            const bool inside = j < columns;
            const std::uint32_t first = inside ? rounded(all[r * stride + j]) : 0;
            const std::uint32_t second =
                inside && r + 1 < rows ? rounded(all[(r + 1) * stride + j]) : 0;
            ASSERT_EQ(pairs[r / 2 * width + j], first | second << 16) << target;
          }
        }
      }
    }
  });
}

}  // namespace
}  // namespace lilt::nn
