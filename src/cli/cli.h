// The program `lilt`: one file a command, each an options struct, its set-up and its run.
#pragma once

namespace lilt::cli {

// Parses the command line and runs the command. Exit codes: 0 success, 1 the work failed or what
// was checked is wrong, 2 the command line was wrong.
int run(int argc, char** argv);

}  // namespace lilt::cli
