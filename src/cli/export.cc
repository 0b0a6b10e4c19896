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
#include "exchange/keras_export.h"
#include "exchange/onnx_export.h"
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
  bool half = false, small = false;
  std::vector<std::string> known;
  std::string composed;
  bool keras = false, onnx = false, window = false;  // for other programs
  fs::path characters;
};

Error bad_option(std::string message) { return {ErrorCode::kOption, std::move(message)}; }

// A file is written beside its name before it takes its place; neither may be the model, which is
// read meanwhile, and which would lose its training state or half of its precision.
Status check_written(const ExportCommand& c, const std::string& option, const fs::path& file) {
  for (const fs::path& written : {file, partial_path(file)}) {
    std::error_code none;  // a file that is not there is not the model
    if (fs::equivalent(c.model, written, none)) {
      return bad_option("expected another file than the model as " + option + ", found " +
                        written.string());
    }
  }
  return success();
}

Status check(const ExportCommand& c) {
  if (!c.composed.empty() && c.known.empty()) {
    return bad_option("expected --known FILE beside --critic, found none");
  }
  if (c.window && !c.onnx) return bad_option("expected --onnx beside --window, found none");
  if (c.keras && !exchange::keras_format(c.out.string())) {
    return bad_option(
        "expected a name that ends in .keras or .h5 (the network, for Keras 3 or 2) or in "
        ".weights.h5 (its weights alone) as -o, found " +
        c.out.string());
  }
  if (!c.characters.empty()) {
    if (!c.keras && !c.onnx) {
      return bad_option("expected --keras or --onnx beside --characters, found neither");
    }
    if (c.characters.lexically_normal() == c.out.lexically_normal()) {
      return bad_option("expected another file than -o as --characters, found " +
                        c.characters.string());
    }
    if (Status s = check_written(c, "--characters", c.characters); !s) return s;
  }
  return check_written(c, "-o", c.out);
}

// The file for another program.
Result<std::string> foreign_file(const ExportCommand& c, const ModelView& model,
                                 std::span<const float> weights) {
  if (c.onnx) {
    return exchange::export_onnx(
        model.config, model.vocabulary, weights,
        c.window ? exchange::OnnxForm::kWindow : exchange::OnnxForm::kStep);
  }
  return exchange::export_keras(model.config, weights, *exchange::keras_format(c.out.string()));
}

// What is not as in the model.
void tell_of_keras(const ExportCommand& c, const ModelConfig& config) {
  if (!c.keras || config.gate_activation != GateActivation::kHardSigmoid) return;
  tell(exchange::keras_format(c.out.string()) == exchange::KerasFormat::kNetwork
           ? "The gates are hard_sigmoid as Keras 2 knows it; for Keras 3 write a .keras"
           : "The gates are hard_sigmoid as Keras 3 knows it; for Keras 2 write a .h5");
}

int export_foreign(const ExportCommand& c, const ModelView& model, std::span<const float> weights) {
  const Result<std::string> bytes = foreign_file(c, model, weights);
  if (!bytes) return report(bytes.error(), c.model);
  write_file_atomically(c.out, *bytes);
  if (!c.characters.empty()) {
    write_file_atomically(c.characters, exchange::character_numbers(model.vocabulary));
  }
  tell_of_keras(c, model.config);
  tell(fmt::format("{} bytes", grouped(bytes->size())));
  fmt::print("{}\n", c.out.string());
  return kSuccess;
}

int run_export(const ExportCommand& c) {
  if (Status s = check(c); !s) return report(s.error());
  const FileBytes file(c.model);
  const Result<ModelView> model = view_model(file.bytes(), c.model);
  if (!model) return report(model.error());
  std::vector<float> weights(parameter_layout(model->config).count);
  model->copy_weights(weights);
  if (c.keras || c.onnx) return export_foreign(c, *model, weights);
  ModelParts parts = train::without_training(*model, weights);
  if (c.half) parts.weight_type = DataType::kF16;
  if (c.small) parts.weight_type = DataType::kI8;
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
  if (c.small) likeness::forget_melodies(parts);
  if (Status s = check_weights_fit(parts); !s) return report(s.error(), c.model);
  const ModelImage image(parts);
  write_file_atomically(c.out, image.chunks());
  const char* precision = c.small ? "8 bits" : c.half ? "half precision" : "single precision";
  tell(fmt::format("{} bytes with weights in {}, from {} bytes", grouped(fs::file_size(c.out)),
                   precision, grouped(file.bytes().size())));
  fmt::print("{}\n", c.out.string());
  return kSuccess;
}

void add_foreign_options(CLI::App* command, ExportCommand& c,
                         const std::vector<CLI::Option*>& own) {
  CLI::Option* keras =
      command->add_flag("--keras", c.keras, "For Keras: .keras, .h5 or .weights.h5, as OUT ends");
  CLI::Option* onnx = command->add_flag("--onnx", c.onnx,
                                        "For onnxruntime: one step of the network (docs/onnx.md)");
  onnx->excludes(keras);
  for (CLI::Option* option : own) {
    keras->excludes(option);
    onnx->excludes(option);
  }
  command->add_flag("--window", c.window, "With --onnx: any number of steps at once");
  command
      ->add_option("--characters", c.characters,
                   "With --keras or --onnx: write the number of each character, as JSON")
      ->type_name("FILE");
}

}  // namespace

void add_export(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<ExportCommand>();
  CLI::App* command = app.add_subcommand("export", "Write a model without its training state");
  command->add_option("model", c->model, "The model file")->required()->type_name("MODEL");
  command->add_option("-o,--out", c->out, "The file to write")->required()->type_name("OUT");
  std::vector<CLI::Option*> own = {
      command->add_flag("--half", c->half, "Weights in half precision: half the size"),
      command->add_flag("--small", c->small,
                        "As small as composing allows, for pages: weights in 8 bits, and of known "
                        "tunes only the titles"),
      command
          ->add_option("--known", c->known, "Let it know these tunes, which it learnt: see below")
          ->type_name("FILE"),
      command
          ->add_option(
              "--critic", c->composed,
              "Tunes that it composed: a critic learns to tell those of the first --known from "
              "them")
          ->type_name("FILE")};
  add_foreign_options(command, *c, own);
  command->footer(
      "Prints the name of the file. Training can't be resumed from it. Known tunes tell how new\n"
      "a tune is, and those of the first file how typical; hashes and titles are kept, no music.\n"
      "What a model knows already is kept unless --known replaces it.\n"
      "For Keras the name of OUT tells what is written: .keras or .h5 the network, for Keras 3 or\n"
      "2, .weights.h5 its weights alone.\n"
      "Examples:\n"
      "  lilt export model/best.safetensors -o jigs.safetensors --half --known jigs.abc\n"
      "  lilt export model/best.safetensors --keras -o jigs.keras --characters char_to_idx.json\n"
      "  lilt export model/best.safetensors --onnx -o jigs.onnx");
  registrar(command, [c] { return run_export(*c); });
}

}  // namespace lilt::cli
