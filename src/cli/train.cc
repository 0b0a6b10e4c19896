// lilt train: learn a model.

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/environment_error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/layer_table.h"
#include "train/presets.h"
#include "train/trainer.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

struct TrainCommand {
  train::Options options;
  train::RunSettings settings;
  std::string preset = "classic";
  std::string gate_activation = "sigmoid";
  std::string schedule = "constant";
  std::string keys = "original";
  CLI::App* command = nullptr;
};

volatile std::sig_atomic_t interrupted = 0;

// The first signal lets the update finish and saves; a second one ends the program at once.
void on_signal(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

// One that is ignored stays so: nohup asks for that.
void catch_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

std::string epoch_line(const train::EpochRecord& r, std::uint64_t epochs) {
  std::string line = fmt::format("epoch {}/{}  loss {:.4f}  accuracy {:.2f} %", r.epoch, epochs,
                                 r.loss, 100 * r.accuracy);
  if (r.validation) {
    line += fmt::format("  validation {:.4f} bits per character, {:.3f} per note{}",
                        r.validation->bits_per_character(), r.validation->bits_per_note(),
                        r.best ? " (best so far)" : "");
  }
  return line + fmt::format("  {} characters/s  {}",
                            grouped(static_cast<std::size_t>(r.characters_per_second)),
                            duration(r.seconds));
}

class Progress : public train::Observer {
 public:
  void on_start(const train::RunStart& start) override {
    epochs_ = start.options.epochs;
    status_.print(layer_table_text(start.model, start.options.batch, start.options.window));
    status_.print(fmt::format(
        "Learning {} characters, {} distinct, in {} updates an epoch{}.", grouped(start.characters),
        start.model.vocabulary, grouped(start.windows),
        start.validation_tunes > 0 ? fmt::format("; validating on {} tunes", start.validation_tunes)
                                   : ""));
    if (start.progress.updates > 0) {
      status_.print(fmt::format("Resuming after epoch {}, update {}.", start.progress.epoch,
                                start.progress.updates));
    }
  }

  void on_update(const train::UpdateReport& r) override {
    const double share = static_cast<double>(r.window) / static_cast<double>(r.windows);
    const std::string epoch = fmt::format("epoch {}/{}", r.epoch, r.epochs);
    const std::string figures = fmt::format(
        "loss {:.4f}  acc {:.1f} %  {} char/s  {} left", r.loss, 100 * r.accuracy,
        grouped(static_cast<std::size_t>(r.characters_per_second)), duration(r.seconds_left));
    // The bar has the room that is left, which is still some in a line of 80.
    const std::size_t taken = epoch.size() + figures.size() + 3;
    const std::size_t room = columns() > taken ? columns() - taken : 0;
    status_.show(
        fmt::format("{} {}  {}", epoch, bar(share, std::min<std::size_t>(room, 40)), figures));
  }

  void on_epoch(const train::EpochRecord& record) override {
    status_.print(epoch_line(record, epochs_));
  }

  void on_message(const std::string& message) override {
    status_.clear();
    complain(message);
  }

  bool stop_requested() override { return interrupted != 0; }

 private:
  StatusLine status_;
  std::uint64_t epochs_ = 0;
};

// The text to learn when none is named: the user's own data/input.txt, or the tunes that come with
// the program.
std::string default_text() {
  std::vector<fs::path> homes = {"."};
  if (const char* home = std::getenv("LILT_HOME")) homes.emplace_back(home);
  for (const char* name : {"data/input.txt", "data/lilt.abc"}) {
    for (const fs::path& home : homes) {
      const fs::path path = (home / name).lexically_normal();
      if (fs::exists(path)) return path.string();
    }
  }
  throw EnvironmentError("data/input.txt",
                         "no text to learn from; name a file: lilt train tunes.abc");
}

Status parse_names(TrainCommand& c) {
  const Result<GateActivation> gate = gate_activation_from(c.gate_activation);
  if (!gate) return gate.error();
  c.options.model.gate_activation = *gate;
  const Result<train::Schedule> schedule = train::schedule_from(c.schedule);
  if (!schedule) return schedule.error();
  c.options.learning_rate.schedule = *schedule;
  const Result<corpus::Keys> keys = corpus::keys_from(c.keys);
  if (!keys) return keys.error();
  c.options.keys = *keys;
  return success();
}

// The stored options of the run, with those that may change taken from the command line. Any other
// option that was given must agree with the stored one.
Result<train::Options> merge_with_stored(const TrainCommand& c, train::Options stored) {
  const auto given = nlohmann::json::parse(train::to_json(c.options));
  const auto kept = nlohmann::json::parse(train::to_json(stored));
  const auto was_given = [&](const std::string& key) {
    return c.command->count(key == "files" ? "files" : "--" + key) > 0;
  };
  if (was_given("epochs")) {
    stored.epochs = c.options.epochs;
    stored.characters = 0;
  }
  if (was_given("save-every")) stored.save_every = c.options.save_every;
  if (was_given("patience")) stored.patience = c.options.patience;
  for (const auto& [key, value] : kept.items()) {
    if (key == "epochs" || key == "save-every" || key == "patience" || !was_given(key)) continue;
    if (key == "files") {
      stored.files = c.options.files;  // the same text may have moved; its content is compared
    } else if (key == "valid") {
      stored.valid_file = c.options.valid_file;
    } else if (given[key] != value) {
      return Error{ErrorCode::kOption,
                   fmt::format("--{} was {} when this run started, found {}; leave it out to "
                               "resume, or start a new run without --resume",
                               key, value.dump(), given[key].dump())};
    }
  }
  return stored;
}

// The preset's options but for those that were given.
Result<train::Options> merge_with_preset(const TrainCommand& c) {
  const auto given = nlohmann::json::parse(train::to_json(c.options));
  auto merged = nlohmann::json::parse(train::to_json(*train::preset(c.preset)));
  for (const auto& [key, value] : given.items()) {
    if (key == "files" || c.command->count("--" + key) == 0) continue;
    // JSON has no other word for what is not finite.
    if (!value.is_string() && value.dump().find("null") != std::string::npos) {
      return Error{ErrorCode::kOption, "expected a finite --" + key};
    }
    merged[key] = value;
  }
  if (c.command->count("--epochs") > 0 && c.command->count("--characters") == 0) {
    merged["characters"] = 0;
  }
  Result<train::Options> options = train::options_from_json(merged.dump());
  if (!options) return options;
  options->files = c.options.files;  // JSON would spoil names that are not UTF-8
  options->valid_file = c.options.valid_file;
  return options;
}

int finish(const train::RunSummary& summary, const TrainCommand& c) {
  const fs::path folder = c.settings.out / "model";
  if (summary.ending == train::Ending::kInterrupted) {
    const std::string out =
        c.settings.out == "." ? "" : fmt::format(" --out {}", c.settings.out.string());
    tell(fmt::format("Stopped in epoch {}; saved. Continue with: lilt train --resume{}",
                     summary.progress.epoch + 1, out));
    return kFailure;
  }
  if (summary.ending == train::Ending::kEarlyStopped) {
    tell(fmt::format("Validation has not improved since epoch {}; stopped.",
                     summary.progress.best_epoch));
  }
  const bool validated = summary.progress.best_epoch > 0;
  const fs::path model = folder / (validated ? train::kBestModel : train::kLastCheckpoint);
  fmt::print("{}\n", model.lexically_normal().string());
  return kSuccess;
}

int run_train(TrainCommand& c) {
  if (Status s = parse_names(c); !s) return report(s.error());
  Progress progress;
  catch_signals();
  if (c.settings.resume) {
    Result<train::Options> stored = train::resumable_options(c.settings.out, progress);
    if (!stored) return report(stored.error());
    Result<train::Options> merged = merge_with_stored(c, *std::move(stored));
    if (!merged) return report(merged.error());
    c.options = *std::move(merged);
  } else {
    Result<train::Options> options = merge_with_preset(c);
    if (!options) return report(options.error());
    c.options = *std::move(options);
    if (c.options.files.empty()) c.options.files = {default_text()};
  }
  if (Status s = train::validate(c.options); !s) return report(s.error());
  tell(escaped(fmt::format("Text: {}", fmt::join(c.options.files, ", "))));
  const Result<train::RunSummary> summary = train::train(c.options, c.settings, progress);
  return summary ? finish(*summary, c) : report(summary.error());
}

void add_network_options(CLI::App* app, TrainCommand& c) {
  const std::string group = "The network";
  app->add_option("--embedding", c.options.model.embedding, "Width of the embedding")
      ->capture_default_str()
      ->group(group);
  app->add_option("--hidden", c.options.model.hidden, "Width of each LSTM layer, as in 256,256,256")
      ->delimiter(',')
      ->allow_extra_args(false)  // or it would take the files that follow
      ->capture_default_str()
      ->group(group);
  app->add_option("--dropout", c.options.model.dropout, "Share of outputs dropped after each layer")
      ->capture_default_str()
      ->group(group);
  app->add_option("--recurrent-dropout", c.options.model.recurrent_dropout,
                  "Share of hidden units that a stream goes on without, for a window")
      ->capture_default_str()
      ->group(group);
  app->add_flag("--residual", c.options.model.residual, "Add each layer's output to its input")
      ->group(group);
  app->add_flag("--coupled-gates", c.options.model.coupled_gates,
                "Input gate 1 - forget gate: three gates instead of four")
      ->group(group);
  app->add_flag("--layer-normalisation", c.options.model.layer_normalisation,
                "Normalise the sums of each gate")
      ->group(group);
  app->add_option("--gate-activation", c.gate_activation, "sigmoid or hard_sigmoid")
      ->capture_default_str()
      ->group(group);
}

void add_learning_options(CLI::App* app, TrainCommand& c) {
  const std::string group = "Learning";
  train::Options& o = c.options;
  const auto add = [&](const char* name, auto& value, const char* help) {
    app->add_option(name, value, help)->capture_default_str()->group(group);
  };
  add("--epochs", o.epochs, "Passes over the text");
  add("--characters", o.characters, "Learn so many in all, which sets the epochs; 0: it does not");
  add("--batch", o.batch, "Streams learnt side by side");
  add("--window", o.window, "Characters of truncated back-propagation");
  add("--lr", o.learning_rate.rate, "Learning rate, the highest of its schedule");
  add("--schedule", c.schedule, "Learning rate over time: constant, cosine or step");
  add("--warm-up", o.learning_rate.warm_up, "Updates over which the rate rises from 0");
  add("--final-lr-share", o.learning_rate.final_share, "cosine: share of the rate left at the end");
  add("--step-epochs", o.learning_rate.step_epochs, "step: epochs between falls of the rate");
  add("--step-factor", o.learning_rate.step_factor, "step: what each fall leaves of it");
  add("--beta1", o.optimizer.beta1, "Adam: decay of the gradient's mean");
  add("--beta2", o.optimizer.beta2, "Adam: decay of the squared gradient's mean");
  add("--epsilon", o.optimizer.epsilon, "Adam: added to the root of the latter");
  add("--weight-decay", o.optimizer.weight_decay, "AdamW: decoupled decay of matrices; 0: Adam");
  add("--clip-norm", o.optimizer.clip_norm, "Clip the gradient to this global norm; 0: never");
  app->add_flag("--shuffle", o.shuffle, "Put the tunes in a new order each epoch")->group(group);
  add("--seed", o.seed, "Seed of all random numbers");
}

void add_text_options(CLI::App* app, TrainCommand& c) {
  const std::string group = "The text";
  train::Options& o = c.options;
  app->add_flag("--canonical", o.model.text.canonical,
                "Whole tunes in canonical text, each from a fresh state")
      ->group(group);
  app->add_option("--features", o.features, "What to tell besides the characters, or all")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  app->add_option("--keys", c.keys, "The keys to learn tunes in: original, usual or all")
      ->capture_default_str()
      ->group(group);
  app->add_option("--weights", o.weights, "How often a tune of each file comes, as in 1,0.5")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  app->add_option("--focus", o.focus, "Share of the run, its end, for the first file alone")
      ->capture_default_str()
      ->group(group);
}

void add_validation_options(CLI::App* app, TrainCommand& c) {
  const std::string group = "Validation";
  app->add_option("--valid", c.options.valid_file, "Tunes to validate on each epoch")
      ->type_name("FILE")
      ->group(group);
  app->add_option("--valid-share", c.options.valid_share,
                  "Hold out this share of the tunes instead")
      ->group(group);
  app->add_option("--patience", c.options.patience,
                  "Stop after this many epochs without a better validation; 0: never")
      ->capture_default_str()
      ->group(group);
}

void add_run_options(CLI::App* app, TrainCommand& c) {
  const std::string group = "The run";
  app->add_option("--out", c.settings.out, "Folder for model/ and logs/")
      ->capture_default_str()
      ->type_name("DIR")
      ->group(group);
  app->add_option("--save-every", c.options.save_every, "Epochs between kept checkpoints")
      ->capture_default_str()
      ->group(group);
  app->add_flag("--resume", c.settings.resume, "Continue from the newest checkpoint")->group(group);
  add_threads_option(app, c.settings.threads);
}

}  // namespace

void add_train(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<TrainCommand>();
  c->settings.threads = default_threads();
  c->settings.program = "lilt " LILT_VERSION " (" LILT_REVISION ")";
  CLI::App* command = app.add_subcommand("train", "Learn a model from tunes");
  c->command = command;
  command
      ->add_option("files", c->options.files,
                   "Tunes to learn from (default: data/input.txt, else data/lilt.abc)")
      ->type_name("FILE");
  command
      ->add_option("--preset", c->preset, "The recipe: classic, or folk, which predicts tunes best")
      ->check(CLI::IsMember({train::kClassic, train::kFolk}))
      ->capture_default_str();
  add_network_options(command, *c);
  add_text_options(command, *c);
  add_learning_options(command, *c);
  add_validation_options(command, *c);
  add_run_options(command, *c);
  command->footer(
      "The options whose defaults stand here are those of classic. Writes in DIR/logs\n"
      "training_log.csv and run.json and, in DIR/model, epoch-N.safetensors,\n"
      "last.safetensors and, with validation, best.safetensors. Prints the model's path.\n"
      "Examples:\n"
      "  lilt train                                      the tunes of data/, classic recipe\n"
      "  lilt train --preset folk english.abc irish.abc --valid-share 0.1\n"
      "  lilt train jigs.abc --valid-share 0.1 --patience 5\n"
      "  lilt train jigs.abc --hidden 384,384 --lr 0.002 --schedule cosine --clip-norm 1\n"
      "  lilt train --resume                             after Ctrl-C, or to go on:\n"
      "  lilt train --resume --epochs 150");
  registrar(command, [c] { return run_train(*c); });
}

}  // namespace lilt::cli
