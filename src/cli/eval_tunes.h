// lilt eval --tunes: composed tunes beside real ones.
#pragma once

#include <string>

#include "eval/collection.h"

namespace lilt::cli {

struct EvalTunesCommand {
  eval::ComparisonFiles files;
  std::string report;  // the page to write, or ""
  bool json = false;
};

// The exit code. Throws EnvironmentError.
int run_eval_tunes(const EvalTunesCommand& command);

}  // namespace lilt::cli
