// Half precision, IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. Its numbers reach
// from 2^-24 to 65504. The same bits on every machine: no instruction of one is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lilt {

inline constexpr float kLargestHalf = 65504;

// The value of a half, exactly. NaN stays NaN.
[[nodiscard]] float from_half(std::uint16_t half);

// The nearest half, of two as near the one whose last bit is 0. From 65520 on that is infinity.
[[nodiscard]] std::uint16_t to_half(float value);

// The same of many. `halves` are little-endian as in a file, wherever they lie; floats.size() · 2
// bytes.
void from_halves(std::span<const std::byte> halves, std::span<float> floats);
void to_halves(std::span<const float> floats, std::span<std::byte> halves);

}  // namespace lilt
