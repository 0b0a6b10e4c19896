#include "train/going_on.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "abc/surroundings.h"
#include "base/file.h"
#include "corpus/learning_text.h"

namespace lilt::train {
namespace {

std::vector<std::string> names_of_features(const ModelConfig& config) {
  std::vector<std::string> names;
  for (const FeatureConfig& feature : config.features) names.push_back(feature.name);
  return names;
}

// What suits going on from a model: a rate well below that with which it was learnt, and few
// passes.
Options options_from(const ModelConfig& model) {
  Options o;
  o.model = model;
  o.features = names_of_features(model);
  o.epochs = 10;
  o.learning_rate = {
      .schedule = Schedule::kCosine, .rate = 0.001, .warm_up = 20, .final_share = 0.1};
  o.optimizer.clip_norm = 1;
  if (model.text.canonical) o.keys = model.text.in_c ? corpus::Keys::kC : corpus::Keys::kUsual;
  return o;
}

template <class T>
Error contradicts(std::string_view field, const T& of_model, const T& wanted) {
  return {ErrorCode::kOption, "`" + std::string(field) + "` is " + value_text(of_model) +
                                  " in the model to go on from, found " + value_text(wanted) +
                                  "; leave it out"};
}

// Features are given by name, or as all of them.
Status check_features(const ModelConfig& model, const Options& options) {
  const auto tables = corpus::feature_tables(options.features);
  if (!tables) return tables.error();
  ModelConfig wanted;
  wanted.features = *tables;
  const std::vector<std::string> names = names_of_features(wanted);
  if (names == names_of_features(model)) return success();
  return contradicts("features", names_of_features(model), names);
}

Status check_network(const ModelConfig& model, const Options& options) {
  Status status = success();
  visit_both(model, options.model, [&](const Field& field, const auto& is, const auto& wanted) {
    const bool may_differ = field.name == "dropout" || field.name == "recurrent_dropout";
    if (status && !may_differ && is != wanted) status = contradicts(field.name, is, wanted);
  });
  if (!status) return status;
  if (model.text.canonical != options.model.text.canonical) {
    return contradicts("canonical", model.text.canonical, options.model.text.canonical);
  }
  if (model.text.in_c != (options.keys == corpus::Keys::kC)) {
    return contradicts("keys", model.text.in_c ? corpus::Keys::kC : corpus::Keys::kUsual,
                       options.keys);
  }
  return check_features(model, options);
}

Result<ModelContents> read_file(const std::string& path) {
  const FileBytes file(path);
  return read_model(file.bytes(), path);
}

}  // namespace

Result<Options> started(Preset preset, const Options& given, const std::set<std::string>& names) {
  if (!names.contains("from")) return with_given(options_of(preset), given, names);
  const Result<ModelContents> base = read_file(given.from);
  if (!base) return base.error();
  Options options = with_given(options_from(base->config), given, names);
  if (Status s = check_network(base->config, options); !s) return s.error();
  return options;
}

Result<std::optional<ModelContents>> read_base(const Options& options) {
  std::optional<ModelContents> base;
  if (options.from.empty()) return base;
  Result<ModelContents> read = read_file(options.from);
  if (!read) return read.error();
  if (Status s = check_network(read->config, options); !s) return s.error();
  base = *std::move(read);
  return base;
}

std::vector<std::string> joined_dialects(std::vector<std::string> collections,
                                         const std::vector<std::string>& known) {
  const std::size_t count = collections.size();
  for (const std::string& name : known) {
    const auto end = collections.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::find(collections.begin(), end, name) == end) collections.push_back(name);
  }
  return collections;
}

std::vector<float> adopted_weights(const ModelContents& base, const ModelConfig& config) {
  std::vector<float> weights = base.weights;
  const ParameterLayout layout = parameter_layout(config);
  const std::vector<std::string>& known = base.config.text.dialects;
  const std::string_view dialect =
      abc::kFeatures[static_cast<std::size_t>(abc::FeatureIndex::kDialect)].name;
  for (std::size_t f = 0; f < config.features.size(); ++f) {
    if (config.features[f].name != dialect || known.empty()) continue;
    const std::size_t width = config.features[f].width;
    const std::size_t begin = layout.features[f] + width;  // behind the row of any dialect
    const std::span<const float> old(base.weights.data() + begin, known.size() * width);
    for (std::size_t d = 0; d < config.text.dialects.size(); ++d) {
      const auto found = std::find(known.begin(), known.end(), config.text.dialects[d]);
      for (std::size_t i = 0; i < width; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < known.size(); ++k) sum += old[k * width + i];
        const auto row = static_cast<std::size_t>(found - known.begin());
        weights[begin + d * width + i] =
            found != known.end() ? old[row * width + i]
                                 : static_cast<float>(sum / static_cast<double>(known.size()));
      }
    }
  }
  return weights;
}

}  // namespace lilt::train
