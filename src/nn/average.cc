#include "nn/average.h"

#include <algorithm>

namespace lilt::nn {

void Average::add(std::uint64_t update, std::span<const float> weights, Team& team) {
  constexpr std::size_t kChunk = 32768;
  const auto u = static_cast<double>(update);
  const auto share = static_cast<float>(1 - std::min(decay_, (u - 1) / (u + 9)));
  team.for_each((weights.size() + kChunk - 1) / kChunk, [&](std::size_t item, std::size_t) {
    const std::size_t end = std::min(weights.size(), (item + 1) * kChunk);
    float* values = values_.data();
    for (std::size_t i = item * kChunk; i < end; ++i) {
      values[i] += share * (weights[i] - values[i]);
    }
  });
}

}  // namespace lilt::nn
