// What `lilt train` is told, for that command and for whoever trains many times.
#pragma once

#include <cstddef>

#include "cli/command.h"
#include "train/presets.h"
#include "train/trainer.h"

namespace lilt::cli {

struct TrainCommand {
  train::Options options;  // as given
  train::RunSettings settings;
  train::Preset preset = train::Preset::kClassic;
  std::size_t samples = 0;            // after each epoch
  const CLI::App* command = nullptr;  // knows what was given
};

// Adds what a run is told besides where it goes, with how many threads, and whether it goes on.
// Both have to outlive the run.
void add_train_options(CLI::App* command, TrainCommand& c);

// What the run is told: the stored options of one that is resumed or those to start with.
[[nodiscard]] Result<train::Options> train_options_of(const TrainCommand& c,
                                                      train::Observer& observer);

// Trains in this process alone, and shows how it goes. Throws EnvironmentError.
[[nodiscard]] Result<train::RunSummary> learn_alone(const TrainCommand& c);

}  // namespace lilt::cli
