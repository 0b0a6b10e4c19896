// Trainings that are there, in folders of their own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "train/log.h"

namespace lilt::cli {

// The folder itself where it is that of a run that has learnt an epoch; otherwise those in it, by
// name.
[[nodiscard]] std::vector<std::filesystem::path> run_folders(const std::filesystem::path& folder);

struct Run {
  std::string name;                     // its folder's
  std::filesystem::path folder, model;  // the best model, or the newest
  std::vector<train::LogRow> rows;      // of its epochs
  train::LogRow best;                   // of them by validation, or else by loss
  std::uint64_t epochs = 0;             // that it is to have; 0: not known
};

// The runs of these folders, the best one first: those without validation, by loss, behind the
// others. An error where there is none. Throws EnvironmentError.
[[nodiscard]] Result<std::vector<Run>> read_runs(const std::vector<std::string>& folders);

[[nodiscard]] std::string table_of(const std::vector<Run>& runs);
[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<Run>& runs);

}  // namespace lilt::cli
