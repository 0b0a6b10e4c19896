#include "infer/weights.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "infer/vector_steps.h"
#include "model/half.h"

namespace lilt::infer {
namespace {

// 1 GiB of the first layer's tables; the shipped model has 6 MB.
constexpr std::size_t kMostFolded = std::size_t{1} << 28;

std::size_t folded_values(const ModelConfig& config) {
  std::size_t values = config.vocabulary;
  for (const FeatureConfig& f : config.features) values += f.values;
  return values;
}

Status check_tables(const ModelConfig& config) {
  const std::size_t columns = (config.gates() + (config.residual ? 1 : 0)) * config.hidden[0];
  const std::size_t values = folded_values(config);
  if (values <= kMostFolded / columns) return success();
  return Error{ErrorCode::kFormat,
               "expected at most " + std::to_string(kMostFolded / columns) +
                   " characters and values of features beside a first layer of " +
                   std::to_string(config.hidden[0]) + ", found " + std::to_string(values)};
}

// With L = kLargestHalf and widths of at most kMaxWidth = W nothing overflows: rows of the folded
// tables add up to no more than (1 + kMaxFeatures) · W · L², what a layer hands on exceeds that by
// at most kMaxLayers, and W · L times that, the largest sum of products, is less than 1e25.
static_assert((1.0 + kMaxFeatures) * kMaxWidth * kLargestHalf * kLargestHalf * kMaxWidth *
                  kLargestHalf <
              1e25);

}  // namespace

FoldedTables::FoldedTables(const ModelConfig& config, std::size_t columns) : columns_(columns) {
  starts_.push_back(0);
  std::size_t values = config.vocabulary;
  for (const FeatureConfig& f : config.features) {
    starts_.push_back(values);
    values += f.values;
  }
  rows_ = make_large_array(values * columns);
}

Result<Weights> Weights::of(const ModelView& model, Precision precision) {
  if (Status s = check_tables(model.config); !s) return s.error();
  const std::size_t count = parameter_layout(model.config).count;
  LargeArray tensors = make_large_array(count);
  const std::span<float> weights(tensors.get(), count);
  model.copy_weights(weights);
  if (precision == Precision::kEightBit) {
    if (Status s = check_weights_fit(model.config, weights, "8 bits", "train the model anew"); !s) {
      return s.error();
    }
  }
  return Weights(model, precision, std::move(tensors));
}

Weights::Weights(const ModelView& model, Precision precision, LargeArray tensors)
    : config_(model.config),
      precision_(precision),
      layout_(parameter_layout(config_)),
      tensors_(std::move(tensors)) {
  input_ = folded(layout_.layers[0].input, config_.gates() * config_.hidden[0]);
  if (config_.residual) skip_ = folded(layout_.skip, config_.hidden[0]);
  for (std::size_t l = 0; l < config_.hidden.size(); ++l) {
    const std::size_t h = config_.hidden[l], columns = config_.gates() * h;
    const LayerOffsets& at = layout_.layers[l];
    layers_.push_back(
        {.input = l == 0 ? Matrix() : matrix(at.input, config_.hidden[l - 1], columns),
         .recurrent = matrix(at.recurrent, h, columns),
         .bias = vector(at.bias, columns),
         .gain = vector(at.gain, config_.layer_normalisation ? columns : 0)});
  }
  dense_ = matrix(layout_.dense_weight, config_.hidden.back(), config_.vocabulary);
  dense_bias_ = vector(layout_.dense_bias, config_.vocabulary);
  if (precision_ == Precision::kEightBit) tensors_.reset();
}

Matrix Weights::matrix(std::size_t offset, std::size_t inner, std::size_t columns) const {
  const float* weights = tensors_.get() + offset;
  if (precision_ == Precision::kSingle) return FloatMatrix{weights, inner, columns};
  return EightBitMatrix(weights, inner, columns);
}

AlignedVector<float> Weights::vector(std::size_t offset, std::size_t count) const {
  return {tensors_.get() + offset, tensors_.get() + offset + count};
}

// The products of all embeddings and the matrix at that offset, each summed as products of its
// precision are.
FoldedTables Weights::folded(std::size_t matrix, std::size_t columns) const {
  FoldedTables tables(config_, columns);
  const auto fill = [&](std::size_t k, std::size_t embedding, std::size_t values,
                        std::size_t width) {
    const float* x = tensors_.get() + embedding;
    const FloatMatrix weights{tensors_.get() + matrix, width, columns};
    if (precision_ == Precision::kSingle) {
      std::fill_n(tables.table(k), values * columns, 0.0F);
      multiply_add(x, values, weights, tables.table(k));
    } else {
      fold(x, values, weights, tables.table(k));
    }
    matrix += width * columns;
  };
  fill(0, layout_.embedding, config_.vocabulary, config_.embedding);
  for (std::size_t k = 0; k < config_.features.size(); ++k) {
    fill(k + 1, layout_.features[k], config_.features[k].values, config_.features[k].width);
  }
  return tables;
}

}  // namespace lilt::infer
