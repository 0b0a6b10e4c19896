// The learning rate over the course of a run.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/names.h"

namespace lilt::train {

enum class Schedule : std::uint8_t { kConstant, kCosine, kStep };

constexpr auto names_of(Schedule) { return names<Schedule>("constant", "cosine", "step"); }

struct LearningRate {
  Schedule schedule = Schedule::kConstant;
  double rate = 0.001;           // the highest
  std::size_t warm_up = 0;       // updates over which it rises linearly from 0
  double final_share = 0.0;      // cosine: what is left at the end, as a share of `rate`
  std::size_t step_epochs = 20;  // step: epochs between falls
  double step_factor = 0.5;      // step: what each fall leaves

  // The rate of update `update` (from 0) of `total`, with `per_epoch` updates in an epoch.
  [[nodiscard]] double at(std::uint64_t update, std::uint64_t per_epoch, std::uint64_t total) const;
};

}  // namespace lilt::train
