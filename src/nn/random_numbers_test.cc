// The random numbers of a training run: initial weights and masks of dropout. Those of one seed,
// tensor, layer, update or step tell nothing about those of another.

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/config.h"
#include "nn/initialize.h"
#include "nn/pointwise.h"

namespace lilt::nn {
namespace {

struct Drawn {
  std::string what;
  std::vector<double> numbers;  // of mean 0 and variance 1, as far as their distribution is right
};

// The correlation of what both have, in deviations of its distribution for independent numbers.
double correlation(const Drawn& a, const Drawn& b) {
  const std::size_t count = std::min(a.numbers.size(), b.numbers.size());
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += a.numbers[i] * b.numbers[i];
  return sum / std::sqrt(static_cast<double>(count));
}

void expect_independent(const std::vector<Drawn>& all) {
  for (std::size_t a = 0; a < all.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      EXPECT_LT(std::abs(correlation(all[a], all[b])), 5) << all[a].what << ", " << all[b].what;
    }
  }
}

void expect_mean_and_variance(const Drawn& drawn) {
  const auto count = static_cast<double>(drawn.numbers.size());
  double sum = 0, squares = 0;
  for (const double x : drawn.numbers) sum += x, squares += x * x;
  EXPECT_LT(std::abs(sum) / std::sqrt(count), 5) << drawn.what;
  EXPECT_LT(std::abs(squares - count) / std::sqrt(2 * count), 5) << drawn.what;
}

// The deviation that a tensor's weights should have; 0 of one that is not random.
double deviation(const TensorSpec& spec) {
  if (spec.shape.size() < 2) return 0;
  const auto rows = static_cast<double>(spec.shape[0]),
             columns = static_cast<double>(spec.shape[1]);
  if (spec.name == "embedding") return 0.05 / std::sqrt(3.0);
  if (spec.name.ends_with(".recurrent")) return 1 / std::sqrt(columns);
  return std::sqrt(2 / (rows + columns));
}

TEST(RandomNumbers, InitialWeightsOfSeedsAndTensorsAreIndependent) {
  const ModelConfig config{.vocabulary = 40, .embedding = 48, .hidden = {32, 32, 32}};
  std::vector<float> weights(parameter_layout(config).count);
  std::vector<Drawn> all;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    initialize(config, seed, weights);
    for (const TensorSpec& spec : tensor_specs(config)) {
      if (deviation(spec) == 0) continue;
      Drawn& drawn = all.emplace_back(spec.name + " of seed " + std::to_string(seed));
      for (const float w : std::span(weights).subspan(spec.offset, spec.size())) {
        drawn.numbers.push_back(static_cast<double>(w) / deviation(spec));
      }
      expect_mean_and_variance(drawn);
    }
  }
  expect_independent(all);
}

TEST(RandomNumbers, MasksOfSeedsLayersUpdatesAndStepsAreIndependent) {
  constexpr std::size_t kWidth = 256, kBatch = 16;
  std::vector<Drawn> all;
  std::vector<float> mask(kWidth);
  for (std::size_t i = 0; i < 32; ++i) {
    const Dropout dropout{.seed = 1 + i / 8, .update = i / 4 % 2, .layer = i / 2 % 2, .rate = 0.2F};
    const std::size_t step = i % 2;
    Drawn& drawn = all.emplace_back(
        "seed " + std::to_string(dropout.seed) + " update " + std::to_string(dropout.update) +
        " layer " + std::to_string(dropout.layer) + " step " + std::to_string(step));
    for (std::size_t n = 0; n < kBatch; ++n) {
      dropout_mask_row(dropout, step * kBatch + n, mask.data(), kWidth);
      for (const float m : mask) drawn.numbers.push_back(m == 0 ? -2 : 0.5);  // a fifth is dropped
    }
    expect_mean_and_variance(drawn);
  }
  expect_independent(all);
}

}  // namespace
}  // namespace lilt::nn
