// Processes that mpirun or srun started together, to learn one model.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "cli/cli.h"
#include "train/ranks.h"

namespace lilt::cli {

// What a launcher tells the processes that it starts.
struct Launch {
  std::string variable;       // of the environment, that says so
  std::size_t processes = 1;  // 0: it does not say
  std::size_t rank = 0;
  std::size_t on_machine = 1;  // of those processes, where that is told
};

// None: this process was started by itself. A script of Slurm that calls lilt without srun is that,
// though SLURM_NTASKS tells of more tasks.
[[nodiscard]] std::optional<Launch> launch();

// How the program joins them; null: it cannot.
void set_join(JoinRanks join);

// All processes of the launch; this one alone, if there was none. An error if they cannot be
// joined.
[[nodiscard]] Result<std::unique_ptr<train::Ranks>> join(const std::optional<Launch>& launch);

// The number of threads to use unless told otherwise: the cores that this process may use and
// others of the launch do not.
[[nodiscard]] std::size_t threads_beside(const Launch& launch);

}  // namespace lilt::cli
