// Training curves: the figure that `lilt plot` makes of logs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plot/canvas.h"

namespace lilt::plot {

// So many runs can be told apart by colour, by the colour-blind too. Further ones are grey.
inline constexpr std::size_t kMostRuns = 7;

struct Epoch {
  std::uint64_t number = 0;
  double loss = 0;                           // nats
  std::optional<double> bits_per_character;  // of the validation
  std::optional<double> bits_per_note;
  std::optional<double> learning_rate;
};

struct LoggedRun {
  std::string name;
  std::vector<Epoch> epochs;  // at least one, in their order
};

// The epoch with the best validation, the first of equals; without validation, with the lowest
// loss.
[[nodiscard]] const Epoch& best_epoch(const LoggedRun& run);

// "name: 20 epochs; best epoch 16: 1.407 bits per character".
[[nodiscard]] std::string summary(const LoggedRun& run);

// Draws runs, at least one, in one figure of 800 × 600: bits per character, bits per note and the
// learning rate over epochs, each if it is there. Gives the file. Throws EnvironmentError.
[[nodiscard]] std::string draw_curves(std::span<const LoggedRun> runs, const std::string& title,
                                      ImageFormat format);

}  // namespace lilt::plot
