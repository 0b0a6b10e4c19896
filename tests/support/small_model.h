// Small networks for tests, and the bytes of their files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "model/model_file.h"

namespace lilt::support {

// The vocabulary of the characters of UTF-8 text.
inline Vocabulary vocabulary_of(std::string_view text) { return Vocabulary(*to_code_points(text)); }

// A network with random weights in ±0.5. config.vocabulary is filled in.
inline ModelContents random_model(Vocabulary vocabulary, ModelConfig config,
                                  std::uint64_t seed = 1) {
  config.vocabulary = vocabulary.size();
  ModelContents model{std::move(config), std::move(vocabulary), "{}", {}};
  model.weights.resize(parameter_layout(model.config).count);
  Random random(seed, RandomStream::kInitialize);
  for (float& w : model.weights) w = static_cast<float>(random.uniform() - 0.5);
  return model;
}

inline std::vector<std::byte> join(std::span<const std::span<const std::byte>> chunks) {
  std::vector<std::byte> bytes;
  for (const auto& chunk : chunks) bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  return bytes;
}

inline std::vector<std::byte> file_of(const ModelContents& model,
                                      std::map<std::string, std::string> metadata = {},
                                      std::vector<TensorView> tensors = {}) {
  return join(ModelImage({model.config, model.vocabulary, model.provenance, model.weights,
                          std::move(metadata), std::move(tensors)})
                  .chunks());
}

// The same with the weights of another type.
inline std::vector<std::byte> file_of_type(const ModelContents& model, DataType type) {
  return join(ModelImage({.config = model.config,
                          .vocabulary = model.vocabulary,
                          .provenance = model.provenance,
                          .weights = model.weights,
                          .weight_type = type})
                  .chunks());
}
inline std::vector<std::byte> half_file_of(const ModelContents& model) {
  return file_of_type(model, DataType::kF16);
}

// Makes the checksum of an altered file right again, so that what follows it is checked.
inline void repair_checksum(std::span<std::byte> file) {
  if (file.size() < sizeof(std::uint64_t)) return;
  const auto end = file.last(sizeof(std::uint64_t));
  Checksum checksum;
  checksum.add(file.first(file.size() - end.size()));
  const std::uint64_t value = checksum.value();
  std::memcpy(end.data(), &value, sizeof value);
}

// A file taken apart, to be put together again with something wrong in it.
struct Parts {
  std::map<std::string, std::string> metadata;
  std::vector<TensorView> tensors;  // with the checksum as the last

  TensorView& tensor(const std::string& name) {
    return *std::find_if(tensors.begin(), tensors.end(),
                         [&](const TensorView& tensor) { return tensor.name == name; });
  }
};

inline std::vector<std::byte> altered(const std::vector<std::byte>& file,
                                      const std::function<void(Parts&)>& alter) {
  const auto view = parse_safetensors(file);
  Parts parts{view->metadata, view->tensors};
  alter(parts);
  const std::string header = safetensors_header(parts.metadata, parts.tensors);
  std::vector<std::span<const std::byte>> chunks = {std::as_bytes(std::span(header))};
  for (const TensorView& tensor : parts.tensors) chunks.push_back(tensor.bytes);
  std::vector<std::byte> bytes = join(chunks);
  repair_checksum(bytes);
  return bytes;
}

}  // namespace lilt::support
