// How fast networks learn on this machine.
#pragma once

#include <cstddef>
#include <vector>

#include "model/config.h"
#include "train/options.h"
#include "train/presets.h"

namespace lilt::train {

// The options of a preset, with the network as its text would make it: 86 characters, as the
// classic recipe has, or those of canonical text.
[[nodiscard]] Options speed_options(Preset preset);

struct Speed {
  double seconds_per_update = 0, characters_per_second = 0;
  double gflops = 0;  // GFLOP/s, counted on the unfolded network
};

// Of whole updates of the network: forward, backward, dropout, optimiser; the median of so many. It
// learns a tune of ours as the options ask for it, or characters drawn evenly.
[[nodiscard]] Speed measure_speed(const Options& options, std::size_t threads, std::size_t updates);

// The file of a network that has learnt nothing, whose characters are those that tunes need.
[[nodiscard]] std::vector<std::byte> untrained_model(const ModelConfig& config);

}  // namespace lilt::train
