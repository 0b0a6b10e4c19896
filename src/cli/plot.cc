// lilt plot: training curves.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/runs.h"
#include "plot/curves.h"
#include "train/log.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 40, kLongestTitle = 80;

struct PlotCommand {
  std::vector<std::string> logs;
  std::string out;
  std::string title;
};

Result<plot::ImageFormat> format_of(const std::string& out) {
  std::string ending = fs::path(out).extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".svg") return plot::ImageFormat::kSvg;
  if (ending == ".png") return plot::ImageFormat::kPng;
  return Error{ErrorCode::kOption,
               "--out: expected a file that ends in .svg or .png, found " + out};
}

Status check(const PlotCommand& c) {
  if (std::ranges::count(c.logs, "-") > 1) {
    return Error{ErrorCode::kOption, "expected standard input, -, once; it can be read only once"};
  }
  return success();
}

// The log itself, when the folder of a run is given.
fs::path file_of(const std::string& log) {
  return fs::is_directory(log) ? train::log_file(log) : fs::path(log);
}

// The logs, with the runs of a folder of several in its place, the best one first.
Result<std::vector<std::string>> logs_of(const std::vector<std::string>& given) {
  std::vector<std::string> logs;
  for (const std::string& log : given) {
    const std::vector<fs::path> folders = run_folders(log);
    if (!fs::is_directory(log) || (!folders.empty() && folders.front() == log)) {
      logs.push_back(log);
      continue;
    }
    const Result<std::vector<Run>> runs = read_runs({log});
    if (!runs) return runs.error();
    for (const Run& run : *runs) logs.push_back(run.folder.string());
  }
  return logs;
}

// The run of a log.
Result<plot::LoggedRun> read_run(const std::string& log, std::string name) {
  const Result<std::vector<train::LogRow>> rows = train::read_log_file(file_of(log));
  if (!rows) return rows.error();
  plot::LoggedRun run{std::move(name), {}};
  for (const train::LogRow& row : *rows) {
    run.epochs.push_back(
        {row.epoch, row.loss, row.bits_per_character, row.bits_per_note, row.learning_rate});
  }
  return run;
}

// What a person calls the run: the folder that it has to itself, or else the log's name.
std::string name_of(const std::string& log) {
  if (log == "-") return "standard input";
  const fs::path path = fs::absolute(file_of(log)).lexically_normal();
  const fs::path folder = path.parent_path().parent_path();
  const bool in_place = path == train::log_file(folder) && folder.has_filename();
  return in_place ? folder.filename() : path.stem();
}

// Names as they are shown; where two are the same, what was given instead.
std::vector<std::string> names_of(const std::vector<std::string>& logs) {
  std::vector<std::string> names(logs.size());
  std::ranges::transform(logs, names.begin(), name_of);
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) names = logs;
  for (std::string& name : names) name = escaped(shortened(name, kLongestName));
  return names;
}

std::string title_of(const PlotCommand& c, const std::vector<plot::LoggedRun>& runs) {
  if (!c.title.empty()) return escaped(shortened(c.title, kLongestTitle));
  return runs.size() == 1 ? "Training of " + runs[0].name : "Training runs compared";
}

int run_plot(const PlotCommand& c) {
  const Result<plot::ImageFormat> format = format_of(c.out);
  if (!format) return report(format.error());
  if (Status s = check(c); !s) return report(s.error());
  const Result<std::vector<std::string>> logs = logs_of(c.logs);
  if (!logs) return report(logs.error());
  const std::vector<std::string> names = names_of(*logs);
  std::vector<plot::LoggedRun> runs;
  for (std::size_t i = 0; i < logs->size(); ++i) {
    Result<plot::LoggedRun> run = read_run((*logs)[i], names[i]);
    if (!run) return report(run.error());
    runs.push_back(*std::move(run));
  }
  write_file_atomically(c.out, plot::draw_curves(runs, title_of(c, runs), *format));
  for (const plot::LoggedRun& run : runs) tell(plot::summary(run));
  return kSuccess;
}

}  // namespace

void add_plot(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<PlotCommand>();
  CLI::App* command = app.add_subcommand("plot", "Draw the curves of training logs");
  command
      ->add_option("logs", c->logs,
                   "Training logs, or folders of one or several runs; - is standard input")
      ->required()
      ->type_name("LOG");
  command->add_option("-o,--out", c->out, "The figure: a file that ends in .svg or .png")
      ->required()
      ->type_name("FILE");
  command->add_option("--title", c->title, "Its title (default: from the names of the logs)")
      ->type_name("TEXT");
  command->footer(
      "Draws training loss, validation and learning rate over epochs and marks the best epoch.\n"
      "Several logs are compared in one figure, the first seven in colours of their own.\n"
      "Examples:\n"
      "  lilt plot logs/training_log.csv -o curves.svg\n"
      "  lilt plot small-run large-run -o curves.png --title 'Small and large'");
  registrar(command, [c] { return run_plot(*c); });
}

}  // namespace lilt::cli
