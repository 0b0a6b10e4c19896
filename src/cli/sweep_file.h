// A file of options: which trainings a sweep consists of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt::cli {

struct SweepRun {
  std::string name;                    // of its folder: "small,lr=0.001,seed=2"
  std::vector<std::string> arguments;  // of lilt train
  std::size_t line = 0;                // of the file, from 1
};

// Reads such a file. A line is a name with a colon, which may be left out, and what lilt train is
// told: files first, then options. An option with several values makes a run of each; several such
// options, one of each combination, in the order in which they are written. '…' and "…" hold
// spaces, # begins a comment. An error tells its line of `source`; names differ.
[[nodiscard]] Result<std::vector<SweepRun>> read_sweep(std::string_view text,
                                                       const std::string& source);

}  // namespace lilt::cli
