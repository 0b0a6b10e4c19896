// Numbers for tests of arithmetic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"

namespace lilt::support {

// From −0.5 to 0.5, the same for the same seed.
inline std::vector<float> random_floats(std::size_t count, std::uint64_t seed) {
  Random random(seed, RandomStream::kBench);
  std::vector<float> values(count);
  for (float& v : values) v = static_cast<float>(random.uniform() - 0.5);
  return values;
}

}  // namespace lilt::support
