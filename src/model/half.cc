#include "model/half.h"

#include <cassert>
#include <cstring>

#include "base/bit_cast.h"

namespace lilt {
namespace {

// Both conversions choose between results with masks and have no branches, so that the loops below
// run in vectors. Neither meets a float that is subnormal but for the smallest arguments, which
// vanish: those are slow, and zero to a thread that has asked for it.
constexpr std::uint32_t mask(bool condition) { return 0U - static_cast<std::uint32_t>(condition); }
constexpr std::uint32_t choose(std::uint32_t which, std::uint32_t a, std::uint32_t b) {
  return (which & a) | (~which & b);
}
constexpr std::uint32_t bits_of(float value) { return bit_cast<std::uint32_t>(value); }

constexpr int kMoreFraction = 13;                           // bits that a half has not
constexpr std::uint32_t kMoreExponent = (127U - 15) << 23;  // what the exponents are off by
constexpr std::uint32_t kOneExponent = 1U << 23;
constexpr std::uint32_t kHalfInfinity = 0x7C00, kHalfNan = 0x7E00;
constexpr std::uint32_t kFloatInfinity = 0x7F800000;
constexpr float kSmallestNormal = 0x1p-14F;
constexpr float kRoundsToInfinity = 65520;

constexpr std::uint32_t float_bits(std::uint32_t half) {
  const std::uint32_t magnitude = half & 0x7FFF;
  const std::uint32_t if_infinite = mask(magnitude >= kHalfInfinity) & kMoreExponent;
  const std::uint32_t normal = (magnitude << kMoreFraction) + kMoreExponent + if_infinite;
  // A subnormal has no leading 1: read with one, it is too large by just that.
  const std::uint32_t subnormal = bits_of(bit_cast<float>(normal + kOneExponent) - kSmallestNormal);
  const std::uint32_t is_subnormal = mask(magnitude < (kOneExponent >> kMoreFraction));
  return (half & 0x8000) << 16 | choose(is_subnormal, subnormal, normal);
}

constexpr std::uint32_t half_bits(std::uint32_t bits) {
  const std::uint32_t magnitude = bits & 0x7FFFFFFF;
  const std::uint32_t last_bit = magnitude >> kMoreFraction & 1;
  const std::uint32_t normal = (magnitude - kMoreExponent + 0x0FFF + last_bit) >> kMoreFraction;
  // The last bit of 0.5 is worth 2^-24, as that of a subnormal half: adding rounds to it.
  const std::uint32_t subnormal = bits_of(bit_cast<float>(magnitude) + 0.5F) - bits_of(0.5F);
  const std::uint32_t is_subnormal = mask(magnitude < bits_of(kSmallestNormal));
  const std::uint32_t large = choose(mask(magnitude > kFloatInfinity), kHalfNan, kHalfInfinity);
  const std::uint32_t is_large = mask(magnitude >= bits_of(kRoundsToInfinity));
  return (bits >> 16 & 0x8000) | choose(is_large, large, choose(is_subnormal, subnormal, normal));
}

}  // namespace

float from_half(std::uint16_t half) { return bit_cast<float>(float_bits(half)); }

std::uint16_t to_half(float value) { return static_cast<std::uint16_t>(half_bits(bits_of(value))); }

void from_halves(std::span<const std::byte> halves, std::span<float> floats) {
  assert(halves.size() == 2 * floats.size());
  for (std::size_t i = 0; i < floats.size(); ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, halves.data() + 2 * i, sizeof half);
    floats[i] = from_half(half);
  }
}

void to_halves(std::span<const float> floats, std::span<std::byte> halves) {
  assert(halves.size() == 2 * floats.size());
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const std::uint16_t half = to_half(floats[i]);
    std::memcpy(halves.data() + 2 * i, &half, sizeof half);
  }
}

}  // namespace lilt
