// A model's weights, made ready for stepping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "base/large_array.h"
#include "base/result.h"
#include "infer/eight_bit_matrix.h"
#include "infer/float_matrix.h"
#include "model/config.h"
#include "model/model_file.h"
#include "model/vocabulary.h"

namespace lilt::infer {

// Of the matrices. All else is in single precision.
enum class Precision : std::uint8_t {
  kSingle,    // for sampling and measuring
  kEightBit,  // for composing: the same bits on every CPU and in the browser
};

using Matrix = std::variant<FloatMatrix, EightBitMatrix>;

// The folded input: embeddings · their rows of a matrix [C, columns], one row of products for each
// value of each of them: first the characters, then the features.
class FoldedTables {
 public:
  FoldedTables() = default;
  FoldedTables(const ModelConfig& config, std::size_t columns);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] const float* row(std::size_t table, Token value) const {
    return rows_.get() + (starts_[table] + value) * columns_;
  }
  [[nodiscard]] float* table(std::size_t k) { return rows_.get() + starts_[k] * columns_; }

 private:
  std::size_t columns_ = 0;
  std::vector<std::size_t> starts_;  // of each table, in rows
  LargeArray rows_;
};

// Immutable: any number of Engines may share one, in several threads.
class Weights {
 public:
  // In 8 bits, weights of more than kLargestHalf are an error that names the tensor: from smaller
  // ones nothing comes that is not finite. So are, in either precision, features with so many
  // values that the tables of their products are larger than a model needs.
  [[nodiscard]] static Result<Weights> of(const ModelView& model, Precision precision);

  [[nodiscard]] const ModelConfig& config() const { return config_; }
  [[nodiscard]] Precision precision() const { return precision_; }

 private:
  friend class Engine;

  struct Layer {
    Matrix input;  // not of the first, whose input is looked up
    Matrix recurrent;
    AlignedVector<float> bias;
    AlignedVector<float> gain;  // with layer normalisation
  };

  Weights(const ModelView& model, Precision precision, LargeArray tensors);

  [[nodiscard]] Matrix matrix(std::size_t offset, std::size_t inner, std::size_t columns) const;
  [[nodiscard]] FoldedTables folded(std::size_t matrix, std::size_t columns) const;
  [[nodiscard]] AlignedVector<float> vector(std::size_t offset, std::size_t count) const;

  ModelConfig config_;
  Precision precision_;
  ParameterLayout layout_;
  LargeArray tensors_;  // as in tensor_specs(config): what matrices in single precision are part of
  FoldedTables input_;  // [C, GH] of the first layer
  FoldedTables skip_;   // [C, H] past it, with residual connections
  std::vector<Layer> layers_;
  Matrix dense_;
  AlignedVector<float> dense_bias_;
};

}  // namespace lilt::infer
