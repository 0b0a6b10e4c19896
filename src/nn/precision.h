// What matrix products of training are made of.
#pragma once

#include <cstdint>

#include "base/names.h"

namespace lilt::nn {

// Weights, sums, states and the optimiser are in single precision always. With bf16 what is
// multiplied is rounded to bfloat16 first: nn/pairs.h.
enum class Precision : std::uint8_t { kSingle, kBf16 };

constexpr auto names_of(Precision) { return names<Precision>("single", "bf16"); }

}  // namespace lilt::nn
