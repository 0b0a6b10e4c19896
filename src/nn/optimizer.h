// Adam and AdamW with clipping by the global norm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "model/config.h"
#include "nn/buffer.h"
#include "nn/team.h"

namespace lilt::nn {

struct OptimizerOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
  double weight_decay = 0;  // decoupled (AdamW); matrices only, never biases
  double clip_norm = 0;     // largest global norm of the gradient; 0: no clipping
};

class Optimizer {
 public:
  Optimizer(const ModelConfig& config, const OptimizerOptions& options);

  // One update of `weights` by `gradients` with the given learning rate. Returns the global norm of
  // the gradient before clipping, which is only computed when clipping is on. Changes nothing when
  // that norm is not finite.
  std::optional<double> update(double learning_rate, std::span<const float> gradients,
                               std::span<float> weights, Team& team);

  // What a checkpoint keeps: updates made so far, first and second moments.
  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  void set_updates(std::uint64_t updates) { updates_ = updates; }
  [[nodiscard]] std::span<float> mean() { return mean_.span(); }
  [[nodiscard]] std::span<float> variance() { return variance_.span(); }

 private:
  struct Chunk {
    std::size_t begin, count;
    bool decays;
  };

  [[nodiscard]] double global_norm(std::span<const float> gradients, Team& team);

  OptimizerOptions options_;
  Buffer mean_, variance_;
  std::vector<Chunk> chunks_;
  std::vector<double> squares_;  // of each chunk
  std::uint64_t updates_ = 0;
};

}  // namespace lilt::nn
