// What a person sees of a training run.
#pragma once

#include <utility>

#include "cli/console.h"
#include "cli/train_samples.h"
#include "train/trainer.h"

namespace lilt::cli {

// The layer table and a line for each epoch, and on a terminal a moving one. Ctrl-C ends the run.
class TrainProgress : public train::Observer {
 public:
  explicit TrainProgress(TrainSamples samples) : samples_(std::move(samples)) {}

  void on_start(const train::RunStart& start) override;
  void on_update(const train::UpdateReport& r) override;
  void on_epoch(const train::EpochRecord& record) override;
  void on_message(const std::string& message) override;
  bool stop_requested() override;

 private:
  void tell_length(const train::RunStart& start);

  StatusLine status_;
  TrainSamples samples_;
  std::uint64_t epochs_ = 0;
};

// What a rank tells that is not the first: nothing. It ends when it is interrupted, too.
class SilentRank : public train::Observer {
 public:
  bool stop_requested() override;
};

}  // namespace lilt::cli
