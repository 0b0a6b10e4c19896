// Training curves: the figure that `lilt plot` makes of logs.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cli/canvas.h"
#include "train/log.h"

namespace lilt::cli {

// So many runs can be told apart by colour, by the colour-blind too.
inline constexpr std::size_t kMostRuns = 7;

struct LoggedRun {
  std::string name;
  std::vector<train::LogRow> rows;  // at least one, in the order of their epochs
};

// The row with the best validation, the first of equals; without validation, with the lowest loss.
[[nodiscard]] const train::LogRow& best_row(const LoggedRun& run);

// "name: 20 epochs; best epoch 16: 1.407 bits per character".
[[nodiscard]] std::string summary(const LoggedRun& run);

// Draws 1 … kMostRuns runs in one figure of 800 × 600: bits per character, bits per note and the
// learning rate over epochs, each if it is there. Gives the file. Throws EnvironmentError.
[[nodiscard]] std::string draw_curves(std::span<const LoggedRun> runs, const std::string& title,
                                      ImageFormat format);

}  // namespace lilt::cli
