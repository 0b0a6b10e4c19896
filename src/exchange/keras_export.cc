#include "exchange/keras_export.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/zip.h"
#include "exchange/hdf5_writer.h"

namespace lilt::exchange {
namespace {

using Json = nlohmann::ordered_json;

// What the files say they come from: the first of the versions that write so.
constexpr const char *kSecond = "2.12.0", *kThird = "3.0.0";
// Of a file in a ZIP archive, and room for what is about the weights.
constexpr std::size_t kMostOfArchive = (std::size_t{4} << 30) - (std::size_t{16} << 20);
// The other way round in keras_import.cc.
constexpr float kFromHardSigmoid = 6.0F / 5.0F;

std::optional<std::string> what_keras_lacks(const ModelConfig& config) {
  if (!config.features.empty()) return "features";
  if (config.residual) return "residual connections";
  if (config.coupled_gates) return "coupled gates";
  if (config.layer_normalisation) return "layer normalisation";
  return std::nullopt;
}

std::string numbered(const std::string& kind, std::size_t n) {
  return n == 0 ? kind : kind + "_" + std::to_string(n);
}

Json layer(const char* kind, const std::string& name, Json config) {
  config["name"] = name;
  return {{"module", "keras.layers"},
          {"class_name", kind},
          {"config", std::move(config)},
          {"registered_name", nullptr}};
}

// A network as Keras 2 and 3 both read it.
std::string description(const ModelConfig& config) {
  Json layers = Json::array();
  layers.push_back(layer("InputLayer", "input_layer",
                         {{"batch_input_shape", {nullptr, nullptr}}, {"dtype", "float32"}}));
  layers.push_back(layer("Embedding", "embedding",
                         {{"input_dim", config.vocabulary}, {"output_dim", config.embedding}}));
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    layers.push_back(layer("LSTM", numbered("lstm", l),
                           {{"units", config.hidden[l]},
                            {"activation", "tanh"},
                            {"recurrent_activation", name_of(config.gate_activation)},
                            {"return_sequences", true}}));
    layers.push_back(layer("Dropout", numbered("dropout", l), {{"rate", config.dropout}}));
  }
  const Json dense =
      layer("Dense", "dense", {{"units", config.vocabulary}, {"activation", "linear"}});
  layers.push_back(layer("TimeDistributed", "time_distributed", {{"layer", dense}}));
  layers.push_back(layer("Activation", "activation", {{"activation", "softmax"}}));
  return Json{{"module", "keras"},
              {"class_name", "Sequential"},
              {"config", {{"name", "sequential"}, {"layers", layers}}},
              {"registered_name", nullptr}}
      .dump();
}

// Puts weights into groups, under names that the format gives them.
class WeightWriter {
 public:
  WeightWriter(const ModelConfig& config, std::span<const float> weights, KerasFormat format)
      : config_(config),
        layout_(parameter_layout(config)),
        weights_(weights),
        scale_gates_(config.gate_activation == GateActivation::kHardSigmoid &&
                     format != KerasFormat::kNetwork) {}

  void put_embedding(Hdf5Part& group, const char* name) const {
    put(group, name, layout_.embedding, {config_.vocabulary, config_.embedding});
  }
  void put_lstm(Hdf5Part& group, std::size_t l, std::span<const char* const, 3> names) const {
    const std::size_t h = config_.hidden[l], c = config_.input_width(l);
    const LayerOffsets& at = layout_.layers[l];
    put(group, names[0], at.input, {c, 4 * h}, h);
    put(group, names[1], at.recurrent, {h, 4 * h}, h);
    put(group, names[2], at.bias, {4 * h}, h);
  }
  void put_dense(Hdf5Part& group, std::span<const char* const, 2> names) const {
    put(group, names[0], layout_.dense_weight, {config_.hidden.back(), config_.vocabulary});
    put(group, names[1], layout_.dense_bias, {config_.vocabulary});
  }

 private:
  // An array; `h` is the width of each of its four gates, or 0.
  void put(Hdf5Part& group, const char* name, std::size_t offset, std::vector<std::size_t> shape,
           std::size_t h = 0) const {
    std::size_t count = 1;
    for (const std::size_t size : shape) count *= size;
    const std::span<const float> from = weights_.subspan(offset, count);
    std::vector<float> numbers(from.begin(), from.end());
    for (std::size_t j = 0; h != 0 && scale_gates_ && j < count; ++j) {
      if (j / h % 4 != 2) numbers[j] *= kFromHardSigmoid;  // i, f and o
    }
    group.add_array(name, std::move(shape), std::move(numbers));
  }

  const ModelConfig& config_;
  ParameterLayout layout_;
  std::span<const float> weights_;
  bool scale_gates_;
};

// Layers by kind, as Keras 3 has them.
Hdf5Part numbered_layers(const ModelConfig& config, const WeightWriter& writer) {
  constexpr std::array kNames = {"0", "1", "2"};
  Hdf5Part root;
  root.group("vars");
  Hdf5Part& layers = root.group("layers");
  writer.put_embedding(layers.group("embedding").group("vars"), kNames[0]);
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    layers.group(numbered("dropout", l)).group("vars");
    Hdf5Part& lstm = layers.group(numbered("lstm", l));
    lstm.group("vars");
    writer.put_lstm(lstm.group("cell").group("vars"), l, kNames);
  }
  layers.group("activation").group("vars");
  Hdf5Part& dense = layers.group("time_distributed");
  dense.group("vars");
  writer.put_dense(dense.group("layer").group("vars"), std::span(kNames).first<2>());
  return root;
}

// A layer whose weights are told in their order.
Hdf5Part& add_named(Hdf5Part& group, const std::string& name, std::vector<std::string> weights) {
  Hdf5Part& layer = group.group(name);
  layer.add_texts("weight_names", std::move(weights));
  return layer;
}

// The network and its weights by name, as Keras 2 has them.
Hdf5Part named_layers(const ModelConfig& config, const WeightWriter& writer) {
  constexpr std::array kEmbedding = {"embeddings:0"};
  constexpr std::array kLstm = {"kernel:0", "recurrent_kernel:0", "bias:0"};
  constexpr std::array kDense = {"kernel:0", "bias:0"};
  Hdf5Part root;
  Hdf5Part& weights = root.group("model_weights");
  for (Hdf5Part* part : {&root, &weights}) {
    part->add_text("backend", "tensorflow");
    part->add_text("keras_version", kSecond);
  }
  root.add_text("model_config", description(config));
  std::vector<std::string> names = {"embedding"};
  writer.put_embedding(add_named(weights, "embedding", {kEmbedding[0]}), kEmbedding[0]);
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    names.push_back(numbered("lstm", l));
    writer.put_lstm(add_named(weights, names.back(), {kLstm.begin(), kLstm.end()}), l, kLstm);
    names.push_back(numbered("dropout", l));
    add_named(weights, names.back(), {});
  }
  names.insert(names.end(), {"time_distributed", "activation"});
  writer.put_dense(add_named(weights, "time_distributed", {kDense.begin(), kDense.end()}), kDense);
  add_named(weights, "activation", {});
  weights.add_texts("layer_names", std::move(names));
  return root;
}

std::string archive_of(const ModelConfig& config, const WeightWriter& writer) {
  std::string archive;
  ZipWriter zip([&](std::string_view piece) { archive += piece; });
  constexpr std::int64_t kNoTime = 0;  // the same network, the same bytes
  zip.add("metadata.json", Json{{"keras_version", kThird}}.dump(), kNoTime);
  zip.add("config.json", description(config), kNoTime);
  zip.add("model.weights.h5", write_hdf5(numbered_layers(config, writer)), kNoTime);
  zip.finish();
  return archive;
}

}  // namespace

std::optional<KerasFormat> keras_format(std::string_view file_name) {
  if (file_name.ends_with(".keras")) return KerasFormat::kArchive;
  if (file_name.ends_with(".weights.h5")) return KerasFormat::kWeights;
  if (file_name.ends_with(".h5")) return KerasFormat::kNetwork;
  return std::nullopt;
}

Result<std::string> export_keras(const ModelConfig& config, std::span<const float> weights,
                                 KerasFormat format) {
  if (const auto lack = what_keras_lacks(config)) {
    return Error{ErrorCode::kFormat,
                 "expected a network that Keras has layers for (embedding, LSTM, dense), found " +
                     *lack + "; `onnx` takes it"};
  }
  if (format == KerasFormat::kArchive && weights.size_bytes() > kMostOfArchive) {
    return Error{ErrorCode::kFormat, "expected weights of less than 4 GiB for a .keras, found " +
                                         grouped(weights.size_bytes()) +
                                         " bytes; a .weights.h5 takes them"};
  }
  const WeightWriter writer(config, weights, format);
  switch (format) {
    case KerasFormat::kArchive:
      return archive_of(config, writer);
    case KerasFormat::kWeights:
      return write_hdf5(numbered_layers(config, writer));
    default:
      return write_hdf5(named_layers(config, writer));
  }
}

std::string character_numbers(const Vocabulary& vocabulary) {
  Json numbers = Json::object();
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    std::string character;
    append_utf8(character, vocabulary.characters()[i]);
    numbers[character] = i;
  }
  return numbers.dump() + "\n";
}

}  // namespace lilt::exchange
