#include "model/config.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>

#include "base/text.h"

namespace lilt {
namespace {

Error bad_option(std::string message) { return {ErrorCode::kOption, std::move(message)}; }

Status validate_width(std::string_view what, std::size_t width) {
  if (width >= 1 && width <= kMaxWidth) return success();
  return bad_option("expected a width of 1 to " + std::to_string(kMaxWidth) + " for " +
                    std::string(what) + ", found " + std::to_string(width));
}

Status validate_text(const TextConfig& text) {
  if (text.dialects.size() <= kMaxDialects) return success();
  return bad_option("expected at most " + std::to_string(kMaxDialects) + " dialects, found " +
                    std::to_string(text.dialects.size()));
}

// Such names can be shown to a terminal as they are.
bool is_feature_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Status validate_features(const ModelConfig& config) {
  if (config.features.size() > kMaxFeatures) {
    return bad_option("expected at most " + std::to_string(kMaxFeatures) + " features, found " +
                      std::to_string(config.features.size()));
  }
  if (!config.features.empty() && !config.text.canonical) {
    return bad_option("expected features only beside canonical text");
  }
  for (std::size_t i = 0; i < config.features.size(); ++i) {
    const FeatureConfig& feature = config.features[i];
    if (!is_feature_name(feature.name)) {
      return bad_option("expected features named by 1 to 32 small letters, digits and hyphens");
    }
    const std::string what = "the feature " + feature.name;
    if (Status s = validate_width("the values of " + what, feature.values); !s) return s;
    if (Status s = validate_width(what, feature.width); !s) return s;
    const auto same = [&](const FeatureConfig& other) { return other.name == feature.name; };
    const auto here = config.features.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::any_of(config.features.begin(), here, same)) {
      return bad_option("expected each feature once, found " + feature.name + " twice");
    }
  }
  return success();
}

std::string shape_text(std::size_t batch, std::size_t steps, std::size_t width) {
  const auto dimension = [](std::size_t n) {
    return n == 0 ? std::string("-") : std::to_string(n);
  };
  return "(" + dimension(batch) + ", " + dimension(steps) + ", " + std::to_string(width) + ")";
}

constexpr std::size_t kLayer = 26, kShape = 20, kParameters = 14;  // least widths of columns

// A line of the layer table, its first column so wide: the first two to the left, the parameters
// to the right.
std::string table_line(std::size_t width, std::string layer, std::string shape,
                       const std::string& parameters) {
  layer.resize(width, ' ');
  shape.resize(std::max(shape.size(), kShape), ' ');
  const std::string space(kParameters - std::min(parameters.size(), kParameters), ' ');
  return layer + shape + space + parameters + "\n";
}

}  // namespace

std::size_t ModelConfig::input_width(std::size_t layer) const {
  if (layer > 0) return hidden[layer - 1];
  return std::accumulate(
      features.begin(), features.end(), embedding,
      [](std::size_t sum, const FeatureConfig& feature) { return sum + feature.width; });
}

Status validate(const ModelConfig& config) {
  if (Status s = validate_width("the vocabulary", config.vocabulary); !s) return s;
  if (Status s = check_fields(config); !s) return s;
  if (config.hidden.empty() || config.hidden.size() > kMaxLayers) {
    return bad_option("expected 1 to " + std::to_string(kMaxLayers) + " LSTM layers, found " +
                      std::to_string(config.hidden.size()));
  }
  const auto& hidden = config.hidden;
  if (config.residual &&
      std::adjacent_find(hidden.begin(), hidden.end(), std::not_equal_to<>()) != hidden.end()) {
    return bad_option("expected layers of one width for residual connections");
  }
  if (Status s = validate_text(config.text); !s) return s;
  return validate_features(config);
}

std::size_t TensorSpec::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

Result<std::uint8_t> find_dialect(const TextConfig& text, const std::string& name) {
  if (name == kAnyDialect) return std::uint8_t{0};
  if (name.empty()) return static_cast<std::uint8_t>(text.dialects.empty() ? 0 : 1);
  const auto found = std::find(text.dialects.begin(), text.dialects.end(), name);
  if (found != text.dialects.end()) {
    return static_cast<std::uint8_t>(1 + (found - text.dialects.begin()));
  }
  std::string known;
  for (const std::string& dialect : text.dialects) known += (known.empty() ? "" : ", ") + dialect;
  return Error{ErrorCode::kOption,
               "expected a dialect of the model (" + (known.empty() ? "it has none" : known) +
                   ") or any, found \"" + name + "\"",
               {.field = "dialect"}};
}

std::vector<TensorSpec> tensor_specs(const ModelConfig& config) {
  std::vector<TensorSpec> specs;
  std::size_t offset = 0;
  const auto add = [&](std::string name, std::vector<std::size_t> shape,
                       bool is_in_eight_bits = false) {
    specs.push_back({std::move(name), std::move(shape), offset, is_in_eight_bits});
    offset += specs.back().size();
  };
  add("embedding", {config.vocabulary, config.embedding});
  for (const FeatureConfig& feature : config.features) {
    add("feature." + feature.name, {feature.values, feature.width});
  }
  if (config.residual) add("skip", {config.input_width(0), config.hidden[0]});
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    const std::string layer = "lstm." + std::to_string(l);
    const std::size_t gates = config.gates() * config.hidden[l];
    add(layer + ".input", {config.input_width(l), gates}, l > 0);
    add(layer + ".recurrent", {config.hidden[l], gates}, true);
    add(layer + ".bias", {gates});
    if (config.layer_normalisation) add(layer + ".gain", {gates});
  }
  add("dense.weight", {config.hidden.back(), config.vocabulary}, true);
  add("dense.bias", {config.vocabulary});
  return specs;
}

ParameterLayout parameter_layout(const ModelConfig& config) {
  const std::vector<TensorSpec> specs = tensor_specs(config);
  ParameterLayout layout;
  auto spec = specs.begin();
  const auto next = [&spec] { return (spec++)->offset; };
  layout.embedding = next();
  for (std::size_t i = 0; i < config.features.size(); ++i) layout.features.push_back(next());
  if (config.residual) layout.skip = next();
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    LayerOffsets& layer = layout.layers.emplace_back();
    layer.input = next();
    layer.recurrent = next();
    layer.bias = next();
    if (config.layer_normalisation) layer.gain = next();
  }
  layout.dense_weight = next();
  layout.dense_bias = next();
  assert(spec == specs.end());
  layout.count = specs.back().offset + specs.back().size();
  return layout;
}

std::size_t matrix_weights(const ModelConfig& config) {
  std::size_t weights = config.hidden.back() * config.vocabulary;
  if (config.residual) weights += config.input_width(0) * config.hidden[0];
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    weights += (config.input_width(l) + config.hidden[l]) * config.gates() * config.hidden[l];
  }
  return weights;
}

std::vector<LayerRow> layer_table(const ModelConfig& config, std::size_t batch, std::size_t steps) {
  std::vector<LayerRow> rows;
  rows.push_back({"embedding (Embedding)", shape_text(batch, steps, config.embedding),
                  config.vocabulary * config.embedding});
  for (const FeatureConfig& feature : config.features) {
    rows.push_back({feature.name + " (Embedding)", shape_text(batch, steps, feature.width),
                    feature.values * feature.width});
  }
  if (config.residual) {
    rows.push_back({"skip (Dense)", shape_text(batch, steps, config.hidden[0]),
                    config.input_width(0) * config.hidden[0]});
  }
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    const std::size_t h = config.hidden[l];
    const std::string number = std::to_string(l + 1);
    const std::string shape = shape_text(batch, steps, h);
    const std::size_t rows_of_weights =
        config.input_width(l) + h + (config.layer_normalisation ? 2 : 1);
    rows.push_back({"lstm_" + number + " (LSTM)", shape, rows_of_weights * config.gates() * h});
    rows.push_back({"dropout_" + number + " (Dropout)", shape, 0});
  }
  const std::string shape = shape_text(batch, steps, config.vocabulary);
  rows.push_back({"dense (Dense)", shape, (config.hidden.back() + 1) * config.vocabulary});
  rows.push_back({"activation (Softmax)", shape, 0});
  return rows;
}

std::string layer_table_text(const ModelConfig& config, std::size_t batch, std::size_t steps) {
  const std::vector<LayerRow> rows = layer_table(config, batch, steps);
  std::size_t width = kLayer;
  for (const LayerRow& row : rows) width = std::max(width, row.layer.size() + 1);
  const std::string rule(width + kShape + kParameters, '-');
  std::string text = table_line(width, "Layer", "Output shape", "Parameters") + rule + "\n";
  std::size_t total = 0;
  for (const LayerRow& row : rows) {
    text += table_line(width, row.layer, row.output_shape, grouped(row.parameters));
    total += row.parameters;
  }
  return text + rule + "\nTotal parameters: " + grouped(total) +
         "\nTrainable parameters: " + grouped(total) + "\nNon-trainable parameters: 0";
}

}  // namespace lilt
