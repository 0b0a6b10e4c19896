#include "exchange/keras_config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/untrusted_json.h"

namespace lilt::exchange {
namespace {

using Json = nlohmann::json;

// A member of an object, or null.
const Json& member(const Json& json, const char* name) {
  static const Json kNull;
  if (!json.is_object()) return kNull;
  const auto found = json.find(name);
  return found == json.end() ? kNull : *found;
}

std::string text_of(const Json& json, const char* name) {
  const Json& text = member(json, name);
  return text.is_string() ? text.get<std::string>() : "";
}

bool is_false(const Json& json, const char* name) { return member(json, name) == Json(false); }
bool is_true(const Json& json, const char* name) { return member(json, name) == Json(true); }

// A value as a message shows it.
std::string shown(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Reads the layers in their order.
class LayerReader {
 public:
  explicit LayerReader(const std::string& version) : is_third_(version.starts_with("3")) {}

  Status read(const Json& layer);
  Result<KerasConfig> finish() const;

 private:
  enum class Stage : std::uint8_t { kNothing, kEmbedding, kLstm, kDense, kSoftmax };

  Status read_embedding(const Json& config);
  Status read_lstm(const Json& config);
  Status read_dropout(const Json& config);
  Status read_dense(const Json& config);
  Status read_softmax(const Json& config);
  Result<KerasGates> gates_of(const Json& config) const;

  bool is_third_;
  Stage stage_ = Stage::kNothing;
  KerasConfig config_;
  std::string layer_;  // the one being read, for messages
};

Status LayerReader::read(const Json& layer) {
  const Json& config = member(layer, "config");
  const std::string kind = text_of(layer, "class_name");
  layer_ = text_of(config, "name");
  layer_ += (layer_.empty() ? "" : " ") + ("(" + (kind.empty() ? "no class_name" : kind) + ")");
  if (kind == "InputLayer" && stage_ == Stage::kNothing) return success();
  if (kind == "Embedding" && stage_ == Stage::kNothing) return read_embedding(config);
  const bool has_below = stage_ == Stage::kEmbedding || stage_ == Stage::kLstm;
  if (kind == "LSTM" && has_below) return read_lstm(config);
  if (kind == "Dropout" && has_below) return read_dropout(config);
  if (stage_ == Stage::kLstm) {
    if (kind == "Dense" || kind == "TimeDistributedDense") return read_dense(config);
    const Json& inner = member(config, "layer");
    if (kind == "TimeDistributed" && text_of(inner, "class_name") == "Dense") {
      return read_dense(member(inner, "config"));
    }
  }
  if (kind == "Activation" && stage_ == Stage::kDense) return read_softmax(config);
  if (kind == "Softmax" && stage_ == Stage::kDense) return stage_ = Stage::kSoftmax, success();
  return another_network("the layer " + layer_);
}

Status LayerReader::read_embedding(const Json& config) {
  if (is_true(config, "mask_zero")) return another_network("mask_zero in the layer " + layer_);
  stage_ = Stage::kEmbedding;
  return success();
}

Status LayerReader::read_lstm(const Json& config) {
  if (const Json& activation = member(config, "activation"); activation != Json("tanh")) {
    return another_network("the activation " + shown(activation) + " in the layer " + layer_);
  }
  if (is_false(config, "use_bias")) return another_network("no bias in the layer " + layer_);
  if (is_true(config, "go_backwards")) {
    return another_network("go_backwards in the layer " + layer_);
  }
  const Result<KerasGates> gates = gates_of(config);
  if (!gates) return gates.error();
  if (config_.lstm_layers > 0 && *gates != config_.gates) {
    return another_network("another activation of gates in the layer " + layer_ +
                           " than in the one below");
  }
  config_.gates = *gates;
  ++config_.lstm_layers;
  stage_ = Stage::kLstm;
  return success();
}

Result<KerasGates> LayerReader::gates_of(const Json& config) const {
  const Json& told = member(config, "recurrent_activation");
  const Json& activation = told.is_null() ? member(config, "inner_activation") : told;
  if (activation == Json("sigmoid")) return KerasGates::kSigmoid;
  if (activation == Json("hard_sigmoid")) {
    return is_third_ ? KerasGates::kHardSigmoid3 : KerasGates::kHardSigmoid;
  }
  return another_network("the activation of gates " + shown(activation) + " in the layer " +
                         layer_);
}

// What stands before the first LSTM says nothing about those after: its share is passed over.
Status LayerReader::read_dropout(const Json& config) {
  const Json& told = member(config, "rate");
  const Json& rate = told.is_null() ? member(config, "p") : told;
  const bool is_share = rate.is_number() && rate.get<double>() >= 0 && rate.get<double>() < 1;
  if (!is_share) return another_network("the rate " + shown(rate) + " in the layer " + layer_);
  if (stage_ == Stage::kLstm) config_.dropout = rate.get<float>();
  return success();
}

Status LayerReader::read_dense(const Json& config) {
  const bool has_bias = !is_false(config, "use_bias") && !is_false(config, "bias");
  if (!has_bias) return another_network("no bias in the layer " + layer_);
  stage_ = Stage::kDense;
  const Json& activation = member(config, "activation");
  return activation.is_null() ? success() : read_softmax(config);
}

// Without softmax a network gives what goes into one.
Status LayerReader::read_softmax(const Json& config) {
  const Json& activation = member(config, "activation");
  if (activation == Json("linear")) return success();
  if (activation != Json("softmax")) {
    return another_network("the activation " + shown(activation) + " in the layer " + layer_);
  }
  stage_ = Stage::kSoftmax;
  return success();
}

Result<KerasConfig> LayerReader::finish() const {
  switch (stage_) {
    case Stage::kNothing:
      return another_network("no layers");
    case Stage::kEmbedding:
      return another_network("no LSTM layers");
    case Stage::kLstm:
      return another_network("no dense layer");
    default:
      return config_;
  }
}

// One output, to which all layers then lead one after another.
bool is_chain(const Json& config) {
  const Json& outputs = member(config, "output_layers");
  if (!outputs.is_array() || outputs.empty()) return true;
  return !outputs.front().is_array() || outputs.size() == 1;
}

}  // namespace

Error another_network(const std::string& found) {
  return {ErrorCode::kFormat,
          "expected an embedding, LSTM layers (tanh) with or without dropout, a dense layer and "
          "softmax; found " +
              found};
}

Result<KerasConfig> read_keras_config(std::string_view text, const std::string& version) {
  const Json json = parse_untrusted_json(text);
  if (!json.is_object()) {
    return Error{ErrorCode::kFormat, "expected the network's configuration as a JSON object"};
  }
  constexpr std::array kModels = {"Sequential", "Functional", "Model"};
  const std::string kind = text_of(json, "class_name");
  if (std::find(kModels.begin(), kModels.end(), kind) == kModels.end()) {
    return another_network("a model of the class " + (kind.empty() ? "(none)" : kind));
  }
  const Json& config = member(json, "config");
  const Json& layers = config.is_array() ? config : member(config, "layers");
  if (!is_chain(config)) return another_network("several outputs");
  LayerReader reader(version);
  for (const Json& layer : layers) {
    if (Status s = reader.read(layer); !s) return s.error();
  }
  return reader.finish();
}

}  // namespace lilt::exchange
