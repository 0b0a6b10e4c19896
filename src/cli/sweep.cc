// lilt sweep: many trainings, as a file says, each in a folder of its own.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/environment_error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"
#include "cli/launch.h"
#include "cli/shard.h"
#include "cli/sweep_file.h"
#include "cli/train_command.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

struct SweepCommand {
  std::string file, folder;
  std::optional<Shard> shard;
  std::size_t threads = default_threads();
};

// A training that is part of the sweep. Where it is does not change: its command refers to it.
struct Training {
  explicit Training(SweepRun of) : run(std::move(of)) { add_train_options(&app, told); }
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;
  ~Training() = default;

  SweepRun run;
  TrainCommand told;
  CLI::App app{"", "lilt train"};
};

using Trainings = std::vector<std::unique_ptr<Training>>;

class Silence : public train::Observer {};

// What the run is told, as lilt train would understand it.
Status parse(Training& training) {
  std::vector<std::string> arguments = training.run.arguments;
  std::reverse(arguments.begin(), arguments.end());
  training.app.set_help_flag();
  try {
    training.app.parse(std::move(arguments));
  } catch (const CLI::ParseError& e) {
    return Error{ErrorCode::kOption, parse_mistake(training.app, e)};
  }
  Silence silence;
  const Result<train::Options> options = train_options_of(training.told, silence);
  if (!options) return options.error();
  return train::validate(*options);
}

// All runs of the file, checked before the first one begins.
Result<Trainings> read_trainings(const SweepCommand& c) {
  const Result<std::vector<SweepRun>> runs = read_sweep(FileBytes(c.file).text(), c.file);
  if (!runs) return runs.error();
  Trainings trainings;
  for (const SweepRun& run : *runs) {
    trainings.push_back(std::make_unique<Training>(run));
    Training& training = *trainings.back();
    training.told.settings.threads = c.threads;
    training.told.settings.out = fs::path(c.folder) / run.name;
    if (const Status s = parse(training); !s) {
      Error error = s.error();
      error.place.source = c.file;
      error.place.line = run.line;
      return error;
    }
  }
  return trainings;
}

enum class Outcome : std::uint8_t { kThere, kFinished, kFailed, kInterrupted };

// Starts the training, or goes on with it; leaves alone one that has come to its end.
Result<Outcome> run_training(TrainCommand& told) {
  Silence silence;
  const auto progress = train::progress_of(told.settings.out);
  if (!progress) return progress.error();
  told.settings.resume = progress->has_value();
  if (told.settings.resume) {
    const Result<train::Options> options = train_options_of(told, silence);
    if (!options) return options.error();
    if (train::is_over(*options, **progress)) return Outcome::kThere;
  }
  const Result<train::RunSummary> summary = learn_alone(told);
  if (!summary) return summary.error();
  if (summary->ending == train::Ending::kInterrupted) return Outcome::kInterrupted;
  fmt::print("{}\n", escaped(summary->model.lexically_normal().string()));
  return Outcome::kFinished;
}

// What makes one run fail, such as a learning rate that is too high, keeps no other from learning.
Outcome try_training(Training& training) {
  const std::string name = escaped(training.run.name);
  try {
    const Result<Outcome> outcome = run_training(training.told);
    if (outcome) return *outcome;
    complain(name + ": " + option_error_text(outcome.error()));
  } catch (const EnvironmentError& e) {
    complain(name + ": " + with_option_names(e.what()));
  }
  return Outcome::kFailed;
}

int run_sweep(const SweepCommand& c) {
  if (const std::optional<Launch> launched = launch(); launched && launched->processes != 1) {
    return report(Error{ErrorCode::kOption,
                        "expected one process, which `shard` gives its share of the runs, found " +
                            launched->variable + ", of several that learn one model"});
  }
  const Result<Trainings> trainings = read_trainings(c);
  if (!trainings) return report(trainings.error());
  catch_interrupts();
  const Shard shard = c.shard.value_or(Shard{});
  std::size_t mine = 0, there = 0, finished = 0, failed = 0;
  for (std::size_t i = shard.part - 1; i < trainings->size(); i += shard.of) {
    Training& training = *(*trainings)[i];
    ++mine;
    tell(fmt::format("Run {} of {}: {}", i + 1, trainings->size(), escaped(training.run.name)));
    const Outcome outcome = try_training(training);
    if (outcome == Outcome::kInterrupted) {
      tell("Stopped; saved. The same command goes on from there");
      return kFailure;
    }
    if (outcome == Outcome::kThere) tell("It has learnt all already");
    there += outcome == Outcome::kThere ? 1 : 0;
    finished += outcome == Outcome::kFinished ? 1 : 0;
    failed += outcome == Outcome::kFailed ? 1 : 0;
  }
  tell(fmt::format("{}: {} finished now, {} before, {} failed", counted(mine, "run"),
                   grouped(finished), grouped(there), grouped(failed)));
  return failed == 0 ? kSuccess : kFailure;
}

}  // namespace

void add_sweep(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<SweepCommand>();
  CLI::App* command = app.add_subcommand("sweep", "Learn many models, as a file of options says");
  command->add_option("file", c->file, "Lines of what lilt train is told")
      ->required()
      ->type_name("FILE");
  command->add_option("-o,--output", c->folder, "Gets a folder for each run")
      ->required()
      ->type_name("DIR");
  add_shard_option(command, c->shard, "Only each Nth run, from run K on: share K of N");
  add_threads_option(command, c->threads);
  command->footer(
      "A line is a run: files, then options, of lilt train; a name with a colon may stand before\n"
      "them. An option with several values makes a run of each, several of them one of each\n"
      "combination. # begins a comment. A run that has learnt all is left alone, one that was\n"
      "stopped or killed goes on, to the same bits. Such as:\n"
      "  small: tunes.abc --valid-share 0.1 --hidden 128 --lr 0.001 0.002 --seed 1 2 3\n"
      "  large: tunes.abc --valid-share 0.1 --hidden 512\n"
      "Examples:\n"
      "  lilt sweep sweep.txt -o runs\n"
      "  lilt sweep sweep.txt -o runs --shard 2/4\n"
      "  lilt eval runs                           the runs, the best one first\n"
      "  lilt plot runs -o runs.svg               their curves");
  registrar(command, [c] { return run_sweep(*c); });
}

}  // namespace lilt::cli
