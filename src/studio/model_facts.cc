#include "studio/model_facts.h"

#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "likeness/known_tensors.h"
#include "model/model_file.h"
#include "model/untrusted_json.h"
#include "train/checkpoint.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostFilesTold = 30, kLongestNameTold = 80;

// A number that a model's provenance tells, or null. It is a stranger's text.
Json number_in(const nlohmann::json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_number()) return nullptr;
  return object[name];
}

// The files that it learnt, by their names alone: folders are nobody else's business.
Json files_in(const nlohmann::json& told) {
  Json files = Json::array();
  const nlohmann::json none;
  const nlohmann::json& options =
      told.is_object() && told.contains("options") ? told["options"] : none;
  const nlohmann::json& names =
      options.is_object() && options.contains("files") ? options["files"] : none;
  if (!names.is_array()) return files;
  for (const nlohmann::json& name : names) {
    if (!name.is_string() || files.size() == kMostFilesTold) continue;
    files.push_back(
        shortened(fs::path(name.get<std::string>()).filename().string(), kLongestNameTold));
  }
  return files;
}

Json facts_of(const ModelView& model, std::size_t bytes) {
  const nlohmann::json told = parse_untrusted_json(model.provenance);
  const nlohmann::json best =
      told.is_object() && told.contains("best") ? told["best"] : nlohmann::json();
  const Json best_epoch = number_in(best, "epoch");
  return {{"parameters", parameter_layout(model.config).count},
          {"bytes", bytes},
          {"dialects", model.config.text.dialects},
          {"knows_tunes", likeness::has_known_tunes(model.file)},
          {"epoch", best_epoch.is_null() ? number_in(told, "epoch") : best_epoch},
          {"loss", number_in(told, "loss")},
          {"bits_per_character", number_in(best, "valid_bits_per_character")},
          {"learnt_from", files_in(told)},
          {"learnt_characters", number_in(told, "characters")}};
}

}  // namespace

Result<Json> ModelFacts::of(const fs::path& file) {
  const fs::file_time_type time = fs::last_write_time(file);
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(file);
  if (known != known_.end() && known->second.time == time) return known->second.facts;
  const FileBytes bytes(file);
  const Result<ModelView> model = view_model(bytes.bytes(), file.string());
  if (!model) return model.error();
  Json facts = facts_of(*model, bytes.bytes().size());
  known_[file] = {time, facts};
  return facts;
}

Result<std::string> model_to_give_away(const fs::path& file) {
  const FileBytes bytes(file);
  const Result<ModelView> model = view_model(bytes.bytes(), file.string());
  if (!model) return model.error();
  std::vector<float> weights(parameter_layout(model->config).count);
  model->copy_weights(weights);
  ModelParts parts = train::without_training(*model, weights);
  parts.weight_type = DataType::kF16;
  if (!check_weights_fit(parts)) parts.weight_type = DataType::kF32;
  const ModelImage image(parts);
  std::string text;
  for (const std::span<const std::byte> chunk : image.chunks()) {
    text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
  }
  return text;
}

}  // namespace lilt::studio
