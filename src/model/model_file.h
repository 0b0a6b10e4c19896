// The model file: one safetensors file that holds weights, configuration, vocabulary and
// provenance, and in a checkpoint what resuming needs besides. docs/model-file.md describes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/config.h"
#include "model/safetensors.h"
#include "model/vocabulary.h"

namespace lilt {

struct ModelContents {
  ModelConfig config;
  Vocabulary vocabulary;
  std::string provenance = "{}";  // JSON: how it was trained
  std::vector<float> weights;     // the tensors of tensor_specs(config), one after another
};

// A Model as it lies in a file: the weights and any further tensors are views into the bytes.
struct ModelView {
  ModelConfig config;
  Vocabulary vocabulary;
  std::string provenance;
  SafetensorsView file;

  // F32 or F16 when that is the type of all weights in the file; I8 when that is the type of those
  // that composing has in 8 bits, and F16 that of all others.
  [[nodiscard]] std::optional<DataType> weight_type() const;

  // The tensors besides the weights and the checksum.
  [[nodiscard]] std::vector<TensorView> further_tensors() const;

  // Copies the weights into `weights` (parameter_layout(config).count floats). Halves become
  // floats of the same value, what is in 8 bits those that stand for it.
  void copy_weights(std::span<float> weights) const;
};

// Checks everything: container, checksum, format, configuration, that every tensor has the shape
// the configuration asks for, that all weights are finite. `source` names the file in errors.
[[nodiscard]] Result<ModelView> view_model(std::span<const std::byte> file,
                                           const std::string& source);

// view_model() and a copy of the weights.
[[nodiscard]] Result<ModelContents> read_model(std::span<const std::byte> file,
                                               const std::string& source);

// What a file is made of. The spans must outlive the ModelImage made from it.
struct ModelParts {
  const ModelConfig& config;
  const Vocabulary& vocabulary;
  const std::string& provenance;
  std::span<const float> weights;
  std::map<std::string, std::string> metadata = {};  // further entries
  std::vector<TensorView> tensors = {};              // further tensors
  // Or kF16: each weight becomes the nearest half. Or kI8: those that composing has in 8 bits are
  // rounded so then, which changes no composed tune.
  DataType weight_type = DataType::kF32;
};

// Whether the type that was chosen can hold the weights: a half no more than ±kLargestHalf.
[[nodiscard]] Status check_weights_fit(const ModelParts& parts);

// Refuses weights (those of tensor_specs(config)) beyond ±kLargestHalf and what is no number. The
// error names the tensor, what the weights are for, and what to do.
[[nodiscard]] Status check_weights_fit(const ModelConfig& config, std::span<const float> weights,
                                       const std::string& purpose, const std::string& advice);

// A file ready to be written: the chunks, one after another, are its bytes.
class ModelImage {
 public:
  // check_weights_fit(parts) must have succeeded.
  explicit ModelImage(const ModelParts& parts);
  ModelImage(const ModelImage&) = delete;
  ModelImage& operator=(const ModelImage&) = delete;

  [[nodiscard]] std::span<const std::span<const std::byte>> chunks() const { return chunks_; }

 private:
  void add_weights(const ModelParts& parts, std::vector<TensorView>& tensors);
  void add_halves(const std::string& name, const std::vector<std::size_t>& shape,
                  std::span<const float> weights, std::vector<TensorView>& tensors);
  void add_eight_bits(const TensorSpec& spec, std::span<const float> weights,
                      std::vector<TensorView>& tensors);

  std::string header_;
  std::vector<std::vector<std::byte>> rounded_;  // the weights, when they are written otherwise
  std::uint64_t checksum_ = 0;
  std::vector<std::span<const std::byte>> chunks_;
};

// The checksum kept in the file's last 8 bytes, over all bytes before them: the sum modulo 2^64 of
// (word_i xor word_i / 2^32) · (2i + 1) and of the length in bytes. Words are little-endian 64-bit
// numbers, the last one filled up with zeros. Any change of a single word changes it.
class Checksum {
 public:
  void add(std::span<const std::byte> bytes);
  [[nodiscard]] std::uint64_t value() const;

 private:
  void add_word(std::uint64_t word);

  std::uint64_t sum_ = 0, words_ = 0, length_ = 0;
  std::array<std::byte, 8> partial_{};
  std::size_t partial_bytes_ = 0;
};

}  // namespace lilt
