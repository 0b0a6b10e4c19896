// The weights before training: embedding uniform in ±0.05; input and dense weights uniform by
// Glorot and Bengio (2010); recurrent weights with orthonormal rows by Saxe et al. (2014); biases
// 0, but 1 for the forget gate (Jozefowicz et al., 2015); gains 1.
#pragma once

#include <cstdint>
#include <span>

#include "model/config.h"

namespace lilt::nn {

// Sets all weights, laid out as tensor_specs(config), from the seed.
void initialize(const ModelConfig& config, std::uint64_t seed, std::span<float> weights);

}  // namespace lilt::nn
