// Matrices in 8 bits, as composing rounds them (infer/eight_bit_matrix.h) and a model file may have
// them: of each column whole numbers from −127 to 127, and the magnitude that 127 stands for.
#pragma once

#include <cstddef>
#include <span>

namespace lilt {

// Weights [inner, columns], row-major and dense, finite, to numbers of one byte each, and the
// largest magnitude [columns].
void to_eight_bits(std::span<const float> weights, std::span<std::byte> numbers,
                   std::span<float> largest);

// And back: what is rounded again, here or by composing, gives the same numbers and magnitudes.
void from_eight_bits(std::span<const std::byte> numbers, std::span<const float> largest,
                     std::span<float> weights);

}  // namespace lilt
