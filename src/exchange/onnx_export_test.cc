#include "exchange/onnx_export.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "small_model.h"

namespace lilt::exchange {
namespace {

// A message of Protocol Buffers taken apart: what each field holds, in order.
struct Message {
  std::map<std::uint64_t, std::vector<std::string>> texts;
  std::map<std::uint64_t, std::vector<std::uint64_t>> numbers;

  explicit Message(std::string_view bytes) {
    const auto varint = [&] {
      std::uint64_t value = 0;
      for (int shift = 0; !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80) break;
      }
      return value;
    };
    while (!bytes.empty()) {
      const std::uint64_t tag = varint(), size = tag % 8 == 2 ? varint() : tag % 8 == 5 ? 4 : 0;
      if (tag % 8 == 0) {
        numbers[tag / 8].push_back(varint());
        continue;
      }
      EXPECT_TRUE(size <= bytes.size() && (tag % 8 == 2 || tag % 8 == 5)) << "field " << tag / 8;
      texts[tag / 8].emplace_back(bytes.substr(0, size));
      bytes.remove_prefix(std::min<std::size_t>(size, bytes.size()));
    }
  }
  [[nodiscard]] std::string text(std::uint64_t field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? "" : found->second.front();
  }
  [[nodiscard]] std::vector<Message> messages(std::uint64_t field) const {
    std::vector<Message> found;
    if (texts.count(field) != 0) {
      for (const std::string& bytes : texts.at(field)) found.emplace_back(bytes);
    }
    return found;
  }
};

constexpr int kNodes = 1, kInitializers = 5, kInputs = 11, kOutputs = 12;  // of a GraphProto

// Name → sizes, free ones as their names.
std::map<std::string, std::string> values(const Message& graph, int field) {
  std::map<std::string, std::string> found;
  for (const Message& info : graph.messages(field)) {
    std::string sizes;
    const Message tensor(Message(info.text(2)).text(1));
    for (const Message& size : Message(tensor.text(2)).messages(1)) {
      sizes +=
          size.numbers.count(1) != 0 ? std::to_string(size.numbers.at(1).front()) : size.text(2);
      sizes += " ";
    }
    EXPECT_TRUE(found.emplace(info.text(1), sizes).second) << info.text(1) << " twice";
  }
  return found;
}

// The names that a graph knows in the end. Every node reads what is known before it, every name is
// given once, every output is made, every constant is as large as its shape says.
std::set<std::string> check_graph(const Message& graph, std::set<std::string> known,
                                  std::multiset<std::string>& operations) {
  const auto give = [&](const std::string& name) {
    EXPECT_TRUE(known.insert(name).second) << name << " twice";
  };
  for (const auto& [name, sizes] : values(graph, kInputs)) give(name);
  for (const Message& tensor : graph.messages(kInitializers)) {
    give(tensor.text(8));
    std::uint64_t bytes = tensor.numbers.at(2).front() == 1 ? 4 : 8;
    if (tensor.numbers.count(1) != 0) {
      for (const std::uint64_t size : tensor.numbers.at(1)) bytes *= size;
    }
    EXPECT_EQ(tensor.text(9).size(), bytes) << tensor.text(8);
  }
  for (const Message& node : graph.messages(kNodes)) {
    operations.insert(node.text(4));
    if (node.texts.count(1) != 0) {
      for (const std::string& input : node.texts.at(1)) EXPECT_EQ(known.count(input), 1U) << input;
    }
    for (const Message& attribute : node.messages(5)) {
      if (attribute.text(1) == "body") check_graph(Message(attribute.text(6)), known, operations);
    }
    for (const std::string& output : node.texts.at(2)) give(output);
  }
  for (const auto& [name, sizes] : values(graph, kOutputs))
    EXPECT_EQ(known.count(name), 1U) << name;
  return known;
}

Message graph_of(const ModelContents& model, OnnxForm form) {
  const auto file = export_onnx(model.config, model.vocabulary, model.weights, form);
  EXPECT_TRUE(file.ok());
  const Message whole(*file);
  EXPECT_EQ(whole.numbers.at(1).front(), 7U);
  EXPECT_EQ(Message(whole.text(8)).numbers.at(2).front(), 13U);
  std::map<std::string, std::string> texts;
  for (const Message& entry : whole.messages(14)) texts[entry.text(1)] = entry.text(2);
  EXPECT_EQ(texts["vocabulary"], "\"\\n\\\"ab♯\"");
  return Message(whole.text(7));
}

const ModelConfig kClassic = {.embedding = 3, .hidden = {4, 2}};
const ModelConfig kFolk = {.embedding = 3,
                           .features = {{"bar", 5, 2}, {"key", 7, 1}},
                           .hidden = {4, 4},
                           .residual = true,
                           .coupled_gates = true,
                           .layer_normalisation = true,
                           .gate_activation = GateActivation::kHardSigmoid};

ModelContents network(const ModelConfig& config) {
  return support::random_model(support::vocabulary_of("\n\"ab♯"), config);
}

TEST(Onnx, TakesAndGivesWhatItSays) {
  using Sizes = std::map<std::string, std::string>;
  const Message classic = graph_of(network(kClassic), OnnxForm::kStep);
  EXPECT_EQ(values(classic, kInputs), (Sizes{{"tokens", "N "},
                                             {"state.0.hidden", "N 4 "},
                                             {"state.0.cell", "N 4 "},
                                             {"state.1.hidden", "N 2 "},
                                             {"state.1.cell", "N 2 "}}));
  EXPECT_EQ(values(classic, kOutputs), (Sizes{{"logits", "N 5 "},
                                              {"next.state.0.hidden", "N 4 "},
                                              {"next.state.0.cell", "N 4 "},
                                              {"next.state.1.hidden", "N 2 "},
                                              {"next.state.1.cell", "N 2 "}}));
  const Message window = graph_of(network(kFolk), OnnxForm::kWindow);
  const Sizes inputs = values(window, kInputs);
  EXPECT_EQ(inputs.at("tokens"), "T N ");
  EXPECT_EQ(inputs.at("feature.key"), "T N ");
  EXPECT_EQ(inputs.at("state.1.cell"), "N 4 ");
  EXPECT_EQ(inputs.size(), 7U);
  EXPECT_EQ(values(window, kOutputs).at("logits"), "T N 5 ");
}

TEST(Onnx, GraphsAreWhole) {
  for (const ModelConfig& config : {kClassic, kFolk}) {
    for (const OnnxForm form : {OnnxForm::kStep, OnnxForm::kWindow}) {
      std::multiset<std::string> operations;
      check_graph(graph_of(network(config), form), {}, operations);
      EXPECT_EQ(operations.count("Scan"), form == OnnxForm::kWindow ? 1U : 0U);
      EXPECT_EQ(operations.count("Tanh"), 4U);
      EXPECT_EQ(operations.count("Gather"), 1 + config.features.size());
      EXPECT_EQ(operations.count(config.coupled_gates ? "HardSigmoid" : "Sigmoid"),
                config.coupled_gates ? 4U : 6U);
      EXPECT_EQ(operations.count("ReduceMean"), config.layer_normalisation ? 4U : 0U);
    }
  }
}

TEST(Onnx, HoldsTheWeightsAndARowForUnknownCharacters) {
  const ModelContents model = network(kClassic);
  std::map<std::string, std::string> bytes;
  const Message graph = graph_of(model, OnnxForm::kStep);
  for (const Message& tensor : graph.messages(kInitializers)) {
    bytes[tensor.text(8)] = tensor.text(9);
  }
  for (const TensorSpec& spec : tensor_specs(model.config)) {
    const auto weights = std::as_bytes(std::span(model.weights).subspan(spec.offset, spec.size()));
    const std::string expected(reinterpret_cast<const char*>(weights.data()), weights.size());
    EXPECT_EQ(bytes[spec.name].substr(0, expected.size()), expected) << spec.name;
  }
  const std::string row(3 * sizeof(float), '\0');
  EXPECT_EQ(bytes["embedding"].substr(5 * row.size()), row);
}

}  // namespace
}  // namespace lilt::exchange
