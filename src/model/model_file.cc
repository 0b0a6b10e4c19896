#include "model/model_file.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "model/eight_bits.h"
#include "model/field_json.h"
#include "model/half.h"
#include "model/untrusted_json.h"

namespace lilt {
namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "lilt-1";
constexpr const char* kChecksumTensor = "checksum";
constexpr std::size_t kChecksumBytes = 8;

Error bad_model(std::string message) { return {ErrorCode::kFormat, std::move(message)}; }

// What the first version had, and every file has.
constexpr std::array kFirstMembers = {"embedding", "hidden", "dropout", "gate_activation"};

constexpr const char* kCanonical = "canonical";
constexpr const char* kInC = "canonical-in-c";

// What the first version did not have is left out where it says nothing.
std::string config_json(const ModelConfig& config) {
  const Json unless_told = fields_to_json(ModelConfig{}), told = fields_to_json(config);
  Json json;
  for (const auto& [key, value] : told.items()) {
    const bool is_first =
        std::find(kFirstMembers.begin(), kFirstMembers.end(), key) != kFirstMembers.end();
    if (is_first || value != unless_told[key]) json[key] = value;
  }
  for (const FeatureConfig& f : config.features) {
    json["features"].push_back({{"name", f.name}, {"values", f.values}, {"width", f.width}});
  }
  if (config.text.canonical) {
    json["text"] = {{"form", config.text.in_c ? kInC : kCanonical},
                    {"dialects", config.text.dialects}};
  }
  return json.dump();
}

std::string vocabulary_json(const Vocabulary& vocabulary) {
  std::string text;
  for (const char32_t c : vocabulary.characters()) append_utf8(text, c);
  return Json(text).dump();
}

Json parse_json(const SafetensorsView& file, const char* key) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? Json(Json::value_t::discarded)
                                      : parse_untrusted_json(found->second);
}

// Of what a size cannot hold, where sizes have 32 bits: one that is refused as too large.
std::size_t width_of(const Json& number) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(number.get<std::uint64_t>(),
                                                          std::numeric_limits<std::size_t>::max()));
}

Result<std::vector<FeatureConfig>> read_features(const Json& json) {
  std::vector<FeatureConfig> features;
  const Error malformed =
      bad_model("metadata \"config\": expected features with name, values and width");
  if (json.is_null()) return features;
  if (!json.is_array()) return malformed;
  for (const Json& feature : json) {
    if (!feature.is_object()) return malformed;
    const Json name = feature.value("name", Json()), values = feature.value("values", Json()),
               width = feature.value("width", Json());
    if (!name.is_string() || !values.is_number_unsigned() || !width.is_number_unsigned()) {
      return malformed;
    }
    features.push_back({name.get<std::string>(), width_of(values), width_of(width)});
  }
  return features;
}

Result<TextConfig> read_text_config(const Json& json) {
  const Error malformed = bad_model(
      "metadata \"config\": expected text of the form canonical or canonical-in-c, with "
      "dialects");
  if (json.is_null()) return TextConfig{};
  if (!json.is_object()) return malformed;
  const Json form = json.value("form", Json());
  if (form != kCanonical && form != kInC) return malformed;
  TextConfig text{.canonical = true, .dialects = {}, .in_c = form == kInC};
  const Json dialects = json.value("dialects", Json());
  if (!dialects.is_array()) return malformed;
  for (const Json& dialect : dialects) {
    if (!dialect.is_string()) return malformed;
    text.dialects.push_back(dialect.get<std::string>());
  }
  return text;
}

Result<ModelConfig> read_config(const Json& json, std::size_t vocabulary) {
  for (const char* member : kFirstMembers) {
    if (json.is_object() && json.contains(member)) continue;
    return bad_model(
        "metadata \"config\": expected embedding, hidden, dropout and gate_activation");
  }
  ModelConfig config{.vocabulary = vocabulary};
  const auto refused = [](const Error& error) {
    return bad_model("metadata \"config\": " + error.to_string());
  };
  if (Status s = read_fields(json, config); !s) return refused(s.error());
  Result<std::vector<FeatureConfig>> features = read_features(json.value("features", Json()));
  if (!features) return features.error();
  config.features = *std::move(features);
  Result<TextConfig> text = read_text_config(json.value("text", Json()));
  if (!text) return text.error();
  config.text = *std::move(text);
  if (Status s = validate(config); !s) return refused(s.error());
  return config;
}

Result<Vocabulary> read_vocabulary(const Json& json) {
  if (!json.is_string()) return bad_model("metadata \"vocabulary\": expected a JSON string");
  const Result<std::vector<char32_t>> characters = to_code_points(json.get<std::string>());
  if (!characters) return characters.error();
  Vocabulary vocabulary(*characters);
  const std::span<const char32_t> sorted = vocabulary.characters();
  if (!std::equal(sorted.begin(), sorted.end(), characters->begin(), characters->end())) {
    return bad_model("metadata \"vocabulary\": expected distinct characters in order");
  }
  return vocabulary;
}

Status check_checksum(const SafetensorsView& view, std::span<const std::byte> file) {
  const TensorView* tensor = view.find(kChecksumTensor);
  if (tensor == nullptr || tensor->type != DataType::kU64 ||
      tensor->bytes.size() != kChecksumBytes ||
      tensor->bytes.data() + kChecksumBytes != file.data() + file.size()) {
    return bad_model("expected the tensor \"checksum\" (U64) as the last of the file");
  }
  Checksum checksum;
  checksum.add(file.first(file.size() - kChecksumBytes));
  std::uint64_t stored = 0;
  std::memcpy(&stored, tensor->bytes.data(), kChecksumBytes);
  if (stored != checksum.value()) {
    return bad_model(
        "the checksum does not match: the file was damaged or altered; use another copy");
  }
  return success();
}

// Whether no number, of as many bits as Word has, has all bits of its exponent set.
template <class Word>
bool all_finite(std::span<const std::byte> bytes, Word exponent) {
  Word found = 0;  // no early exit, so that the loop runs in vectors
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    Word bits = 0;
    std::memcpy(&bits, bytes.data() + i, sizeof bits);
    found = static_cast<Word>(found | ((bits & exponent) == exponent));
  }
  return found == 0;
}

bool all_finite(const TensorView& tensor) {
  return tensor.type == DataType::kF16 ? all_finite<std::uint16_t>(tensor.bytes, 0x7C00)
                                       : all_finite<std::uint32_t>(tensor.bytes, 0x7F800000);
}

bool is_weight_type(DataType type, const TensorSpec& spec) {
  return type == DataType::kF32 || type == DataType::kF16 ||
         (type == DataType::kI8 && spec.is_in_eight_bits);
}

// Of a matrix in 8 bits, the tensor of its columns' largest magnitudes.
constexpr std::string_view kLargestSuffix = ".largest";
std::string largest_of(const TensorSpec& spec) { return spec.name + std::string(kLargestSuffix); }

Status check_largest(const SafetensorsView& file, const TensorSpec& spec) {
  const TensorView* largest = file.find(largest_of(spec));
  if (largest == nullptr || largest->type != DataType::kF16 ||
      largest->shape != std::vector{spec.shape[1]}) {
    return bad_model("expected the tensor " + largest_of(spec) + " (F16) [" +
                     std::to_string(spec.shape[1]) + "] beside " + spec.name + " in 8 bits");
  }
  if (!all_finite(*largest)) {
    return bad_model("tensor " + largest_of(spec) + ": expected finite numbers");
  }
  return success();
}

std::string shape_text(const std::vector<std::size_t>& shape) { return Json(shape).dump(); }

Status check_weights(const SafetensorsView& file, const ModelConfig& config) {
  for (const TensorSpec& spec : tensor_specs(config)) {
    const TensorView* tensor = file.find(spec.name);
    if (tensor == nullptr) return bad_model("expected the tensor " + spec.name + ", found none");
    if (!is_weight_type(tensor->type, spec) || tensor->shape != spec.shape) {
      return bad_model("tensor " + spec.name + ": expected F32 or F16 " + shape_text(spec.shape) +
                       ", found " + std::string(name(tensor->type)) + " " +
                       shape_text(tensor->shape));
    }
    if (tensor->type == DataType::kI8) {
      if (Status s = check_largest(file, spec); !s) return s;
    } else if (!all_finite(*tensor)) {
      return Error{ErrorCode::kNumeric,
                   "tensor " + spec.name + ": holds a value that is not finite"};
    }
  }
  return success();
}

Result<ModelView> view_checked(std::span<const std::byte> bytes) {
  Result<SafetensorsView> file = parse_safetensors(bytes);
  if (!file) return file.error();
  const auto format = file->metadata.find("format");
  if (format == file->metadata.end() || format->second != kFormat) {
    return bad_model(std::string("expected a Lilt model (metadata \"format\": \"") + kFormat +
                     "\"), found " +
                     (format == file->metadata.end() ? "no format" : '"' + format->second + '"'));
  }
  if (Status s = check_checksum(*file, bytes); !s) return s.error();
  Result<Vocabulary> vocabulary = read_vocabulary(parse_json(*file, "vocabulary"));
  if (!vocabulary) return vocabulary.error();
  Result<ModelConfig> config = read_config(parse_json(*file, "config"), vocabulary->size());
  if (!config) return config.error();
  const Json provenance = parse_json(*file, "provenance");
  if (!provenance.is_object()) return bad_model("metadata \"provenance\": expected a JSON object");
  if (Status s = check_weights(*file, *config); !s) return s.error();
  return ModelView{*std::move(config), *std::move(vocabulary), file->metadata.at("provenance"),
                   *std::move(file)};
}

}  // namespace

std::optional<DataType> ModelView::weight_type() const {
  std::optional<DataType> type;
  const bool has_eight_bits = file.find("dense.weight")->type == DataType::kI8;
  for (const TensorSpec& spec : tensor_specs(config)) {
    DataType found = file.find(spec.name)->type;
    const DataType expected = spec.is_in_eight_bits ? DataType::kI8 : DataType::kF16;
    if (has_eight_bits && found == expected) found = DataType::kI8;
    if (type.value_or(found) != found) return std::nullopt;
    type = found;
  }
  return type;
}

std::vector<TensorView> ModelView::further_tensors() const {
  const std::vector<TensorSpec> weights = tensor_specs(config);
  std::vector<TensorView> further;
  for (const TensorView& tensor : file.tensors) {
    const bool is_weight = std::any_of(weights.begin(), weights.end(), [&](const TensorSpec& s) {
      return s.name == tensor.name || (s.is_in_eight_bits && largest_of(s) == tensor.name);
    });
    if (!is_weight && tensor.name != kChecksumTensor) further.push_back(tensor);
  }
  return further;
}

void ModelView::copy_weights(std::span<float> weights) const {
  for (const TensorSpec& spec : tensor_specs(config)) {
    const TensorView* tensor = file.find(spec.name);
    const std::span<float> copy = weights.subspan(spec.offset, spec.size());
    if (tensor->type == DataType::kI8) {
      std::vector<float> largest(spec.shape[1]);
      from_halves(file.find(largest_of(spec))->bytes, largest);
      from_eight_bits(tensor->bytes, largest, copy);
    } else if (tensor->type == DataType::kF16) {
      from_halves(tensor->bytes, copy);
    } else {
      std::memcpy(copy.data(), tensor->bytes.data(), tensor->bytes.size());
    }
  }
}

Result<ModelView> view_model(std::span<const std::byte> file, const std::string& source) {
  Result<ModelView> view = view_checked(file);
  if (view) return view;
  Error error = view.error();
  error.place.source = source;
  return error;
}

Result<ModelContents> read_model(std::span<const std::byte> file, const std::string& source) {
  Result<ModelView> view = view_model(file, source);
  if (!view) return view.error();
  ModelContents model{view->config, view->vocabulary, view->provenance, {}};
  model.weights.resize(parameter_layout(model.config).count);
  view->copy_weights(model.weights);
  return model;
}

Status check_weights_fit(const ModelConfig& config, std::span<const float> weights,
                         const std::string& purpose, const std::string& advice) {
  const auto fits = [](float weight) { return std::abs(weight) <= kLargestHalf; };  // not for NaN
  for (const TensorSpec& spec : tensor_specs(config)) {
    const std::span<const float> tensor = weights.subspan(spec.offset, spec.size());
    bool all_fit = true;  // no early exit, so that the loop runs in vectors
    for (const float weight : tensor) all_fit &= fits(weight);
    if (all_fit) continue;
    const float found = *std::find_if_not(tensor.begin(), tensor.end(), fits);
    std::string message = "tensor " + spec.name + ": expected weights of at most ";
    message.append(std::to_string(static_cast<int>(kLargestHalf))).append(" for ").append(purpose);
    message.append(", found ").append(Json(found).dump()).append("; ").append(advice);
    return Error{ErrorCode::kNumeric, std::move(message)};
  }
  return success();
}

Status check_weights_fit(const ModelParts& parts) {
  if (parts.weight_type == DataType::kF32) return success();
  return check_weights_fit(parts.config, parts.weights, "half precision", "keep single precision");
}

void ModelImage::add_halves(const std::string& name, const std::vector<std::size_t>& shape,
                            std::span<const float> weights, std::vector<TensorView>& tensors) {
  std::vector<std::byte>& halves = rounded_.emplace_back(2 * weights.size());
  to_halves(weights, halves);
  tensors.push_back({name, DataType::kF16, shape, halves});
}

// The nearest halves in 8 bits.
void ModelImage::add_eight_bits(const TensorSpec& spec, std::span<const float> weights,
                                std::vector<TensorView>& tensors) {
  std::vector<std::byte> halves(2 * weights.size());
  std::vector<float> nearest(weights.size()), largest(spec.shape[1]);
  to_halves(weights, halves);
  from_halves(halves, nearest);
  std::vector<std::byte>& numbers = rounded_.emplace_back(weights.size());
  to_eight_bits(nearest, numbers, largest);
  tensors.push_back({spec.name, DataType::kI8, spec.shape, numbers});
  add_halves(largest_of(spec), {largest.size()}, largest, tensors);
}

void ModelImage::add_weights(const ModelParts& parts, std::vector<TensorView>& tensors) {
  for (const TensorSpec& spec : tensor_specs(parts.config)) {
    const std::span<const float> weights = parts.weights.subspan(spec.offset, spec.size());
    if (parts.weight_type == DataType::kF32) {
      tensors.push_back({spec.name, DataType::kF32, spec.shape, std::as_bytes(weights)});
    } else if (parts.weight_type == DataType::kI8 && spec.is_in_eight_bits) {
      add_eight_bits(spec, weights, tensors);
    } else {
      add_halves(spec.name, spec.shape, weights, tensors);
    }
  }
}

ModelImage::ModelImage(const ModelParts& parts) {
  assert(check_weights_fit(parts));
  std::map<std::string, std::string> metadata = parts.metadata;
  metadata["format"] = kFormat;
  metadata["config"] = config_json(parts.config);
  metadata["vocabulary"] = vocabulary_json(parts.vocabulary);
  metadata["provenance"] = parts.provenance;

  std::vector<TensorView> tensors;
  add_weights(parts, tensors);
  tensors.insert(tensors.end(), parts.tensors.begin(), parts.tensors.end());
  tensors.push_back(
      {kChecksumTensor, DataType::kU64, {1}, std::as_bytes(std::span(&checksum_, 1))});

  header_ = safetensors_header(metadata, tensors);
  chunks_.push_back(std::as_bytes(std::span(header_)));
  for (const TensorView& tensor : tensors) chunks_.push_back(tensor.bytes);
  Checksum checksum;
  for (std::size_t i = 0; i + 1 < chunks_.size(); ++i) checksum.add(chunks_[i]);
  checksum_ = checksum.value();
}

namespace {

// Position-dependent, and a bijection of the word. The upper half is folded onto the lower one
// because the top bits of a product by an odd number would otherwise cancel in pairs.
std::uint64_t summand(std::uint64_t word, std::uint64_t position) {
  return (word ^ (word >> 32)) * (2 * position + 1);
}

}  // namespace

void Checksum::add_word(std::uint64_t word) { sum_ += summand(word, words_++); }

void Checksum::add(std::span<const std::byte> bytes) {
  length_ += bytes.size();
  while (!bytes.empty() && partial_bytes_ != 0) {
    partial_[partial_bytes_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (partial_bytes_ == partial_.size()) {
      partial_bytes_ = 0;
      std::uint64_t word = 0;
      std::memcpy(&word, partial_.data(), sizeof word);
      add_word(word);
    }
  }
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    add_word(word);
  }
  std::copy(bytes.begin(), bytes.end(),
            partial_.begin() + static_cast<std::ptrdiff_t>(partial_bytes_));
  partial_bytes_ += bytes.size();
}

std::uint64_t Checksum::value() const {
  std::array<std::byte, 8> last{};
  std::copy_n(partial_.begin(), partial_bytes_, last.begin());
  std::uint64_t word = 0;
  std::memcpy(&word, last.data(), sizeof word);
  return sum_ + summand(word, words_) + length_;
}

}  // namespace lilt
