// The training log: one line of comma-separated values an epoch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "corpus/figures.h"

namespace lilt::train {

// Where the log of a run stands that was started with --out `out`.
[[nodiscard]] std::filesystem::path log_file(const std::filesystem::path& out);

struct EpochRecord {
  std::uint64_t epoch = 0;  // counted from 1
  double loss = 0;          // mean cross-entropy in nats, dropout on
  double accuracy = 0;      // share of characters predicted right, dropout on
  std::optional<corpus::Figures> validation;
  double learning_rate = 0;  // of the epoch's last update
  std::uint64_t updates = 0;
  double characters_per_second = 0;
  double seconds = 0;  // of this epoch, validation included
  bool best = false;   // the best validation so far
};

class Log {
 public:
  // Continues the file after the lines of epochs 1 … `kept`, dropping what comes later; starts it
  // anew when `kept` is 0. Throws EnvironmentError.
  Log(std::filesystem::path path, std::uint64_t kept);

  void append(const EpochRecord& record);

 private:
  std::filesystem::path path_;
};

// A line of a log, read back.
struct LogRow {
  std::uint64_t epoch = 0;
  double loss = 0;                           // nats
  std::optional<double> bits_per_character;  // of the validation
  std::optional<double> bits_per_note;
  std::optional<double> learning_rate;

  bool operator==(const LogRow&) const = default;
};

// Reads a log: columns are found by the names in its header, in any order; `epoch` and `loss` must
// be there, others that are not known are skipped. Lines that begin with # are comments. The rows,
// at least one, are in the order of their epochs, and all figures are finite and not negative.
// Otherwise an error with the line; `source` is what it calls the text.
[[nodiscard]] Result<std::vector<LogRow>> read_log(std::string_view text,
                                                   const std::string& source);

// The log of a file, or of standard input for "-"; one of more than 256 MB, far more than a run can
// write, is an error. Throws EnvironmentError.
[[nodiscard]] Result<std::vector<LogRow>> read_log_file(const std::filesystem::path& path);

}  // namespace lilt::train
