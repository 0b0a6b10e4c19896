// Checkpoints: model files that also hold what continuing a run to the last bit needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "model/model_file.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "train/carried_state.h"
#include "train/options.h"
#include "train/source.h"

namespace lilt::train {

// Where a run stands. All random numbers are functions of the seed and these counters.
struct Progress {
  std::uint64_t epoch = 0;       // epochs finished
  std::uint64_t window = 0;      // windows learnt of the epoch under way
  std::uint64_t updates = 0;     // of the whole run
  double nats = 0;               // summed over the epoch under way
  std::uint64_t correct = 0;     // likewise
  std::uint64_t best_epoch = 0;  // 0: no validation yet
  double best_bits = 0;          // per character, of the best epoch
};

// Everything a run writes into a model file besides weights and progress.
struct RunIdentity {
  const Options& options;
  const Vocabulary& vocabulary;
  std::uint64_t fingerprint;           // of the text
  std::uint64_t held_out_fingerprint;  // of the tunes to validate on
  std::string provenance;              // JSON
  std::string_view outlines = {};      // see Text
};

// What goes on changing in a run.
struct RunState {
  nn::Network& network;
  CarriedState& carried;
  nn::Optimizer& optimizer;
  Source& source;
};

// Writes a checkpoint in one step: the file is whole or as it was before. Refuses weights that are
// not finite, so that a good checkpoint is never replaced by a ruined one. Throws EnvironmentError.
Status save_checkpoint(const std::filesystem::path& path, const RunIdentity& run,
                       const Progress& progress, RunState& state);

// Whether an entry of the metadata, or a tensor, is part of what only resuming needs.
[[nodiscard]] bool is_training_metadata(std::string_view key);
[[nodiscard]] bool is_training_tensor(std::string_view name);

// All of a model but that, whatever else its file may hold, with these weights; both have to
// outlive the parts.
[[nodiscard]] ModelParts without_training(const ModelView& model, std::span<const float> weights);

// Writes the weights alone.
Status save_weights(const std::filesystem::path& path, const RunIdentity& run,
                    nn::Network& network);

// A checkpoint read back.
class Checkpoint {
 public:
  // Refuses weights in half precision: the run would not go on from where it stood. Throws
  // EnvironmentError when the file cannot be read.
  static Result<Checkpoint> read(const std::filesystem::path& path);

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const Progress& progress() const { return progress_; }
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }
  // None in files of versions that did not keep it.
  [[nodiscard]] std::optional<std::uint64_t> held_out_fingerprint() const {
    return held_out_fingerprint_;
  }
  [[nodiscard]] const ModelView& model() const { return model_; }

  // Puts weights, moments, counters and carried state where they were. An error if the text's state
  // is none of this source.
  [[nodiscard]] Status restore(RunState& state) const;

 private:
  Checkpoint(FileBytes file, ModelView model) : file_(std::move(file)), model_(std::move(model)) {}
  Status read_training();
  Status check_tensors() const;

  FileBytes file_;
  ModelView model_;
  Options options_;
  Progress progress_;
  std::uint64_t fingerprint_ = 0;
  std::optional<std::uint64_t> held_out_fingerprint_;
};

// The checkpoint with the most updates in a folder, last.safetensors before others with as many;
// none if there is no readable one. Files that end in .safetensors but cannot be read are reported
// and passed over.
[[nodiscard]] std::optional<std::filesystem::path> newest_checkpoint(
    const std::filesystem::path& folder, const std::function<void(const std::string&)>& report);

// Names within a run's model folder.
inline constexpr const char* kLastCheckpoint = "last.safetensors";
inline constexpr const char* kBestModel = "best.safetensors";
[[nodiscard]] std::string epoch_checkpoint_name(std::uint64_t epoch);

}  // namespace lilt::train
