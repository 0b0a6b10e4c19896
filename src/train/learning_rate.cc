#include "train/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lilt::train {

double LearningRate::at(std::uint64_t update, std::uint64_t per_epoch, std::uint64_t total) const {
  if (update < warm_up)
    return rate * static_cast<double>(update + 1) / static_cast<double>(warm_up);
  switch (schedule) {
    case Schedule::kConstant:
      return rate;
    case Schedule::kCosine: {
      const double length =
          static_cast<double>(std::max<std::uint64_t>(total, warm_up + 1) - warm_up);
      const double done = std::min(1.0, static_cast<double>(update - warm_up) / length);
      const double fall = 0.5 * (1 + std::cos(std::numbers::pi * done));
      return rate * (final_share + (1 - final_share) * fall);
    }
    case Schedule::kStep: {
      const std::uint64_t falls = update / std::max<std::uint64_t>(1, per_epoch * step_epochs);
      return rate * std::pow(step_factor, static_cast<double>(falls));
    }
  }
  return rate;
}

}  // namespace lilt::train
