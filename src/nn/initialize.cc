#include "nn/initialize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace lilt::nn {
namespace {

void fill_uniform(double limit, Random random, std::span<float> tensor) {
  for (float& w : tensor) w = static_cast<float>((2 * random.uniform() - 1) * limit);
}

// [rows, columns]: the limit keeps the variance of activations and of gradients alike.
void fill_glorot(const std::vector<std::size_t>& shape, Random random, std::span<float> tensor) {
  fill_uniform(std::sqrt(6.0 / static_cast<double>(shape[0] + shape[1])), random, tensor);
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Orthonormal rows from normal ones, by Gram and Schmidt with a second pass for accuracy. The
// result is distributed as the Q of a QR decomposition with positive diagonal. rows ≤ columns.
void fill_orthogonal(std::size_t rows, std::size_t columns, Random random,
                     std::span<float> tensor) {
  std::vector<double> q(rows * columns);
  for (double& value : q) value = random.normal();
  const auto row = [&](std::size_t r) { return std::span(q).subspan(r * columns, columns); };
  for (std::size_t r = 0; r < rows; ++r) {
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t earlier = 0; earlier < r; ++earlier) {
        const double share = dot(row(earlier), row(r));
        for (std::size_t j = 0; j < columns; ++j) row(r)[j] -= share * row(earlier)[j];
      }
    }
    const double length = std::sqrt(dot(row(r), row(r)));
    for (double& value : row(r)) value /= length;
  }
  std::transform(q.begin(), q.end(), tensor.begin(),
                 [](double v) { return static_cast<float>(v); });
}

void fill_bias(const ModelConfig& config, std::span<float> gates) {
  const std::size_t hidden = gates.size() / config.gates();
  const std::size_t forget = config.coupled_gates ? 0 : hidden;
  std::ranges::fill(gates, 0.0F);
  std::ranges::fill(gates.subspan(forget, hidden), 1.0F);
}

}  // namespace

void initialize(const ModelConfig& config, std::uint64_t seed, std::span<float> weights) {
  const std::vector<TensorSpec> specs = tensor_specs(config);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const TensorSpec& spec = specs[i];
    const std::span<float> tensor = weights.subspan(spec.offset, spec.size());
    const Random random(seed, RandomStream::kInitialize + i);
    if (spec.name == "embedding") {
      fill_uniform(0.05, random, tensor);
    } else if (spec.name == "dense.bias") {
      std::ranges::fill(tensor, 0.0F);
    } else if (spec.name.ends_with(".recurrent")) {
      fill_orthogonal(spec.shape[0], spec.shape[1], random, tensor);
    } else if (spec.name.ends_with(".bias")) {
      fill_bias(config, tensor);
    } else if (spec.name.ends_with(".gain")) {
      std::ranges::fill(tensor, 1.0F);
    } else {
      fill_glorot(spec.shape, random, tensor);
    }
  }
}

}  // namespace lilt::nn
