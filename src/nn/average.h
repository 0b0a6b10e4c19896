// A moving average of the weights over the updates of a run: it predicts better than the weights of
// any one update (Polyak and Juditsky, 1992).
#pragma once

#include <cstdint>
#include <span>

#include "nn/buffer.h"
#include "nn/team.h"

namespace lilt::nn {

class Average {
 public:
  // `decay` of an update; the first ones count less, so that the beginning is soon forgotten.
  Average(std::size_t count, double decay) : decay_(decay), values_(count) {}

  // Takes the weights after update number `update`, counted from 1.
  void add(std::uint64_t update, std::span<const float> weights, Team& team);

  [[nodiscard]] std::span<float> values() { return values_.span(); }

 private:
  double decay_;
  Buffer values_;
};

}  // namespace lilt::nn
