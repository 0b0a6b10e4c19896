#include "cli/launch.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "cli/command.h"

namespace lilt::cli {
namespace {

JoinRanks join_ranks = nullptr;

// Variables of the environment by which a launcher tells processes of each other.
struct Launcher {
  const char *size, *rank, *on_machine;
};

constexpr Launcher kLaunchers[] = {
    {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"},  // OpenMPI
    {"PMI_SIZE", "PMI_RANK", "MPI_LOCALNRANKS"},                                     // MPICH
    {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", ""},                                    // srun
};

std::optional<std::size_t> number_in(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return {};
  std::size_t number = 0;
  const char* end = text + std::strlen(text);
  const auto [at, error] = std::from_chars(text, end, number);
  return error == std::errc() && at == end ? std::optional(number) : std::nullopt;
}

Error cannot_join(const Launch& launch) {
  return {ErrorCode::kOption,
          fmt::format("{} processes were started together ({}), and this program learns in one; "
                      "build one that learns in several: cmake --workflow --preset mpi. To start "
                      "each by itself: env -u {} lilt train",
                      launch.processes, launch.variable, launch.variable)};
}

Error not_connected(const Launch& launch) {
  return {ErrorCode::kOption,
          fmt::format("{} processes were started together ({}), and MPI does not connect them; use "
                      "the mpirun of the MPI that this program was built with, or srun --mpi=pmix",
                      launch.processes, launch.variable)};
}

}  // namespace

std::optional<Launch> launch() {
  for (const Launcher& launcher : kLaunchers) {
    const std::optional<std::size_t> size = number_in(launcher.size);
    if (!size) continue;
    return Launch{.variable = launcher.size,
                  .processes = *size,
                  .rank = number_in(launcher.rank).value_or(0),
                  .on_machine = number_in(launcher.on_machine).value_or(1)};
  }
  if (const std::optional<std::size_t> rank = number_in("PMIX_RANK")) {
    return Launch{.variable = "PMIX_RANK", .processes = 0, .rank = *rank};
  }
  return {};
}

void set_join(JoinRanks join) { join_ranks = join; }

Result<std::unique_ptr<train::Ranks>> join(const std::optional<Launch>& launch) {
  if (!launch || launch->processes == 1) return {std::make_unique<train::Alone>()};
  if (join_ranks == nullptr) return cannot_join(*launch);
  std::unique_ptr<train::Ranks> ranks = join_ranks();
  if (launch->processes > 1 && ranks->size() == 1) return not_connected(*launch);
  return {std::move(ranks)};
}

std::size_t threads_beside(const Launch& launch) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  std::size_t own = default_threads();
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) {
    own = std::min(own, static_cast<std::size_t>(CPU_COUNT(&cores)));
  }
  const std::size_t share = default_threads() / std::max<std::size_t>(1, launch.on_machine);
  return std::max<std::size_t>(1, std::min(own, share));
}

}  // namespace lilt::cli
