// The training log: one line of comma-separated values an epoch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "corpus/figures.h"

namespace lilt::train {

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

}  // namespace lilt::train
