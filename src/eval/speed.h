// How fast networks predict on this machine.
#pragma once

#include "infer/weights.h"

namespace lilt::eval {

// Median microseconds of one step of the network for one tune, on one thread; of characters, and of
// what is told besides, drawn evenly.
[[nodiscard]] double microseconds_per_step(const infer::Weights& weights);

}  // namespace lilt::eval
