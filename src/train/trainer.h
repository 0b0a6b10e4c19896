// The training loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "train/checkpoint.h"
#include "train/log.h"
#include "train/options.h"
#include "train/ranks.h"

namespace lilt::train {

// What does not change the result of a run.
struct RunSettings {
  std::filesystem::path out = ".";  // model/ and logs/ are made in here
  std::size_t threads = 1;
  bool resume = false;           // continue from the newest checkpoint instead of starting
  std::string program = "lilt";  // with its version and revision, for the record of the run
  Ranks* ranks = nullptr;        // the processes that share the work; null: this one alone
};

// Known before the first update.
struct RunStart {
  const Options& options;
  const ModelConfig& model;
  std::size_t characters;        // learnt from
  std::size_t windows;           // updates in an epoch
  std::size_t validation_tunes;  // 0: no validation
  Progress progress;             // zero, or where the checkpoint was
};

struct UpdateReport {
  std::uint64_t epoch;  // under way, counted from 1
  std::uint64_t epochs;
  std::uint64_t window;  // learnt so far in this epoch
  std::uint64_t windows;
  double loss;      // mean of the epoch so far, in nats
  double accuracy;  // likewise
  double characters_per_second;
  double seconds_left;  // of the whole run
};

// Who watches a run, and may stop it.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_start(const RunStart& /*start*/) {}
  virtual void on_update(const UpdateReport& /*report*/) {}
  virtual void on_epoch(const EpochRecord& /*record*/) {}
  virtual void on_message(const std::string& /*message*/) {}
  // Asked after every update.
  virtual bool stop_requested() { return false; }
};

enum class Ending : std::uint8_t {
  kFinished,      // all epochs done
  kEarlyStopped,  // validation did not improve for `patience` epochs
  kInterrupted,   // the observer asked; a checkpoint was written
};

struct RunSummary {
  Ending ending = Ending::kFinished;
  Progress progress;
  std::filesystem::path checkpoint;  // the newest
  std::filesystem::path model;       // the best, where the run was validated, or the newest
};

// Trains, writing out/logs/training_log.csv, out/logs/run.json (see run_record.h),
// out/logs/progress.csv (see progress_file.h) and, under
// out/model/, last.safetensors (every epoch, every few minutes, and when interrupted),
// epoch-N.safetensors (every save_every epochs and at the end) and best.safetensors (best
// validation, weights only). When resuming, `options` must be those of the checkpoint, as
// resumable_options() gives them, but for `epochs`, `save_every` and `patience`. An earlier run in
// `out` is moved aside, never overwritten; one that is still at work there is an EnvironmentError.
// A loss that is not finite ends the run with an error; the last good checkpoint stays. Of several
// ranks all have to read the same files; the first writes, and its observer alone is told; any
// observer may ask for the end. Throws EnvironmentError.
[[nodiscard]] Result<RunSummary> train(const Options& options, const RunSettings& settings,
                                       Observer& observer);

// Where the run under `out` stands, by what is written last after an epoch; nothing where there is
// none that could be resumed.
[[nodiscard]] Result<std::optional<Progress>> progress_of(const std::filesystem::path& out);

// Whether a run with these options has come to its end.
[[nodiscard]] bool is_over(const Options& options, const Progress& progress);

// The options of the newest checkpoint under out/model.
[[nodiscard]] Result<Options> resumable_options(const std::filesystem::path& out,
                                                Observer& observer);

}  // namespace lilt::train
