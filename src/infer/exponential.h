// Exponentials of which every CPU computes the same bits.
#pragma once

#include <span>

namespace lilt::infer {

// e^x of each x, which is at most 0. What is too small to matter, less than e^-80, and what is no
// number, as infinite logits of a stranger's weights leave it, become 0.
void exponentials(std::span<const float> x, double* e);

}  // namespace lilt::infer
