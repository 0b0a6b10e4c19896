// lilt eval: how well a model predicts tunes it has not seen.

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "cli/command.h"
#include "cli/console.h"
#include "corpus/learning_text.h"
#include "eval/likelihood.h"
#include "model/model_file.h"

namespace lilt::cli {
namespace {

struct EvalCommand {
  std::string model;
  std::vector<std::string> files;
  std::string dialect;
  bool json = false;
  std::size_t threads = default_threads();
};

void print_json(const corpus::Figures& f) {
  const nlohmann::ordered_json json = {{"tunes", f.tunes},
                                       {"characters", f.characters},
                                       {"unknown", f.unknown},
                                       {"notes", f.notes},
                                       {"bits_per_character", f.bits_per_character()},
                                       {"body_bits_per_character", f.body_bits_per_character()},
                                       {"bits_per_note", f.bits_per_note()},
                                       {"perplexity", f.perplexity()}};
  fmt::print("{}\n", json.dump(2));
}

void print_table(const corpus::Figures& f) {
  const auto row = [](const char* what, const std::string& value) {
    fmt::print("{:<28}{:>12}\n", what, value);
  };
  row("tunes", grouped(f.tunes));
  row("characters", grouped(f.characters));
  row("unknown characters", grouped(f.unknown));
  row("notes and rests", grouped(f.notes));
  row("bits per character", fmt::format("{:.4f}", f.bits_per_character()));
  row("body bits per character", fmt::format("{:.4f}", f.body_bits_per_character()));
  row("bits per note", fmt::format("{:.4f}", f.bits_per_note()));
  row("perplexity", fmt::format("{:.4f}", f.perplexity()));
}

int run_eval(const EvalCommand& c) {
  const FileBytes file(c.model);
  const Result<ModelView> model = view_model(file.bytes(), c.model);
  if (!model) return report(model.error());
  const Result<std::uint8_t> dialect = corpus::find_dialect(model->config.text, c.dialect);
  if (!dialect) return report(dialect.error());
  const Result<corpus::TuneSet> tunes =
      corpus::read_tunes_for(model->config, model->vocabulary, c.files, *dialect);
  if (!tunes) return report(tunes.error());

  const infer::Weights weights(*model);
  StatusLine status;
  const auto progress = [&](std::size_t done) {
    const double share = static_cast<double>(done) / static_cast<double>(tunes->tokens.size());
    status.show(fmt::format("{} {:3.0f} %", bar(share, 30), 100 * share));
  };
  const Result<corpus::Figures> figures = eval::measure_likelihood(
      weights, *tunes, model->vocabulary.token(U'\n'), c.threads, progress);
  status.clear();
  if (!figures) {
    Error error = figures.error();
    error.place.source = c.model;
    return report(error);
  }
  c.json ? print_json(*figures) : print_table(*figures);
  return kSuccess;
}

}  // namespace

void add_eval(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<EvalCommand>();
  CLI::App* command = app.add_subcommand("eval", "Measure how well a model predicts tunes");
  command->add_option("model", c->model, "The model file")->required()->type_name("MODEL");
  command->add_option("files", c->files, "Tunes in ABC notation")->required()->type_name("FILE");
  command
      ->add_option("--dialect", c->dialect,
                   "The collection of the model that the tunes are like (default: its first)")
      ->type_name("NAME");
  command->add_flag("--json", c->json, "Print JSON");
  add_threads_option(command, c->threads);
  command->footer(
      "Every tune is predicted from a fresh state. Bits per note are those of the tune's body\n"
      "over its notes and rests. A character that the model never learnt is charged 20 bits.\n"
      "Example:\n"
      "  lilt eval model/best.safetensors held-out.abc --json");
  registrar(command, [c] { return run_eval(*c); });
}

}  // namespace lilt::cli
