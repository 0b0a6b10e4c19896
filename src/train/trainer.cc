#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/environment_error.h"
#include "base/folder_lock.h"
#include "model/untrusted_json.h"
#include "nn/initialize.h"
#include "nn/team.h"
#include "train/going_on.h"
#include "train/learner.h"
#include "train/progress_file.h"
#include "train/run_record.h"
#include "train/text.h"
#include "train/validation.h"

namespace lilt::train {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

// A run on a large text is also saved within an epoch, this often.
constexpr std::chrono::minutes kSaveInterval{5};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

fs::path model_folder(const fs::path& out) { return out / "model"; }

bool holds_models(const fs::path& folder) {
  std::error_code error;
  return std::ranges::any_of(fs::directory_iterator(folder, error), [](const auto& entry) {
    return entry.path().extension() == ".safetensors";
  });
}

// Renames model/ to model-1/ (or -2, …) and the log likewise.
void move_earlier_run_aside(const fs::path& out, Observer& observer) {
  if (!holds_models(model_folder(out))) return;
  int number = 1;
  const auto aside = [&](const char* name) { return out / (name + std::to_string(number)); };
  while (fs::exists(aside("model-"))) ++number;
  fs::rename(model_folder(out), aside("model-"));
  std::error_code no_log;
  fs::rename(out / "logs", aside("logs-"), no_log);
  observer.on_message("an earlier run was here; it is kept in " + aside("model-").string());
}

Error nothing_to_resume(const fs::path& out) {
  return {ErrorCode::kOption, "expected a checkpoint to resume from in " +
                                  model_folder(out).string() +
                                  ", found none; start without `resume`"};
}

// The options with the number of epochs that comes nearest to the characters that were asked for.
Result<Options> with_epochs(const Options& options, const Text& text) {
  Options resolved = options;
  if (options.characters == 0) return resolved;
  const Result<std::unique_ptr<Source>> source = make_source(options, text);
  if (!source) return source.error();
  const std::size_t epoch = (*source)->windows() * options.batch * options.window;
  resolved.epochs = std::max<std::size_t>(1, (options.characters + epoch / 2) / epoch);
  return resolved;
}

// The updates of an epoch: all windows of the text, or fewer where fewer characters than those are
// asked for.
std::uint64_t updates_of_epoch(const Options& options, const Source& source) {
  if (options.characters == 0) return source.windows();
  const std::size_t window = options.batch * options.window;
  return std::min<std::uint64_t>(source.windows(), (options.characters + window - 1) / window);
}

// The model that a run goes on from; of one that is resumed, its own checkpoint tells as much.
Result<std::optional<ModelContents>> predecessor_of(const Options& options,
                                                    const RunSettings& settings) {
  if (!settings.resume || options.from.empty()) return read_base(options);
  const std::optional<fs::path> path =
      newest_checkpoint(model_folder(settings.out), [](const std::string&) {});
  if (!path) return nothing_to_resume(settings.out);
  const Result<Checkpoint> checkpoint = Checkpoint::read(*path);
  if (!checkpoint) return checkpoint.error();
  return std::optional(ModelContents{.config = checkpoint->model().config,
                                     .vocabulary = checkpoint->model().vocabulary,
                                     .weights = {}});
}

bool patience_is_over(const Options& options, const Progress& progress) {
  return options.patience > 0 && progress.epoch >= progress.best_epoch + options.patience;
}

class Trainer {
 public:
  Trainer(const Options& options, const RunSettings& settings, Observer& observer,
          std::optional<ModelContents> base, Text text)
      : options_(options),
        settings_(settings),
        observer_(observer),
        base_(std::move(base)),
        text_(std::move(text)),
        config_(text_.model),
        team_(settings.threads),
        ranks_(settings.ranks != nullptr ? *settings.ranks : alone_),
        learner_(config_, options, team_, ranks_),
        optimizer_(config_, options.optimizer) {
    if (text_.held_out.tunes() > 0) {
      validator_.emplace(text_.held_out, text_.vocabulary, network());
    }
  }

  Result<RunSummary> run() {
    Result<std::unique_ptr<Source>> source = make_source(options_, text_);
    if (!source) return source.error();
    source_ = *std::move(source);
    windows_ = updates_of_epoch(options_, *source_);
    const auto begin = [&] { return settings_.resume ? restore() : start(); };
    if (Status s = together(ranks_, begin); !s) return s.error();
    if (Status s = together(ranks_, [&] { return open_records(); }); !s) return s.error();
    start_time_ = last_save_ = Clock::now();
    while (progress_.epoch < options_.epochs) {
      if (patience_is_over()) return summary(Ending::kEarlyStopped);
      const Result<bool> finished = run_epoch();
      if (!finished) return finished.error();
      if (!*finished) return interrupted();
      if (Status s = finish_epoch(); !s) return s.error();
    }
    return summary(Ending::kFinished);
  }

 private:
  Status start() {
    if (base_) {
      std::ranges::copy(adopted_weights(*base_, config_), network().weights().begin());
    } else {
      nn::initialize(config_, options_.seed, network().weights());
    }
    network().weights_changed();
    if (ranks_.is_first()) move_earlier_run_aside(settings_.out, observer_);
    return success();
  }

  // What is written and told of a run that begins or goes on.
  Status open_records() {
    if (!ranks_.is_first()) return success();
    if (!goes_on_from_last_) {
      if (Status s = write_last(); !s) return s;
    }
    record_start(settings_.out, options_, settings_.program, progress_.updates);
    log_.emplace(log_file(settings_.out), progress_.epoch);
    progress_file_.emplace(progress_file(settings_.out), progress_.updates);
    observer_.on_start(
        {options_, config_, source_->characters(), windows_, text_.held_out.tunes(), progress_});
    return success();
  }

  Status restore() {
    // resumable_options() has told what is passed over.
    const std::optional<fs::path> path =
        newest_checkpoint(model_folder(settings_.out), [](const std::string&) {});
    if (!path) return nothing_to_resume(settings_.out);
    const Result<Checkpoint> checkpoint = Checkpoint::read(*path);
    if (!checkpoint) return checkpoint.error();
    if (Status s = check_same_text(*checkpoint, *path); !s) return s;
    RunState state = run_state();
    if (Status s = checkpoint->restore(state); !s) return s;
    progress_ = checkpoint->progress();
    const nlohmann::json told = parse_untrusted_json(checkpoint->model().provenance);
    if (told.contains("loss") && told["loss"].is_number()) loss_ = told["loss"].get<double>();
    goes_on_from_last_ = *path == last_path();
    return success();
  }

  Status check_same_text(const Checkpoint& checkpoint, const fs::path& path) const {
    if (checkpoint.fingerprint() != text_.fingerprint ||
        !(checkpoint.model().vocabulary == text_.vocabulary)) {
      return Error{ErrorCode::kCorpus,
                   "expected the text that " + path.string() +
                       " was trained on, found a different one; restore it, or start a new run",
                   {.source = options_.files.front(), .byte = {}, .line = {}}};
    }
    if (checkpoint.held_out_fingerprint().value_or(text_.held_out_fingerprint) !=
        text_.held_out_fingerprint) {
      const std::string& file = options_.valid_file;
      return Error{
          ErrorCode::kCorpus,
          "expected the validation tunes of " + path.string() +
              ", found different ones; restore them, or start a new run",
          {.source = file.empty() ? options_.files.front() : file, .byte = {}, .line = {}}};
    }
    return success();
  }

  // Learns the rest of the epoch. False: stopped on request, with a checkpoint to be written.
  Result<bool> run_epoch() {
    epoch_start_ = Clock::now();
    const std::uint64_t first_window = progress_.window;
    while (progress_.window < windows_) {
      source_->fill({progress_.epoch, progress_.window, share_done()}, window_);
      if (Status s = learn_window(); !s) return s.error();
      if (ranks_.is_first()) {
        const UpdateReport learnt = report();
        progress_file_->append(learnt, progress_.updates);
        observer_.on_update(learnt);
      }
      const Wish wish = wish_of_all();
      if (wish == Wish::kStop) return false;
      if (wish == Wish::kSave) {
        if (Status s = save_last(); !s) return s.error();
      }
    }
    epoch_characters_ = (progress_.window - first_window) * window_characters();
    return true;
  }

  // What is to be done after an update, the most urgent last.
  enum class Wish : std::uint8_t { kGoOn, kSave, kStop };

  // Each may have been told to stop; rank 0 looks at the clock.
  Wish wish_of_all() {
    Wish mine = Wish::kGoOn;
    if (ranks_.is_first() && Clock::now() - last_save_ > kSaveInterval) mine = Wish::kSave;
    if (observer_.stop_requested()) mine = Wish::kStop;
    if (ranks_.size() == 1) return mine;
    return std::ranges::max(said_by_all(ranks_, mine));
  }

  std::size_t window_characters() const { return options_.batch * options_.window; }

  double share_done() const {
    return static_cast<double>(progress_.updates) / static_cast<double>(windows_ * options_.epochs);
  }

  Status learn_window() {
    const nn::WindowLoss loss =
        learner_.learn(window_, {.seed = options_.seed, .update = progress_.updates});
    if (!std::isfinite(loss.nats)) return not_finite("the loss");
    const std::optional<double> norm = optimizer_.update(
        learning_rate(progress_.updates), learner_.gradients(), network().weights(), team_);
    if (norm && !std::isfinite(*norm)) return not_finite("the gradient");
    network().weights_changed();
    progress_.nats += loss.nats;
    progress_.correct += loss.correct;
    ++progress_.window;
    ++progress_.updates;
    ++updates_since_start_;
    return success();
  }

  double learning_rate(std::uint64_t update) const {
    return options_.learning_rate.at(update, windows_, windows_ * options_.epochs);
  }

  Error not_finite(const std::string& what) const {
    return {ErrorCode::kNumeric,
            what + " is no longer finite at update " + std::to_string(progress_.updates + 1) +
                "; the last good checkpoint is " + last_path().string() +
                ". Try a lower `lr`, a `clip_norm` of 1 or a longer `warm_up`"};
  }

  Status finish_epoch() {
    EpochRecord record = measure_epoch();
    record.seconds = seconds_since(epoch_start_);
    progress_.epoch = record.epoch;
    progress_.window = 0;
    progress_.nats = 0;
    progress_.correct = 0;
    loss_ = record.loss;
    learner_.share_carried();
    const auto write = [&] { return ranks_.is_first() ? write_epoch(record) : success(); };
    if (Status s = together(ranks_, write); !s) return s;
    if (ranks_.is_first()) observer_.on_epoch(record);
    return success();
  }

  EpochRecord measure_epoch() {
    EpochRecord record;
    record.epoch = progress_.epoch + 1;
    const double characters = static_cast<double>(windows_ * window_characters());
    record.loss = progress_.nats / characters;
    record.accuracy = static_cast<double>(progress_.correct) / characters;
    record.learning_rate = learning_rate(progress_.updates - 1);
    record.updates = progress_.updates;
    record.characters_per_second =
        static_cast<double>(epoch_characters_) / std::max(1e-9, seconds_since(epoch_start_));
    if (validator_) {
      record.validation = validator_->measure(network(), ranks_);
      const double bits = record.validation->bits_per_character();
      record.best = progress_.best_epoch == 0 || bits < progress_.best_bits;
      if (record.best) {
        progress_.best_epoch = record.epoch;
        progress_.best_bits = bits;
      }
    }
    return record;
  }

  Status write_epoch(const EpochRecord& record) {
    // Logged first: a resumed run drops lines that are newer than its checkpoint, but could not
    // write one that is missing.
    log_->append(record);
    const fs::path folder = model_folder(settings_.out);
    if (record.best) {
      if (Status s = save_weights(folder / kBestModel, identity(), network()); !s) return s;
    }
    const bool last = record.epoch == options_.epochs || patience_is_over();
    if (record.epoch % options_.save_every == 0 || last) {
      const fs::path path = folder / epoch_checkpoint_name(record.epoch);
      RunState state = run_state();
      if (Status s = save_checkpoint(path, identity(), progress_, state); !s) return s;
    }
    return write_last();
  }

  Status save_last() {
    learner_.share_carried();
    return together(ranks_, [&] { return ranks_.is_first() ? write_last() : success(); });
  }

  Status write_last() {
    last_save_ = Clock::now();
    RunState state = run_state();
    const Status status = save_checkpoint(last_path(), identity(), progress_, state);
    return status ? status : not_finite("a weight");
  }

  nn::Network& network() { return learner_.network(); }

  RunState run_state() { return {network(), learner_.carried(), optimizer_, *source_}; }

  fs::path last_path() const { return model_folder(settings_.out) / kLastCheckpoint; }

  bool patience_is_over() const { return train::patience_is_over(options_, progress_); }

  RunIdentity identity() const {
    return {options_,     text_.vocabulary, text_.fingerprint, text_.held_out_fingerprint,
            provenance(), text_.outlines};
  }

  // Nothing here may depend on the machine, the time or how often the run was interrupted; of files
  // only the names are told, since a model may be given away.
  std::string provenance() const {
    Options named = options_;
    for (std::string& file : named.files) file = fs::path(file).filename().string();
    named.valid_file = fs::path(named.valid_file).filename().string();
    named.from = fs::path(named.from).filename().string();
    nlohmann::json json = {{"options", nlohmann::json::parse(to_json(named))},
                           {"characters", source_->characters()},
                           {"epoch", progress_.epoch},
                           {"updates", progress_.updates}};
    if (loss_) json["loss"] = *loss_;
    if (progress_.best_epoch > 0) {
      json["best"] = {{"epoch", progress_.best_epoch},
                      {"valid_bits_per_character", progress_.best_bits}};
    }
    return json.dump();
  }

  UpdateReport report() const {
    const double done = static_cast<double>(progress_.window * window_characters());
    const double seconds = seconds_since(start_time_);
    const double left =
        static_cast<double>((options_.epochs - progress_.epoch) * windows_ - progress_.window);
    const auto updates = static_cast<double>(updates_since_start_);
    return {.epoch = progress_.epoch + 1,
            .epochs = options_.epochs,
            .window = progress_.window,
            .windows = windows_,
            .loss = progress_.nats / done,
            .accuracy = static_cast<double>(progress_.correct) / done,
            .characters_per_second = updates * static_cast<double>(window_characters()) / seconds,
            .seconds_left = left * seconds / updates};
  }

  Result<RunSummary> interrupted() {
    if (Status s = save_last(); !s) return s.error();
    return summary(Ending::kInterrupted);
  }

  RunSummary summary(Ending ending) const {
    const fs::path best = model_folder(settings_.out) / kBestModel;
    return {ending, progress_, last_path(), progress_.best_epoch > 0 ? best : last_path()};
  }

  const Options& options_;
  const RunSettings& settings_;
  Observer& observer_;
  std::optional<ModelContents> base_;
  Text text_;
  ModelConfig config_;
  std::unique_ptr<Source> source_;
  std::uint64_t windows_ = 0;  // updates of an epoch
  nn::Team team_;
  Alone alone_;
  Ranks& ranks_;
  Learner learner_;
  nn::Optimizer optimizer_;
  std::optional<Validator> validator_;
  std::optional<Log> log_;                     // of rank 0
  std::optional<ProgressFile> progress_file_;  // likewise
  Window window_;
  Progress progress_;
  std::optional<double> loss_;      // of the last epoch that ended
  bool goes_on_from_last_ = false;  // the newest checkpoint is last.safetensors
  std::uint64_t updates_since_start_ = 0, epoch_characters_ = 0;
  Clock::time_point start_time_, epoch_start_, last_save_;
};

// What a run is made of, as read from files.
struct Material {
  Options options;  // with the number of epochs
  std::optional<ModelContents> base;
  std::optional<Text> text;
};

Status read_material(const Options& options, const RunSettings& settings, Observer& observer,
                     const Ranks& ranks, Material& material) {
  if (Status s = validate(options); !s) return s;
  if (options.leaves < ranks.size()) {
    return Error{ErrorCode::kOption,
                 "expected `leaves` of at least " + std::to_string(ranks.size()) +
                     ", as many as there are processes, found " + std::to_string(options.leaves)};
  }
  Result<std::optional<ModelContents>> base = predecessor_of(options, settings);
  if (!base) return base.error();
  material.base = *std::move(base);
  std::optional<Predecessor> predecessor;
  if (material.base)
    predecessor.emplace(Predecessor{material.base->config, material.base->vocabulary});
  Result<Text> text = read_text(options, predecessor);
  if (!text) return text.error();
  material.text = *std::move(text);
  if (ranks.is_first()) {
    for (const std::string& remark : material.text->remarks) observer.on_message(remark);
  }
  Result<Options> resolved = with_epochs(options, *material.text);
  if (!resolved) return resolved.error();
  material.options = *std::move(resolved);
  return success();
}

// Ranks may be on machines with files of their own.
Status check_same_material(Ranks& ranks, const Material& material) {
  struct Prints {
    std::uint64_t text, held_out;
    bool operator==(const Prints&) const = default;
  };
  const Prints mine{material.text->fingerprint, material.text->held_out_fingerprint};
  const std::vector<Prints> all = said_by_all(ranks, mine);
  if (all.front() == mine) return success();
  return Error{ErrorCode::kCorpus, "expected the same tunes as rank 0 reads, found other ones"};
}

Status lock_folder(const Ranks& ranks, const fs::path& out, std::optional<FolderLock>& lock) {
  if (!ranks.is_first()) return success();
  std::optional<FolderLock> found = FolderLock::try_lock(out);
  if (found) {
    lock.emplace(*std::move(found));
    return success();
  }
  throw EnvironmentError(out.string(),
                         "another training is at work in this folder; wait until it ends, or "
                         "choose another one for `out`");
}

}  // namespace

Result<RunSummary> train(const Options& options, const RunSettings& settings, Observer& observer) {
  Alone alone;
  Ranks& ranks = settings.ranks != nullptr ? *settings.ranks : alone;
  Material material;
  const auto read = [&] { return read_material(options, settings, observer, ranks, material); };
  if (Status s = together(ranks, read); !s) return s.error();
  if (Status s = together(ranks, [&] { return check_same_material(ranks, material); }); !s) {
    return s.error();
  }
  std::optional<FolderLock> lock;
  if (Status s = together(ranks, [&] { return lock_folder(ranks, settings.out, lock); }); !s) {
    return s.error();
  }
  const auto trainer = std::make_unique<Trainer>(
      material.options, settings, observer, std::move(material.base), *std::move(material.text));
  return trainer->run();
}

Result<std::optional<Progress>> progress_of(const fs::path& out) {
  const std::optional<fs::path> path =
      newest_checkpoint(model_folder(out), [](const std::string&) {});
  if (!path) return std::optional<Progress>();
  Result<Checkpoint> checkpoint = Checkpoint::read(model_folder(out) / kLastCheckpoint);
  if (!checkpoint) checkpoint = Checkpoint::read(*path);
  if (!checkpoint) return checkpoint.error();
  return std::optional(checkpoint->progress());
}

bool is_over(const Options& options, const Progress& progress) {
  return progress.epoch >= options.epochs || patience_is_over(options, progress);
}

Result<Options> resumable_options(const fs::path& out, Observer& observer) {
  const std::optional<fs::path> path =
      newest_checkpoint(model_folder(out), [&](const std::string& m) { observer.on_message(m); });
  if (!path) return nothing_to_resume(out);
  Result<Checkpoint> checkpoint = Checkpoint::read(*path);
  if (!checkpoint) return checkpoint.error();
  return checkpoint->options();
}

}  // namespace lilt::train
