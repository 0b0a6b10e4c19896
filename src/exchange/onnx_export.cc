#include "exchange/onnx_export.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/text.h"
#include "exchange/onnx_graph.h"
#include "model/field_json.h"

namespace lilt::exchange {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBytes = std::size_t{2} << 30;
constexpr const char *kTexts = "N", *kSteps = "T";  // sizes that are free

std::string hidden_name(std::size_t layer) { return "state." + std::to_string(layer) + ".hidden"; }
std::string cell_name(std::size_t layer) { return "state." + std::to_string(layer) + ".cell"; }
// The input of a feature, and its table, which the model file calls as the input is called here.
const std::string kFeature = "feature.", kTable = "table.";
std::string feature_name(const FeatureConfig& feature) { return kFeature + feature.name; }
std::string table_name(const FeatureConfig& feature) { return kTable + feature.name; }

// What goes into one step, or comes out of it, under these names. A window has the same, once more
// around its Scan.
struct StepNames {
  std::string before;  // each of them

  [[nodiscard]] std::string tokens() const { return before + "tokens"; }
  [[nodiscard]] std::string of(const std::string& name) const { return before + name; }
  [[nodiscard]] std::string next(const std::string& name) const { return before + "next." + name; }
  [[nodiscard]] std::string logits() const { return before + "logits"; }
};

// The names of all states, layer by layer.
std::vector<std::string> state_names(const ModelConfig& config) {
  std::vector<std::string> names;
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    names.push_back(hidden_name(l));
    names.push_back(cell_name(l));
  }
  return names;
}

// The nodes of one step. Their constants are in another graph, the one around them or the same.
class Step {
 public:
  Step(const ModelConfig& config, StepNames names, OnnxGraph& graph)
      : config_(config), names_(std::move(names)), graph_(graph) {}

  void add() {
    std::string below = embedded();
    std::string handed_on;
    for (std::size_t l = 0; l < config_.hidden.size(); ++l) {
      const std::string h = add_layer(l, below);
      if (config_.residual) {
        const std::string past = l == 0 ? graph_.value("MatMul", {below, "skip"}) : handed_on;
        handed_on = graph_.value("Add", {past, h});
      } else {
        handed_on = h;
      }
      below = handed_on;
    }
    const std::string product = graph_.value("MatMul", {handed_on, "dense.weight"});
    graph_.add_node("Add", {product, "dense.bias"}, {names_.logits()});
  }

 private:
  // [N, C]: rows of the embedding and of the features' tables, side by side.
  std::string embedded() {
    std::vector<std::string> parts = {graph_.value("Gather", {"embedding", names_.tokens()})};
    for (const FeatureConfig& f : config_.features) {
      const std::string name = feature_name(f);
      parts.push_back(graph_.value("Gather", {table_name(f), names_.of(name)}));
    }
    if (parts.size() == 1) return parts.front();
    return graph_.value("Concat", parts, {OnnxAttribute::of("axis", std::int64_t{1})});
  }

  // The new hidden state [N, H] of a layer that reads `x`.
  std::string add_layer(std::size_t l, const std::string& x) {
    const std::string prefix = "lstm." + std::to_string(l) + ".";
    const std::vector<std::string> z = gate_sums(l, prefix, x);
    const bool coupled = config_.coupled_gates;
    const std::string forget = squashed(z[coupled ? 0 : 1]);
    const std::string input = coupled ? graph_.value("Sub", {"one", forget}) : squashed(z[0]);
    const std::string candidate = graph_.value("Tanh", {z[coupled ? 1 : 2]});
    const std::string output = squashed(z[coupled ? 2 : 3]);
    const std::string kept = graph_.value("Mul", {forget, names_.of(cell_name(l))});
    const std::string added = graph_.value("Mul", {input, candidate});
    const std::string cell = names_.next(cell_name(l)), hidden = names_.next(hidden_name(l));
    graph_.add_node("Add", {kept, added}, {cell});
    graph_.add_node("Mul", {output, graph_.value("Tanh", {cell})}, {hidden});
    return hidden;
  }

  // G sums [N, H], one of each gate.
  std::vector<std::string> gate_sums(std::size_t l, const std::string& prefix,
                                     const std::string& x) {
    const std::string own = graph_.value("MatMul", {x, prefix + "input"});
    const std::string past =
        graph_.value("MatMul", {names_.of(hidden_name(l)), prefix + "recurrent"});
    std::string sums = graph_.value("Add", {own, past});
    if (config_.layer_normalisation) sums = normalised(prefix, sums);
    sums = graph_.value("Add", {sums, prefix + "bias"});
    std::vector<std::string> gates;
    for (std::size_t g = 0; g < config_.gates(); ++g) {
      gates.push_back(sums + ".gate." + std::to_string(g));
    }
    graph_.add_node("Split", {sums}, gates, {OnnxAttribute::of("axis", std::int64_t{1})});
    return gates;
  }

  // The sums of each gate less their mean, over the root of their variance, times the gain.
  std::string normalised(const std::string& prefix, const std::string& sums) {
    constexpr std::array<std::int64_t, 1> kLast = {2};
    const OnnxAttribute axes = OnnxAttribute::of("axes", kLast);
    const std::string gates = graph_.value("Reshape", {sums, prefix + "by-gate"});
    const std::string mean = graph_.value("ReduceMean", {gates}, {axes});
    const std::string from_mean = graph_.value("Sub", {gates, mean});
    const std::string squares = graph_.value("Mul", {from_mean, from_mean});
    const std::string variance = graph_.value("ReduceMean", {squares}, {axes});
    const std::string root =
        graph_.value("Sqrt", {graph_.value("Add", {variance, "normalisation-epsilon"})});
    const std::string normal = graph_.value("Div", {from_mean, root});
    const std::string row = graph_.value("Reshape", {normal, prefix + "in-a-row"});
    return graph_.value("Mul", {row, prefix + "gain"});
  }

  std::string squashed(const std::string& z) {
    if (config_.gate_activation == GateActivation::kSigmoid) return graph_.value("Sigmoid", {z});
    return graph_.value("HardSigmoid", {z},
                        {OnnxAttribute::of("alpha", 0.2F), OnnxAttribute::of("beta", 0.5F)});
  }

  const ModelConfig& config_;
  StepNames names_;
  OnnxGraph& graph_;
};

// The weights, under their names in the model file, the tables of features as table.NAME.
// After the last character the embedding has a row of zeros, for one that is unknown.
void add_constants(const ModelConfig& config, std::span<const float> weights, OnnxGraph& graph) {
  for (const TensorSpec& spec : tensor_specs(config)) {
    const std::span<const float> numbers = weights.subspan(spec.offset, spec.size());
    if (spec.name == "embedding") {
      std::vector<float> rows(numbers.begin(), numbers.end());
      rows.resize(rows.size() + config.embedding);
      graph.add_floats(spec.name, {config.vocabulary + 1, config.embedding}, rows);
    } else {
      const bool is_table = spec.name.starts_with(kFeature);
      graph.add_floats(is_table ? kTable + spec.name.substr(kFeature.size()) : spec.name,
                       spec.shape, numbers);
    }
  }
  if (config.coupled_gates) graph.add_floats("one", {}, std::array{1.0F});
  if (!config.layer_normalisation) return;
  graph.add_floats("normalisation-epsilon", {}, std::array{kNormalisationEpsilon});
  const auto gates = static_cast<std::int64_t>(config.gates());
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    const auto h = static_cast<std::int64_t>(config.hidden[l]);
    const std::string prefix = "lstm." + std::to_string(l) + ".";
    graph.add_integers(prefix + "by-gate", {-1, gates, h});
    graph.add_integers(prefix + "in-a-row", {-1, gates * h});
  }
}

// Inputs and outputs of one step.
void declare_step(const ModelConfig& config, const StepNames& names, OnnxGraph& graph,
                  bool tokens_first) {
  const auto declare_states = [&] {
    for (std::size_t l = 0; l < config.hidden.size(); ++l) {
      for (const std::string& state : {hidden_name(l), cell_name(l)}) {
        graph.add_input(names.of(state), OnnxType::kFloat, {kTexts, config.hidden[l]});
        graph.add_output(names.next(state), OnnxType::kFloat, {kTexts, config.hidden[l]});
      }
    }
  };
  if (!tokens_first) declare_states();  // a Scan has them before what it goes through
  graph.add_input(names.tokens(), OnnxType::kInt64, {kTexts});
  for (const FeatureConfig& f : config.features) {
    graph.add_input(names.of(feature_name(f)), OnnxType::kInt64, {kTexts});
  }
  if (!tokens_first) {
    return graph.add_output(names.logits(), OnnxType::kFloat, {kTexts, config.vocabulary});
  }
  graph.add_output(names.logits(), OnnxType::kFloat, {kTexts, config.vocabulary});
  declare_states();
}

ProtobufWriter step_graph(const ModelConfig& config, std::span<const float> weights) {
  OnnxGraph graph;
  const StepNames names;
  declare_step(config, names, graph, /*tokens_first=*/true);
  add_constants(config, weights, graph);
  Step(config, names, graph).add();
  return graph.finish("step");
}

ProtobufWriter window_graph(const ModelConfig& config, std::span<const float> weights) {
  OnnxGraph body;
  const StepNames inner{.before = "step."}, outer;
  declare_step(config, inner, body, /*tokens_first=*/false);
  Step(config, inner, body).add();

  OnnxGraph graph;
  std::vector<std::string> inputs = state_names(config), outputs;
  for (const std::string& state : inputs) outputs.push_back(outer.next(state));
  outputs.push_back(outer.logits());
  inputs.push_back(outer.tokens());
  graph.add_input(outer.tokens(), OnnxType::kInt64, {kSteps, kTexts});
  for (const FeatureConfig& f : config.features) {
    inputs.push_back(feature_name(f));
    graph.add_input(inputs.back(), OnnxType::kInt64, {kSteps, kTexts});
  }
  graph.add_output(outer.logits(), OnnxType::kFloat, {kSteps, kTexts, config.vocabulary});
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    for (const std::string& state : {hidden_name(l), cell_name(l)}) {
      graph.add_input(state, OnnxType::kFloat, {kTexts, config.hidden[l]});
      graph.add_output(outer.next(state), OnnxType::kFloat, {kTexts, config.hidden[l]});
    }
  }
  add_constants(config, weights, graph);
  const auto scanned = static_cast<std::int64_t>(1 + config.features.size());
  graph.add_node("Scan", inputs, outputs,
                 {OnnxAttribute::graph("body", body.finish("step")),
                  OnnxAttribute::of("num_scan_inputs", scanned)});
  return graph.finish("window");
}

std::string vocabulary_text(const Vocabulary& vocabulary) {
  std::string text;
  for (const char32_t c : vocabulary.characters()) append_utf8(text, c);
  return Json(text).dump();
}

std::string features_text(const ModelConfig& config) {
  Json features = Json::array();
  for (const FeatureConfig& f : config.features) {
    features.push_back({{"name", f.name}, {"values", f.values}});
  }
  return features.dump();
}

}  // namespace

Result<std::string> export_onnx(const ModelConfig& config, const Vocabulary& vocabulary,
                                std::span<const float> weights, OnnxForm form) {
  constexpr std::size_t kOverhead = std::size_t{16} << 20;
  if (weights.size_bytes() > kMostBytes - kOverhead) {
    return Error{ErrorCode::kFormat, "expected weights of at most 2 GiB for ONNX, found " +
                                         grouped(weights.size_bytes()) + " bytes"};
  }
  const bool is_step = form == OnnxForm::kStep;
  return onnx_model(is_step ? step_graph(config, weights) : window_graph(config, weights),
                    "A network that predicts the next character of tunes in ABC notation",
                    {{"vocabulary", vocabulary_text(vocabulary)},
                     {"features", features_text(config)},
                     {"dialects", Json(config.text.dialects).dump()}});
}

}  // namespace lilt::exchange
