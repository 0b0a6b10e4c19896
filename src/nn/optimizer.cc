#include "nn/optimizer.h"

#include <algorithm>
#include <cmath>

#include "nn/pointwise.h"

namespace lilt::nn {

Optimizer::Optimizer(const ModelConfig& config, const OptimizerOptions& options)
    : options_(options),
      mean_(parameter_layout(config).count),
      variance_(parameter_layout(config).count) {
  constexpr std::size_t kChunk = 32768;
  for (const TensorSpec& spec : tensor_specs(config)) {
    const std::size_t end = spec.offset + spec.size();
    const bool is_matrix = spec.shape.size() > 1;
    for (std::size_t begin = spec.offset; begin < end; begin += kChunk) {
      chunks_.push_back({begin, std::min(kChunk, end - begin), is_matrix});
    }
  }
  squares_.resize(chunks_.size());
}

double Optimizer::global_norm(std::span<const float> gradients, Team& team) {
  team.for_each(chunks_.size(), [&](std::size_t i, std::size_t) {
    squares_[i] = sum_of_squares(gradients.subspan(chunks_[i].begin, chunks_[i].count));
  });
  double total = 0;
  for (const double square : squares_) total += square;
  return std::sqrt(total);
}

std::optional<double> Optimizer::update(double learning_rate, std::span<const float> gradients,
                                        std::span<float> weights, Team& team) {
  std::optional<double> norm;
  double scale = 1;
  if (options_.clip_norm > 0) {
    norm = global_norm(gradients, team);
    if (!std::isfinite(*norm)) return norm;
    if (*norm > options_.clip_norm) scale = options_.clip_norm / *norm;
  }
  ++updates_;
  const auto t = static_cast<double>(updates_);
  const double rate = learning_rate * std::sqrt(1 - std::pow(options_.beta2, t)) /
                      (1 - std::pow(options_.beta1, t));
  team.for_each(chunks_.size(), [&](std::size_t i, std::size_t) {
    const Chunk& chunk = chunks_[i];
    const AdamStep step{
        .rate = static_cast<float>(rate),
        .decay = chunk.decays ? static_cast<float>(learning_rate * options_.weight_decay) : 0.0F,
        .beta1 = static_cast<float>(options_.beta1),
        .beta2 = static_cast<float>(options_.beta2),
        .epsilon = static_cast<float>(options_.epsilon),
        .gradient_scale = static_cast<float>(scale)};
    adam_update(step, gradients.data() + chunk.begin, weights.data() + chunk.begin,
                mean_.data() + chunk.begin, variance_.data() + chunk.begin, chunk.count);
  });
  return norm;
}

}  // namespace lilt::nn
