// Ctrl-C for commands that have something to tidy up.
#pragma once

namespace lilt::cli {

// From now on the first Ctrl-C (or SIGTERM, SIGHUP) is only noted; a second one ends the program.
void catch_interrupts();
[[nodiscard]] bool is_interrupted();

}  // namespace lilt::cli
