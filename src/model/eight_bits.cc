#include "model/eight_bits.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <vector>

namespace lilt {
namespace {

constexpr int kLargest = 127;

// To the nearest whole number, the even one of two, of numbers up to ±kLargest.
int rounded(float x) {
  constexpr float kRound = 12582912.0F;  // 1.5 · 2^23: adding it rounds to a whole number
  return static_cast<int>((x + kRound) - kRound);
}

}  // namespace

void to_eight_bits(std::span<const float> weights, std::span<std::byte> numbers,
                   std::span<float> largest) {
  assert(numbers.size() == weights.size() && weights.size() % largest.size() == 0);
  const std::size_t columns = largest.size();
  std::fill(largest.begin(), largest.end(), 0.0F);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    largest[i % columns] = std::max(largest[i % columns], std::fabs(weights[i]));
  }
  std::vector<float> factors(columns);
  for (std::size_t j = 0; j < columns; ++j) {
    const float factor = static_cast<float>(kLargest) / largest[j];
    factors[j] = std::isfinite(factor) ? factor : 0;
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const int number = rounded(weights[i] * factors[i % columns]);
    numbers[i] = static_cast<std::byte>(static_cast<std::int8_t>(number));
  }
}

void from_eight_bits(std::span<const std::byte> numbers, std::span<const float> largest,
                     std::span<float> weights) {
  assert(numbers.size() == weights.size() && weights.size() % largest.size() == 0);
  const std::size_t columns = largest.size();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    // Exact in double precision but for the division, so that 127 comes to the largest itself.
    const double number = static_cast<std::int8_t>(numbers[i]);
    weights[i] = static_cast<float>(number * largest[i % columns] / kLargest);
  }
}

}  // namespace lilt
