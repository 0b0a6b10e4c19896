// The commands, for the manual and for shells.
#pragma once

#include <CLI/CLI.hpp>

#include "manual/command.h"

namespace lilt::cli {

// Whoever describes an app, parses nothing with it any more.
[[nodiscard]] manual::Command described(CLI::App& app);

}  // namespace lilt::cli
