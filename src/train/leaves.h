// The leaves of a batch: parts of equal size whose gradients are summed in one fixed order, so that
// the sum is the same to the last bit whoever computes which of them.
//
// The order is a tree that depends on the number of leaves alone: of leaves begin … end − 1 the
// first half (rounded down) is summed, then the second, then the two sums.
#pragma once

#include <cstddef>

namespace lilt::train {

// Leaves begin … end − 1.
struct Leaves {
  std::size_t begin = 0, end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  [[nodiscard]] std::size_t middle() const { return begin + size() / 2; }
  [[nodiscard]] Leaves first_half() const { return {begin, middle()}; }
  [[nodiscard]] Leaves second_half() const { return {middle(), end}; }
};

}  // namespace lilt::train
