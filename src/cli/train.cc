// lilt train: learn a model.

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

#include "abc/surroundings.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"
#include "cli/launch.h"
#include "cli/models.h"
#include "cli/train_command.h"
#include "cli/train_progress.h"
#include "train/going_on.h"
#include "train/trainer.h"

namespace lilt::cli {
namespace {

// The same, as all ranks understand it.
Result<train::Options> options_of(const TrainCommand& c, train::Observer& observer,
                                  train::Ranks& ranks) {
  train::Options options;
  const Status status = train::together(ranks, [&]() -> Status {
    Result<train::Options> read = train_options_of(c, observer);
    if (!read) return read.error();
    options = *std::move(read);
    return train::validate(options);
  });
  if (!status) return status.error();
  return options;
}

int finish(const train::RunSummary& summary, const TrainCommand& c) {
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
  fmt::print("{}\n", summary.model.lexically_normal().string());
  return kSuccess;
}

int learn(const TrainCommand& c, train::Ranks& ranks) {
  TrainProgress progress(TrainSamples(c.settings.out, c.samples));
  SilentRank silent;
  train::Observer& observer = ranks.is_first() ? static_cast<train::Observer&>(progress) : silent;
  catch_interrupts();
  const Result<train::Options> options = options_of(c, observer, ranks);
  if (!ranks.is_first()) {  // what goes wrong is told by the first, and its exit code counts
    if (options) static_cast<void>(train::train(*options, c.settings, observer));
    return kSuccess;
  }
  if (!options) return report(options.error());
  tell(escaped(fmt::format("Text: {}", fmt::join(options->files, ", "))));
  const Result<train::RunSummary> summary = train::train(*options, c.settings, observer);
  return summary ? finish(*summary, c) : report(summary.error());
}

// What one rank alone has met, as the loss of another, would leave the others waiting.
int learn_together(const TrainCommand& c, train::Ranks& ranks) {
  try {
    return learn(c, ranks);
  } catch (const train::FailureOfAll& e) {
    if (!ranks.is_first()) return kSuccess;
    complain(with_option_names(e.what()));
    return kFailure;
  } catch (const std::exception& e) {
    // Those that stay may all have met the same: the first tells it.
    if (!ranks.is_first()) std::this_thread::sleep_for(std::chrono::seconds(1));
    complain(fmt::format("rank {}: {}", ranks.rank(), with_option_names(e.what())));
    ranks.abandon(kFailure);
    return kFailure;
  }
}

int run_train(TrainCommand& c) {
  const std::optional<Launch> launched = launch();
  const Result<std::unique_ptr<train::Ranks>> ranks = join(launched);
  if (!ranks) return launched->rank == 0 ? report(ranks.error()) : kSuccess;
  if ((*ranks)->size() == 1) return learn(c, **ranks);
  c.settings.ranks = ranks->get();
  if (c.command->get_option("--threads")->count() == 0) {
    c.settings.threads = threads_beside(*launched);
  }
  return learn_together(c, **ranks);
}

// What --features may be.
std::string features() {
  std::string names = "all";
  for (const abc::Feature& feature : abc::kFeatures) names.append(", ").append(feature.name);
  return names;
}

}  // namespace

Result<train::Options> train_options_of(const TrainCommand& c, train::Observer& observer) {
  const std::set<std::string> given = given_fields<train::Options>(*c.command);
  if (!c.settings.resume) {
    Result<train::Options> options = train::started(c.preset, c.options, given);
    if (options && options->files.empty()) options->files = {default_tunes()};
    return options;
  }
  Result<train::Options> stored = train::resumable_options(c.settings.out, observer);
  return stored ? train::resumed(*std::move(stored), c.options, given) : stored;
}

Result<train::RunSummary> learn_alone(const TrainCommand& c) {
  TrainProgress progress(TrainSamples(c.settings.out, c.samples));
  catch_interrupts();
  const Result<train::Options> options = train_options_of(c, progress);
  if (!options) return options.error();
  if (Status s = train::validate(*options); !s) return s.error();
  tell(escaped(fmt::format("Text: {}", fmt::join(options->files, ", "))));
  return train::train(*options, c.settings, progress);
}

void add_train_options(CLI::App* command, TrainCommand& c) {
  c.command = command;
  c.settings.program = "lilt " LILT_VERSION " (" LILT_REVISION ")";
  command
      ->add_option("files", c.options.files,
                   "Tunes to learn from (default: data/input.txt, else data/lilt.abc)")
      ->type_name("FILE");
  add_field(command,
            {.name = "preset", .help = "The recipe: folk predicts tunes best, classic came first"},
            c.preset);
  add_fields(command, c.options, {{"files", ""}});
  command->get_option("--from")->excludes("--preset");
  suggest(command->get_option("--features"), features());
  add_field(command,
            {.name = "samples",
             .help = "Tunes to compose after each epoch, to DIR/logs/samples/epoch-N.abc",
             .group = "The run",
             .most = 100},
            c.samples);
}

void add_train(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<TrainCommand>();
  c->settings.threads = default_threads();
  CLI::App* command = app.add_subcommand("train", "Learn a model from tunes");
  add_train_options(command, *c);
  command->add_option("--out", c->settings.out, "Folder for model/ and logs/ (default: .)")
      ->type_name("DIR")
      ->group("The run");
  command->add_flag("--resume", c->settings.resume, "Continue from the newest checkpoint")
      ->group("The run");
  add_threads_option(command, c->settings.threads);
  command->footer(
      "The options whose defaults stand here are those of classic. Writes in DIR/logs\n"
      "training_log.csv and run.json and, in DIR/model, epoch-N.safetensors,\n"
      "last.safetensors and, with validation, best.safetensors. Prints the model's path.\n"
      "Examples:\n"
      "  lilt train                                      the tunes of data/, classic recipe\n"
      "  lilt train --preset folk english.abc irish.abc --valid-share 0.1\n"
      "  lilt train --from models/folk.safetensors mine.abc\n"
      "  lilt train jigs.abc --hidden 384,384 --lr 0.002 --schedule cosine --clip-norm 1\n"
      "  lilt train --resume                             after Ctrl-C, or to go on:\n"
      "  lilt train --resume --epochs 150");
  registrar(command, [c] { return run_train(*c); });
}

}  // namespace lilt::cli
