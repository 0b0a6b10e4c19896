// e^x by additions and multiplications alone, so that every CPU computes the same bits where the
// compiler keeps their order and does not contract them (see CMakeLists.txt).
#pragma once

#include <cstdint>

#include "base/bit_cast.h"

namespace lilt::infer {

// e^x = s + s·p with s a power of two: as in the network for training, but with separate rounding
// of every product and sum.
struct Exponential {
  float s, p;
};

inline Exponential exponential(float x) {
  x = x > -87.0F ? x : -87.0F;  // what is not a number too
  x = x < 87.0F ? x : 87.0F;
  constexpr float kRound = 12582912.0F;  // 1.5 · 2^23: adding it rounds to a whole number
  const float n = (x * 1.44269504F + kRound) - kRound;
  const float r = (x - n * 0.693359375F) - n * -2.12194440e-4F;
  float q = r * (1.0F / 5040) + 1.0F / 720;
  q = q * r + 1.0F / 120;
  q = q * r + 1.0F / 24;
  q = q * r + 1.0F / 6;
  q = q * r + 0.5F;
  const auto exponent = static_cast<std::uint32_t>(static_cast<std::int32_t>(n) + 127) << 23;
  return {bit_cast<float>(exponent), (r * r) * q + r};
}

}  // namespace lilt::infer
