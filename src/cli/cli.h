// The program `lilt`: one file a command, each an options struct, its set-up and its run.
#pragma once

#include <memory>

namespace lilt::train {
class Ranks;
}

namespace lilt::cli {

// Joins the other processes that a launcher, such as mpirun, started together with this one.
using JoinRanks = std::unique_ptr<train::Ranks> (*)();

// Parses the command line and runs the command. Exit codes: 0 success, 1 the work failed or what
// was checked is wrong, 2 the command line was wrong. Without `join` nothing is done by several
// processes.
int run(int argc, char** argv, JoinRanks join = nullptr);

}  // namespace lilt::cli
