// lilt eval: how well models predict tunes they have not seen.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "cli/interrupt.h"
#include "cli/runs.h"
#include "eval/comparison_report.h"
#include "eval/prediction_report.h"
#include "eval/report.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

struct EvalCommand {
  std::string model;
  std::vector<std::string> rest;  // further models, then tunes
  std::string dialect;
  eval::ComparisonFiles tunes;
  std::string report;  // the page to write, or ""
  bool json = false;
  bool eight_bit = false;
  bool unplanned = false;
  std::size_t threads = default_threads();

  [[nodiscard]] bool compares_tunes() const {
    return !(tunes.composed.empty() && tunes.against.empty() && tunes.held_out.empty() &&
             report.empty());
  }
};

struct Arguments {
  std::vector<std::string> models, files;

  [[nodiscard]] bool compares() const { return models.size() > 1; }
};

bool is_model(const std::string& path) { return path.ends_with(".safetensors"); }

bool is_folder(const std::string& path) {
  std::error_code none;
  return fs::is_directory(path, none);
}

// The models, with those of its runs in the place of a folder.
Result<std::vector<std::string>> models_of(const std::vector<std::string>& given) {
  std::vector<std::string> models;
  for (const std::string& name : given) {
    if (!is_folder(name)) {
      models.push_back(name);
      continue;
    }
    const Result<std::vector<Run>> runs = read_runs({name});
    if (!runs) return runs.error();
    for (const Run& run : *runs) models.push_back(run.model.string());
  }
  return models;
}

Result<Arguments> arguments_of(const EvalCommand& c) {
  const auto first_file = std::ranges::find_if_not(
      c.rest, [](const std::string& path) { return is_model(path) || is_folder(path); });
  std::vector<std::string> given = {c.model};
  given.insert(given.end(), c.rest.begin(), first_file);
  const Result<std::vector<std::string>> models = models_of(given);
  if (!models) return models.error();
  Arguments arguments{*models, {first_file, c.rest.end()}};
  if (arguments.files.empty() && !c.rest.empty() && !is_model(c.model)) {
    return Error{ErrorCode::kOption,
                 "expected models before tunes, found " + c.model + " before " + c.rest.front()};
  }
  if (arguments.files.empty()) {
    return Error{ErrorCode::kOption, "expected tunes in ABC notation after " +
                                         arguments.models.back() + ", found none"};
  }
  const auto late = std::ranges::find_if(arguments.files, is_model);
  if (late != arguments.files.end()) {
    return Error{ErrorCode::kOption,
                 "expected models before tunes, found " + *late + " behind " + arguments.files[0]};
  }
  const auto once = std::ranges::find_if(arguments.files, [](const fs::path& path) {
    std::error_code none;
    return fs::is_other(path, none) || fs::is_fifo(path, none);
  });
  if (!arguments.compares() || once == arguments.files.end()) return arguments;
  return Error{ErrorCode::kOption,
               "expected files, which every model can read anew, found " + *once};
}

int run_models(const EvalCommand& c) {
  const Result<Arguments> arguments = arguments_of(c);
  if (!arguments) return report(arguments.error());
  catch_interrupts();
  StatusLine status;
  const Result<std::vector<eval::Prediction>> predictions =
      eval::predict({.models = arguments->models,
                     .tunes = arguments->files,
                     .dialect = c.dialect,
                     .eight_bit = c.eight_bit,
                     .unplanned = c.unplanned,
                     .threads = c.threads},
                    [&](double share) {
                      status.show(fmt::format("{} {:3.0f} %", bar(share, 30), 100 * share));
                      return !is_interrupted();
                    });
  status.clear();
  if (!predictions) return report(predictions.error());
  if (c.json) {
    print_json(eval::to_json(*predictions), true);
  } else {
    fmt::print("{}", eval::table_of(*predictions));
  }
  return kSuccess;
}

int run_tunes(const EvalCommand& c) {
  for (const auto* files : {&c.tunes.composed, &c.tunes.against, &c.tunes.held_out}) {
    if (Status s = check_output(*files, c.report); !s) return report(s.error());
  }
  const Result<eval::Comparison> comparison = eval::compare_files(c.tunes, watch_on_console());
  if (!comparison) return report(comparison.error());
  if (c.json) {
    print_json(eval::to_json(*comparison), true);
  } else {
    fmt::print("{}", eval::table_of(*comparison));
  }
  if (c.report.empty()) return kSuccess;
  write_file_atomically(c.report, eval::report_page(*comparison, c.tunes));
  tell("wrote " + escaped(c.report));
  return kSuccess;
}

// Whether the options fit together, of which there are those for models and those for tunes.
Status check_options(const EvalCommand& c) {
  if (c.compares_tunes()) {
    if (!c.model.empty() || !c.dialect.empty()) {
      return Error{ErrorCode::kOption, "expected --tunes without a model, found " +
                                           (c.model.empty() ? "--dialect" : c.model)};
    }
    if (!c.tunes.composed.empty() && !c.tunes.against.empty()) return success();
    return Error{ErrorCode::kOption, std::string("expected --tunes FILE… and --against FILE… ") +
                                         "together, found only " +
                                         (c.tunes.against.empty() ? "--tunes" : "--against")};
  }
  if (!c.model.empty() && !c.rest.empty()) return success();
  return Error{ErrorCode::kOption,
               "expected a model and tunes in ABC notation, a folder of runs, or --tunes and "
               "--against, found " +
                   (c.model.empty() ? "none of them" : "only " + c.model)};
}

// The runs in folders, as they were validated when they were trained.
int run_runs(const EvalCommand& c) {
  std::vector<std::string> folders = {c.model};
  folders.insert(folders.end(), c.rest.begin(), c.rest.end());
  const Result<std::vector<Run>> runs = read_runs(folders);
  if (!runs) return report(runs.error());
  if (c.json) {
    print_json(to_json(*runs), true);
  } else {
    fmt::print("{}", table_of(*runs));
  }
  return kSuccess;
}

int run_eval(const EvalCommand& c) {
  if (is_folder(c.model) && std::ranges::all_of(c.rest, is_folder) && !c.compares_tunes()) {
    return run_runs(c);
  }
  if (Status s = check_options(c); !s) return report(s.error());
  return c.compares_tunes() ? run_tunes(c) : run_models(c);
}

}  // namespace

void add_eval(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<EvalCommand>();
  CLI::App* command = app.add_subcommand(
      "eval", "Measure how well models predict tunes, or compare composed tunes with real ones");
  command
      ->add_option("model", c->model,
                   "The model file, or a folder of runs (alone: a table of them)")
      ->type_name("MODEL");
  command
      ->add_option("files", c->rest, "Further models (*.safetensors), then tunes in ABC notation")
      ->type_name("FILE");
  const auto files = [&](const char* name, std::vector<std::string>& into, const char* what) {
    command->add_option(name, into, what)->type_name("FILE")->group("Comparing tunes");
  };
  files("--tunes", c->tunes.composed, "Composed tunes, to be compared with real ones");
  files("--against", c->tunes.against, "The real tunes, those that the model learnt");
  files("--held-out", c->tunes.held_out, "Further real tunes, to tell how far real ones differ");
  command->add_option("-o,--out", c->report, "Write a page with plots, report.html")
      ->type_name("FILE")
      ->group("Comparing tunes");
  command
      ->add_option("--dialect", c->dialect,
                   "The collection of the model that the tunes are like (default: its first)")
      ->type_name("NAME");
  command->add_flag("--json", c->json, "Print JSON");
  command->add_flag("--eight-bit", c->eight_bit, "With the 8-bit weights of composing");
  command->add_flag("--unplanned", c->unplanned, "Tell models nothing of what is to come");
  add_threads_option(command, c->threads);
  command->footer(
      "Every tune is predicted from a fresh state. Bits per note are those of the tune's body\n"
      "over its notes and rests. A character that the model never learnt is charged 20 bits.\n"
      "± is half of a 95 % interval over tunes; differences are those to the first model.\n"
      "Examples:\n"
      "  lilt eval model/best.safetensors held-out.abc --json\n"
      "  lilt eval small.safetensors large.safetensors held-out.abc\n"
      "  lilt eval runs                           all trainings in a folder, the best first\n"
      "  lilt eval --tunes composed.abc --against learnt.abc -o report.html");
  registrar(command, [c] { return run_eval(*c); });
}

}  // namespace lilt::cli
