// How far a run is, for whoever watches it from another program: out/logs/progress.csv.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <vector>

namespace lilt::train {

struct UpdateReport;

// Where it stands for a run that was started with --out `out`.
[[nodiscard]] std::filesystem::path progress_file(const std::filesystem::path& out);

// A line of it: what was learnt since the line before, and where the run stood then.
struct ProgressRow {
  std::uint64_t updates = 0;              // of the whole run
  std::uint64_t epoch = 0, epochs = 0;    // under way, counted from 1; of the whole run
  std::uint64_t window = 0, windows = 0;  // learnt of this epoch; of an epoch
  double loss = 0;                        // nats, mean since the line before of this epoch
  double accuracy = 0;                    // likewise
  double characters_per_second = 0;
  double seconds_left = 0;  // of the whole run
};

// Writes it: a line twice a second at most, and at most a hundred an epoch, the last update of each
// among them. A file that cannot be written stops no run.
class ProgressFile {
 public:
  // Goes on after the lines of the first `kept` updates; starts the file anew when there are none.
  ProgressFile(std::filesystem::path path, std::uint64_t kept);

  void append(const UpdateReport& report, std::uint64_t updates);

 private:
  [[nodiscard]] bool is_due(const UpdateReport& report) const;

  std::ofstream file_;
  std::uint64_t epoch_ = 0, window_ = 0;  // of the last line
  double loss_ = 0, correct_ = 0;         // sums over the epoch until then, in windows
  std::chrono::steady_clock::time_point written_;
};

// Reads such a file; a line that is not whole, as while it is written, ends it.
[[nodiscard]] std::vector<ProgressRow> read_progress(std::string_view text);

}  // namespace lilt::train
