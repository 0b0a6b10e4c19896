// lilt export: a model to give away, without what only training needs.

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "eval/known.h"
#include "likeness/critic_tensor.h"
#include "likeness/known_tensors.h"
#include "model/model_file.h"
#include "train/checkpoint.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

struct ExportCommand {
  std::string model;
  fs::path out;
  bool half = false;
  std::vector<std::string> known;
  std::string composed;
};

// The file is written beside OUT before it takes its place; neither may be the model, which is
// read meanwhile, and which would lose its training state or half of its precision.
Status check_out(const ExportCommand& c) {
  for (const fs::path& written : {c.out, partial_path(c.out)}) {
    std::error_code none;  // a file that is not there is not the model
    if (fs::equivalent(c.model, written, none)) {
      return Error{ErrorCode::kOption,
                   "expected another file than the model as -o, found " + written.string()};
    }
  }
  return success();
}

Status check(const ExportCommand& c) {
  if (!c.composed.empty() && c.known.empty()) {
    return Error{ErrorCode::kOption, "expected --known FILE beside --critic, found none"};
  }
  return check_out(c);
}

int run_export(const ExportCommand& c) {
  if (Status s = check(c); !s) return report(s.error());
  const FileBytes file(c.model);
  const Result<ModelView> model = view_model(file.bytes(), c.model);
  if (!model) return report(model.error());
  std::vector<float> weights(parameter_layout(model->config).count);
  model->copy_weights(weights);
  ModelParts parts = train::without_training(*model, weights);
  if (c.half) parts.weight_type = DataType::kF16;
  std::optional<likeness::KnownTensors> known;
  if (!c.known.empty()) {
    const Result<eval::Known> found = eval::know_tunes(c.known, watch_on_console());
    if (!found) return report(found.error());
    likeness::put_known(known.emplace(found->novelty, found->style), parts);
    const likeness::KnownTunes& tunes = found->novelty.tunes();
    tell(fmt::format("{} tunes with {} windows of {} notes are known", grouped(tunes.tunes()),
                     grouped(tunes.windows.size()), likeness::kWindow));
  }
  std::optional<likeness::CriticTensor> critic;
  if (!c.composed.empty()) {
    const auto found = eval::know_composed({c.known[0]}, c.composed, watch_on_console());
    if (!found) return report(found.error());
    likeness::put_critic(critic.emplace(found->critic), parts);
    tell(fmt::format("the critic tells real tunes from composed ones: AUC {:.3f}", found->auc));
  }
  if (Status s = check_weights_fit(parts); !s) return report(s.error(), c.model);
  const ModelImage image(parts);
  write_file_atomically(c.out, image.chunks());
  tell(fmt::format("{} bytes with weights in {} precision, from {} bytes",
                   grouped(fs::file_size(c.out)), c.half ? "half" : "single",
                   grouped(file.bytes().size())));
  fmt::print("{}\n", c.out.string());
  return kSuccess;
}

}  // namespace

void add_export(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<ExportCommand>();
  CLI::App* command = app.add_subcommand("export", "Write a model without its training state");
  command->add_option("model", c->model, "The model file")->required()->type_name("MODEL");
  command->add_option("-o,--out", c->out, "The file to write")->required()->type_name("OUT");
  command->add_flag("--half", c->half, "Weights in half precision: half the size");
  command->add_option("--known", c->known, "Let it know these tunes, which it learnt: see below")
      ->type_name("FILE");
  command
      ->add_option(
          "--critic", c->composed,
          "Tunes that it composed: a critic learns to tell those of the first --known from "
          "them")
      ->type_name("FILE");
  command->footer(
      "Prints the name of the file. Training can't be resumed from it. Known tunes tell how new\n"
      "a tune is, and those of the first file how typical; hashes and titles are kept, no music.\n"
      "What a model knows already is kept unless --known replaces it.\n"
      "Example:\n"
      "  lilt export model/best.safetensors -o jigs.safetensors --half --known jigs.abc");
  registrar(command, [c] { return run_export(*c); });
}

}  // namespace lilt::cli
