#include "cli/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/file.h"
#include "base/text.h"
#include "train/checkpoint.h"
#include "train/run_record.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

// Whether the run has learnt an epoch: there is a line behind the log's header.
bool has_log(const fs::path& folder) {
  std::error_code none;
  const fs::path path = train::log_file(folder);
  if (!fs::is_regular_file(path, none)) return false;
  const FileBytes file(path);
  const std::size_t end = file.text().find('\n');
  return end != std::string_view::npos && end + 1 < file.text().size();
}

// Epochs that the run was asked for, as its record has them.
std::uint64_t epochs_of(const fs::path& folder) {
  const fs::path path = train::run_record_file(folder);
  if (!fs::exists(path)) return 0;
  const auto record = nlohmann::json::parse(FileBytes(path).text(), nullptr, false);
  const nlohmann::json::json_pointer place("/options/epochs");
  if (!record.is_object() || !record.contains(place)) return 0;
  return record[place].is_number_unsigned() ? record[place].get<std::uint64_t>() : 0;
}

// The smaller, the better; a run that was validated is better than one that was not.
auto rank_of(const train::LogRow& row) {
  return std::tuple(!row.bits_per_character, row.bits_per_character.value_or(row.loss));
}

Result<Run> read_run(const fs::path& folder) {
  Result<std::vector<train::LogRow>> rows = train::read_log_file(train::log_file(folder));
  if (!rows) return rows.error();
  Run run{.name = fs::absolute(folder).lexically_normal().filename().string(),
          .folder = folder,
          .model = folder / "model" / train::kBestModel,
          .rows = *std::move(rows),
          .best = {},
          .epochs = epochs_of(folder)};
  if (!fs::exists(run.model)) run.model = folder / "model" / train::kLastCheckpoint;
  run.best = *std::min_element(run.rows.begin(), run.rows.end(), [](const auto& a, const auto& b) {
    return rank_of(a) < rank_of(b);
  });
  return run;
}

std::string figure(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "";
}

}  // namespace

std::vector<fs::path> run_folders(const fs::path& folder) {
  if (has_log(folder)) return {folder};
  std::vector<fs::path> folders;
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end;
       entry.increment(none)) {
    if (has_log(entry->path())) folders.push_back(entry->path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

Result<std::vector<Run>> read_runs(const std::vector<std::string>& folders) {
  std::vector<Run> runs;
  for (const std::string& folder : folders) {
    const std::vector<fs::path> found = run_folders(folder);
    if (found.empty()) {
      return Error{ErrorCode::kOption,
                   "expected the folder of a training that has learnt an epoch, or of several, "
                   "found " +
                       folder};
    }
    for (const fs::path& path : found) {
      Result<Run> run = read_run(path);
      if (!run) return run.error();
      runs.push_back(*std::move(run));
    }
  }
  std::stable_sort(runs.begin(), runs.end(),
                   [](const Run& a, const Run& b) { return rank_of(a.best) < rank_of(b.best); });
  return runs;
}

std::string table_of(const std::vector<Run>& runs) {
  std::size_t width = 3;
  for (const Run& run : runs) width = std::max(width, escaped(run.name).size());
  std::string table = fmt::format("{:<{}}{:>13}{:>7}{:>12}{:>11}{:>9}\n", "run", width, "epochs",
                                  "best", "bits/char", "bits/note", "loss");
  for (const Run& run : runs) {
    std::string epochs = std::to_string(run.rows.back().epoch);
    if (run.epochs > 0) epochs += fmt::format(" of {}", run.epochs);
    table += fmt::format("{:<{}}{:>13}{:>7}{:>12}{:>11}{:>9.3f}\n", escaped(run.name), width,
                         epochs, run.best.epoch, figure(run.best.bits_per_character),
                         figure(run.best.bits_per_note), run.best.loss);
  }
  return table;
}

nlohmann::ordered_json to_json(const std::vector<Run>& runs) {
  auto json = nlohmann::ordered_json::array();
  const auto value = [](const std::optional<double>& number) {
    return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json();
  };
  for (const Run& run : runs) {
    json.push_back({{"name", run.name},
                    {"folder", run.folder.string()},
                    {"model", run.model.string()},
                    {"epochs", run.rows.back().epoch},
                    {"of", run.epochs},
                    {"best_epoch", run.best.epoch},
                    {"valid_bits_per_character", value(run.best.bits_per_character)},
                    {"valid_bits_per_note", value(run.best.bits_per_note)},
                    {"loss", run.best.loss}});
  }
  return json;
}

}  // namespace lilt::cli
