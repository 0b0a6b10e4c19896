// What a person sees of a training run.
#pragma once

#include "cli/console.h"
#include "train/trainer.h"

namespace lilt::cli {

// The layer table and a line for each epoch, and on a terminal a moving one. Ctrl-C ends the run.
class TrainProgress : public train::Observer {
 public:
  void on_start(const train::RunStart& start) override;
  void on_update(const train::UpdateReport& r) override;
  void on_epoch(const train::EpochRecord& record) override;
  void on_message(const std::string& message) override;
  bool stop_requested() override;

 private:
  void tell_length(const train::RunStart& start);

  StatusLine status_;
  std::uint64_t epochs_ = 0;
};

}  // namespace lilt::cli
