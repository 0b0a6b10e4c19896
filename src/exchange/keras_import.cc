#include "exchange/keras_import.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "exchange/character_order.h"
#include "exchange/hdf5.h"
#include "exchange/keras_weights.h"
#include "exchange/zip_archive.h"
#include "model/half.h"
#include "model/untrusted_json.h"

namespace lilt::exchange {
namespace {

using Shape = std::vector<std::size_t>;
using Arrays = std::span<const Hdf5Array* const>;

constexpr std::size_t kArraysOfLstm = 3;        // kernel, recurrent_kernel, bias
constexpr std::size_t kArraysOfFirstLstm = 12;  // of Keras 1: W, U, b of i, c, f, o
constexpr std::array<std::size_t, 4> kGatesOfFirst = {0, 2, 1, 3};  // i, c, f, o → i, f, g, o

// What a file has, before its numbers are read.
struct KerasFile {
  std::string version, config;      // empty where the file does not tell them
  std::vector<std::byte> unpacked;  // holds the weights where they were compressed
  Hdf5Object weights;
};

std::string version_in(std::string_view metadata) {
  const nlohmann::json json = parse_untrusted_json(metadata);
  if (!json.is_object() || !json.contains("keras_version")) return {};
  const nlohmann::json& version = json["keras_version"];
  return version.is_string() ? version.get<std::string>() : std::string();
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<KerasFile> open_archive(std::span<const std::byte> file) {
  const Result<ZipArchive> archive = ZipArchive::open(file);
  if (!archive) return archive.error();
  const Result<ZipEntry> config = archive->read("config.json");
  if (!config) return config.error();
  Result<ZipEntry> weights = archive->read("model.weights.h5");
  if (!weights) return weights.error();
  KerasFile found;
  if (const Result<ZipEntry> metadata = archive->read("metadata.json")) {
    found.version = version_in(as_text(metadata->bytes()));
  }
  found.config = as_text(config->bytes());
  Result<Hdf5Object> tree = read_hdf5(weights->bytes());
  if (!tree) return tree.error();
  found.weights = *std::move(tree);
  found.unpacked = std::move(weights->unpacked);
  return found;
}

Result<KerasFile> open_hdf5(std::span<const std::byte> file) {
  Result<Hdf5Object> tree = read_hdf5(file);
  if (!tree) return tree.error();
  KerasFile found;
  found.weights = *std::move(tree);
  found.version = found.weights.text("keras_version").value_or("");
  found.config = found.weights.text("model_config").value_or("");
  return found;
}

Result<KerasFile> open_keras(std::span<const std::byte> file) {
  if (is_hdf5(file)) return open_hdf5(file);
  if (is_zip(file)) return open_archive(file);
  return Error{ErrorCode::kFormat, "is no network of Keras (.h5, .weights.h5, .keras)"};
}

std::string shown(const KerasLayer& layer) {
  std::string text = "the layer " + layer.name + " with weights";
  for (const Hdf5Array* array : layer.weights) {
    text += array == layer.weights.front() ? " [" : ", [";
    for (std::size_t i = 0; i < array->shape.size(); ++i) {
      text += (i == 0 ? "" : ", ") + std::to_string(array->shape[i]);
    }
    text += "]";
  }
  return text + (layer.weights.empty() ? ": none" : "");
}

bool has_shapes(Arrays arrays, std::initializer_list<Shape> shapes) {
  return std::equal(
      arrays.begin(), arrays.end(), shapes.begin(), shapes.end(),
      [](const Hdf5Array* array, const Shape& shape) { return array->shape == shape; });
}

// H of an LSTM layer whose input is C wide; 0 for another layer.
std::size_t hidden_width(const KerasLayer& layer, std::size_t c) {
  const Arrays arrays = layer.weights;
  if (arrays.size() == kArraysOfLstm && arrays[1]->shape.size() == 2) {
    const std::size_t h = arrays[1]->shape[0];
    return h <= kMaxWidth && has_shapes(arrays, {{c, 4 * h}, {h, 4 * h}, {4 * h}}) ? h : 0;
  }
  if (arrays.size() != kArraysOfFirstLstm || arrays[1]->shape.size() != 2) return 0;
  const std::size_t h = arrays[1]->shape[0];
  for (std::size_t k = 0; k < arrays.size(); k += 3) {
    if (!has_shapes(arrays.subspan(k, 3), {{c, h}, {h, h}, {h}})) return 0;
  }
  return h;
}

// Every array in one piece, of numbers.
Status check_arrays(const std::vector<KerasLayer>& layers) {
  for (const KerasLayer& layer : layers) {
    for (const Hdf5Array* array : layer.weights) {
      if (!array->is_in_one_piece || !array->type) {
        return Error{ErrorCode::kFormat, "expected weights as plain floating-point numbers in " +
                                             shown(layer) + ", found others"};
      }
    }
  }
  return success();
}

// The widths of an embedding, LSTM layers and a dense layer.
Result<ModelConfig> config_of(const std::vector<KerasLayer>& layers) {
  if (layers.size() < 3) {
    return another_network(std::to_string(layers.size()) + " layers with weights");
  }
  ModelConfig config;
  config.hidden.clear();
  const KerasLayer &embedding = layers.front(), &dense = layers.back();
  if (embedding.weights.size() != 1 || embedding.weights[0]->shape.size() != 2) {
    return another_network(shown(embedding));
  }
  config.vocabulary = embedding.weights[0]->shape[0];
  config.embedding = embedding.weights[0]->shape[1];
  for (std::size_t l = 1; l + 1 < layers.size(); ++l) {
    const std::size_t h = hidden_width(layers[l], config.input_width(l - 1));
    if (h == 0) return another_network(shown(layers[l]));
    config.hidden.push_back(h);
  }
  if (!has_shapes(dense.weights,
                  {{config.hidden.back(), config.vocabulary}, {config.vocabulary}})) {
    return another_network(shown(dense));
  }
  if (Status s = validate(config); !s) return s.error();
  if (Status s = check_arrays(layers); !s) return s.error();
  return config;
}

Result<KerasGates> gates_of(const std::optional<KerasConfig>& told, const KerasOptions& options) {
  if (!told) {
    if (options.gate_activation) return *options.gate_activation;
    return Error{ErrorCode::kOption,
                 "expected `gate_activation` sigmoid or hard_sigmoid, because the file has weights "
                 "alone; Keras 1, and Keras 2 before 2.3, took hard_sigmoid unless told "
                 "otherwise, later ones sigmoid"};
  }
  if (options.gate_activation.value_or(told->gates) != told->gates) {
    return Error{ErrorCode::kOption, "expected no `gate_activation`, or " +
                                         std::string(name_of(told->gates)) +
                                         " as the file tells it"};
  }
  return told->gates;
}

std::vector<float> numbers(const Hdf5Array& array) {
  std::vector<float> floats(array.bytes.size() / bytes_per_element(*array.type));
  if (*array.type == DataType::kF16) {
    from_halves(array.bytes, floats);
  } else if (*array.type == DataType::kF32) {
    std::memcpy(floats.data(), array.bytes.data(), array.bytes.size());
  } else {
    for (std::size_t i = 0; i < floats.size(); ++i) {
      double number = 0;
      std::memcpy(&number, array.bytes.data() + i * sizeof number, sizeof number);
      // Beyond what a float holds: refused later, as what is not finite.
      floats[i] = std::abs(number) <= std::numeric_limits<float>::max()
                      ? static_cast<float>(number)
                      : std::numeric_limits<float>::infinity();
    }
  }
  return floats;
}

// Keras 3's hard sigmoid of x is the other one of 5/6 x.
constexpr float kToHardSigmoid = 5.0F / 6.0F;

// Puts the weights where tensor_specs() has them.
class Filler {
 public:
  Filler(ModelContents& model, std::span<const char32_t> characters, bool scale_gates)
      : model_(model), layout_(parameter_layout(model.config)), scale_gates_(scale_gates) {
    for (const char32_t c : characters) tokens_.push_back(model.vocabulary.token(c));
  }

  void fill(const std::vector<KerasLayer>& layers) {
    const std::size_t e = model_.config.embedding, v = model_.config.vocabulary;
    const std::vector<float> embedding = numbers(*layers.front().weights[0]);
    for (std::size_t i = 0; i < v; ++i) {
      std::copy_n(embedding.data() + i * e, e, at(layout_.embedding + tokens_[i] * e));
    }
    for (std::size_t l = 0; l < model_.config.hidden.size(); ++l) fill_lstm(l, layers[l + 1]);
    const std::vector<float> weight = numbers(*layers.back().weights[0]),
                             bias = numbers(*layers.back().weights[1]);
    for (std::size_t k = 0; k < weight.size(); ++k) {
      *at(layout_.dense_weight + k / v * v + tokens_[k % v]) = weight[k];
    }
    for (std::size_t i = 0; i < v; ++i) *at(layout_.dense_bias + tokens_[i]) = bias[i];
  }

 private:
  void fill_lstm(std::size_t l, const KerasLayer& layer) {
    const std::size_t h = model_.config.hidden[l];
    const LayerOffsets& offsets = layout_.layers[l];
    const std::array<std::size_t, 3> places = {offsets.input, offsets.recurrent, offsets.bias};
    for (std::size_t k = 0; k < layer.weights.size(); ++k) {
      const bool is_whole = layer.weights.size() == kArraysOfLstm;
      const std::size_t width = is_whole ? 4 * h : h;
      const std::size_t gate = is_whole ? 0 : kGatesOfFirst[k / 3];
      const std::vector<float> from = numbers(*layer.weights[k]);
      for (std::size_t j = 0; j < from.size(); ++j) {
        const std::size_t column = gate * h + j % width;
        const bool is_squashed = column / h != 2;  // i, f and o
        *at(places[k % 3] + j / width * 4 * h + column) =
            scale_gates_ && is_squashed ? from[j] * kToHardSigmoid : from[j];
      }
    }
  }

  float* at(std::size_t offset) { return model_.weights.data() + offset; }

  ModelContents& model_;
  ParameterLayout layout_;
  bool scale_gates_;
  std::vector<Token> tokens_;  // of each of Keras's numbers
};

Status check_finite(const ModelContents& model) {
  for (const TensorSpec& spec : tensor_specs(model.config)) {
    for (std::size_t i = 0; i < spec.size(); ++i) {
      if (std::isfinite(model.weights[spec.offset + i])) continue;
      return Error{ErrorCode::kNumeric,
                   "tensor " + spec.name + ": expected finite weights, found one that is not"};
    }
  }
  return success();
}

}  // namespace

Result<ImportedNetwork> import_keras(std::span<const std::byte> bytes, std::string_view characters,
                                     const KerasOptions& options) {
  const Result<KerasFile> file = open_keras(bytes);
  if (!file) return file.error();
  std::optional<KerasConfig> told;
  if (!file->config.empty()) {
    const Result<KerasConfig> found = read_keras_config(file->config, file->version);
    if (!found) return found.error();
    told = *found;
  }
  const Result<std::vector<KerasLayer>> layers = read_keras_weights(file->weights);
  if (!layers) return layers.error();
  Result<ModelConfig> config = config_of(*layers);
  if (!config) return config.error();
  if (told && told->lstm_layers != config->hidden.size()) {
    return another_network(std::to_string(config->hidden.size()) + " LSTM layers with weights of " +
                           std::to_string(told->lstm_layers));
  }
  const Result<KerasGates> gates = gates_of(told, options);
  if (!gates) return gates.error();
  if (told) config->dropout = told->dropout;
  if (*gates != KerasGates::kSigmoid) config->gate_activation = GateActivation::kHardSigmoid;

  Result<std::vector<char32_t>> order = read_character_order(characters, config->vocabulary);
  if (!order) {
    Error error = order.error();
    error.place.source = kCharactersSource;
    return error;
  }
  ImportedNetwork network{{*std::move(config), Vocabulary(*order), "{}", {}}, file->version};
  network.model.weights.resize(parameter_layout(network.model.config).count);
  Filler(network.model, *order, *gates == KerasGates::kHardSigmoid3).fill(*layers);
  if (Status s = check_finite(network.model); !s) return s.error();
  return network;
}

}  // namespace lilt::exchange
