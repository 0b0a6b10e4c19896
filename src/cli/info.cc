// lilt info: what is in a model file.

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "likeness/known_tensors.h"
#include "model/field_json.h"
#include "model/model_file.h"

namespace lilt::cli {
namespace {

struct InfoCommand {
  std::string model;
  bool json = false;
};

std::string vocabulary_text(const Vocabulary& vocabulary) {
  std::string text;
  for (const char32_t c : vocabulary.characters()) append_utf8(text, c);
  return text;
}

std::vector<std::string> feature_names(const ModelConfig& config) {
  std::vector<std::string> names;
  for (const FeatureConfig& feature : config.features) names.push_back(feature.name);
  return names;
}

std::string text_form(const TextConfig& text) {
  return text.canonical ? "canonical" : "as written";
}

// The type of the weights as the file names it, or "mixed".
std::string_view precision(const ModelView& model) {
  const std::optional<DataType> type = model.weight_type();
  return type ? name(*type) : "mixed";
}

std::string_view precision_text(const ModelView& model) {
  const std::optional<DataType> type = model.weight_type();
  if (!type) return "Weights in single and in half precision";
  if (type == DataType::kI8) return "Weights in 8 bits and half precision (I8, F16), for composing";
  return type == DataType::kF16 ? "Weights in half precision (F16)"
                                : "Weights in single precision (F32)";
}

// How many tunes a model knows; null where it has no index that can be read.
nlohmann::ordered_json known_tunes(const ModelView& model) {
  const Result<likeness::Novelty> novelty = likeness::read_known_tunes(model.file);
  return novelty ? nlohmann::ordered_json(novelty->tunes().tunes()) : nullptr;
}

std::string known_tunes_text(const ModelView& model) {
  const Result<likeness::Novelty> novelty = likeness::read_known_tunes(model.file);
  if (!novelty) return novelty.error().message;
  return fmt::format("Knows {} tunes, and so how new and how typical a tune is.",
                     grouped(novelty->tunes().tunes()));
}

nlohmann::ordered_json provenance(const ModelView& model) {
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(model.provenance);
  shorten_floats(json);
  return json;
}

nlohmann::ordered_json to_json(const ModelView& model) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const LayerRow& row : layer_table(model.config, 0, 0)) {
    layers.push_back({{"layer", row.layer}, {"parameters", row.parameters}});
  }
  nlohmann::ordered_json json = {{"parameters", parameter_layout(model.config).count},
                                 {"vocabulary", vocabulary_text(model.vocabulary)}};
  json.update(fields_to_json<nlohmann::ordered_json>(model.config));
  json["features"] = feature_names(model.config);
  json["text"] = text_form(model.config.text);
  json["dialects"] = model.config.text.dialects;
  json["precision"] = precision(model);
  json["checkpoint"] = model.file.metadata.contains("training");
  json["known_tunes"] = known_tunes(model);
  json["layers"] = layers;
  json["provenance"] = provenance(model);
  return json;
}

// A stranger's text: lines of a length, and as many, as a person may want to read.
void print_lines(std::string_view text) {
  constexpr std::size_t kLongest = 1000, kMost = 200;
  std::size_t lines = 0;
  while (!text.empty() && lines < kMost) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    fmt::print("{}\n", escaped(shortened(text.substr(0, length), kLongest)));
    text.remove_prefix(std::min(length + 1, text.size()));
    ++lines;
  }
  if (!text.empty()) fmt::print("…\n");
}

void print_property(std::string name, const std::string& value) {
  std::replace(name.begin(), name.end(), '_', ' ');
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  print_lines(fmt::format("{:<21}{}", name, value.empty() ? "none" : value));
}

void print_properties(const ModelConfig& config) {
  visit_fields(config, [](const Field& field, const auto& value) {
    print_property(std::string(field.name), value_text(value));
  });
  print_property("features", fmt::format("{}", fmt::join(feature_names(config), ", ")));
  print_property("text", text_form(config.text));
  print_property("dialects", fmt::format("{}", fmt::join(config.text.dialects, ", ")));
}

void print_text(const ModelView& model) {
  fmt::print("{}\n\n", layer_table_text(model.config, 0, 0));
  print_properties(model.config);
  fmt::print("{}\n", precision_text(model));
  print_lines(fmt::format("Vocabulary ({}): {}", model.vocabulary.size(),
                          nlohmann::json(vocabulary_text(model.vocabulary)).dump()));
  fmt::print("{}\n", model.file.metadata.contains("training")
                         ? "A checkpoint: training can be resumed from it."
                         : "Weights only: training cannot be resumed from it.");
  if (likeness::has_known_tunes(model.file)) fmt::print("{}\n", known_tunes_text(model));
  fmt::print("How it was trained:\n");
  print_lines(provenance(model).dump(2));
}

int run_info(const InfoCommand& c) {
  const FileBytes file(c.model);
  const Result<ModelView> model = view_model(file.bytes(), c.model);
  if (!model) return report(model.error());
  c.json ? print_json(to_json(*model)) : print_text(*model);
  return kSuccess;
}

}  // namespace

void add_info(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<InfoCommand>();
  CLI::App* command = app.add_subcommand("info", "Describe a model file");
  command->add_option("model", c->model, "The model file")->required()->type_name("MODEL");
  command->add_flag("--json", c->json, "Print JSON");
  command->footer("Example:\n  lilt info model/best.safetensors");
  registrar(command, [c] { return run_info(*c); });
}

}  // namespace lilt::cli
