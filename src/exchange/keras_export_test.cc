#include "exchange/keras_export.h"

#include <gtest/gtest.h>

#include <cmath>

#include "exchange/hdf5.h"
#include "exchange/hdf5_writer.h"
#include "exchange/keras_import.h"
#include "small_model.h"

namespace lilt::exchange {
namespace {

constexpr std::array kFormats = {KerasFormat::kArchive, KerasFormat::kWeights,
                                 KerasFormat::kNetwork};

ModelContents network(ModelConfig config) {
  return support::random_model(support::vocabulary_of("\n \"|ABC\\éß♯"), std::move(config));
}

Result<ImportedNetwork> there_and_back(const ModelContents& model, KerasFormat format,
                                       std::optional<KerasGates> gates) {
  const auto file = export_keras(model.config, model.weights, format);
  EXPECT_TRUE(file.ok());
  return import_keras(std::as_bytes(std::span(*file)), character_numbers(model.vocabulary),
                      {.gate_activation = gates});
}

double difference(std::span<const float> a, std::span<const float> b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max<double>(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

TEST(KerasExport, ComesBackAsItWas) {
  const std::vector<std::size_t> many(13, 3);  // lstm_10 sorts before lstm_2
  for (const auto& hidden : {std::vector<std::size_t>{4}, {5, 3, 4}, many}) {
    const ModelContents model = network({.embedding = 3, .hidden = hidden, .dropout = 0.125F});
    for (const KerasFormat format : kFormats) {
      const bool is_alone = format == KerasFormat::kWeights;
      const auto gates = is_alone ? std::optional(KerasGates::kSigmoid) : std::nullopt;
      const auto back = there_and_back(model, format, gates);
      ASSERT_TRUE(back.ok()) << back.error().message;
      EXPECT_EQ(back->model.weights, model.weights);
      EXPECT_EQ(back->model.vocabulary, model.vocabulary);
      EXPECT_EQ(back->model.config.dropout, is_alone ? 0.2F : 0.125F);
      EXPECT_EQ(back->version.substr(0, 1), is_alone                          ? ""
                                            : format == KerasFormat::kNetwork ? "2"
                                                                              : "3");
    }
  }
}

TEST(KerasExport, ScalesTheHardSigmoidOfKeras3) {
  const ModelContents model =
      network({.embedding = 3, .hidden = {4, 2}, .gate_activation = GateActivation::kHardSigmoid});
  EXPECT_EQ(there_and_back(model, KerasFormat::kNetwork, {})->model.weights, model.weights);
  const auto whole = there_and_back(model, KerasFormat::kArchive, {});
  EXPECT_EQ(whole->model.config.gate_activation, GateActivation::kHardSigmoid);
  EXPECT_LT(difference(whole->model.weights, model.weights), 1e-7);
  const auto alone = there_and_back(model, KerasFormat::kWeights, KerasGates::kHardSigmoid3);
  EXPECT_LT(difference(alone->model.weights, model.weights), 1e-7);
  const auto wrong = there_and_back(model, KerasFormat::kWeights, KerasGates::kHardSigmoid);
  EXPECT_GT(difference(wrong->model.weights, model.weights), 0.05);
}

TEST(KerasExport, RefusesWhatKerasHasNoLayersFor) {
  const auto refusal = [](ModelConfig config) {
    const ModelContents model = network(std::move(config));
    const auto file = export_keras(model.config, model.weights, KerasFormat::kArchive);
    if (file) return std::string();
    const std::string& message = file.error().message;
    return message.substr(message.find("found "));
  };
  EXPECT_EQ(refusal({.embedding = 2, .hidden = {2}}), "");
  EXPECT_EQ(refusal({.embedding = 2, .features = {{"bar", 3, 2}}, .hidden = {2}}),
            "found features; `onnx` takes it");
  EXPECT_EQ(refusal({.embedding = 2, .hidden = {2}, .residual = true}),
            "found residual connections; `onnx` takes it");
  EXPECT_EQ(refusal({.embedding = 2, .hidden = {2}, .coupled_gates = true}),
            "found coupled gates; `onnx` takes it");
  EXPECT_EQ(refusal({.embedding = 2, .hidden = {2}, .layer_normalisation = true}),
            "found layer normalisation; `onnx` takes it");
}

TEST(KerasWeights, NamesWhatIsAnotherNetwork) {
  const auto refusal = [](const Hdf5Part& root) {
    const std::string file = write_hdf5(root);
    const auto network = import_keras(std::as_bytes(std::span(file)), "abc",
                                      {.gate_activation = KerasGates::kSigmoid});
    return network ? ""
                   : network.error().message.substr(network.error().message.rfind("found ") + 6);
  };
  const auto add = [](Hdf5Part& layers, const std::string& name,
                      const std::vector<std::vector<std::size_t>>& shapes) {
    Hdf5Part& vars = layers.group(name).group("cell").group("vars");
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      std::size_t count = 1;
      for (const std::size_t size : shapes[i]) count *= size;
      vars.add_array(std::to_string(i), shapes[i], std::vector<float>(count));
    }
  };
  Hdf5Part root;
  Hdf5Part& layers = root.group("layers");
  EXPECT_EQ(refusal(root), "0 layers with weights");
  layers.group("embedding").group("vars").add_array("0", {3, 2}, std::vector<float>(6));
  Hdf5Part with_gru = root;
  with_gru.group("layers").group("gru_1").group("vars");
  EXPECT_EQ(refusal(with_gru), "the layer gru_1");
  add(layers, "lstm", {{2, 8}, {2, 8}, {9}});
  Hdf5Part& dense = layers.group("dense").group("vars");
  dense.add_array("0", {2, 3}, std::vector<float>(6));
  dense.add_array("1", {3}, std::vector<float>(3));
  EXPECT_EQ(refusal(root), "the layer lstm with weights [2, 8], [2, 8], [9]");
  layers.group("lstm").group("cell").group("vars").add_array("2", {8}, std::vector<float>(8));
  EXPECT_EQ(refusal(root), "");
  layers.group("lstm").group("cell").group("vars").add_array("2", {8}, std::vector<float>(8, NAN));
  EXPECT_EQ(refusal(root), "one that is not");
}

TEST(KerasExport, GoesByTheEndingOfTheName) {
  EXPECT_EQ(keras_format("a/b.keras"), KerasFormat::kArchive);
  EXPECT_EQ(keras_format("b.weights.h5"), KerasFormat::kWeights);
  EXPECT_EQ(keras_format("b.h5"), KerasFormat::kNetwork);
  EXPECT_EQ(keras_format("b.hdf5"), std::nullopt);
  EXPECT_EQ(keras_format("keras"), std::nullopt);
}

TEST(KerasExport, NumbersCharacters) {
  EXPECT_EQ(character_numbers(support::vocabulary_of("b\na♯\"")),
            "{\"\\n\":0,\"\\\"\":1,\"a\":2,\"b\":3,\"♯\":4}\n");
}

TEST(Hdf5, ReadsWhatItWrites) {
  Hdf5Part root;
  root.add_text("version", "2.12");
  Hdf5Part& group = root.group("a").group("b");
  group.add_texts("names", {"one", "", "three"});
  group.add_texts("none", {});
  group.add_array("numbers:0", {2, 3}, {1, 2, 3, 4, 5, 6});
  root.group("empty");
  const std::string file = write_hdf5(root);
  const auto read = read_hdf5(std::as_bytes(std::span(file)));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->text("version"), "2.12");
  const Hdf5Object* b = read->find("a/b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->text_list("names"), (std::vector<std::string>{"one", "", "three"}));
  EXPECT_EQ(b->text_list("none"), std::vector<std::string>());
  EXPECT_EQ(b->text_list("other"), std::nullopt);
  const Hdf5Object* numbers = read->find("a/b/numbers:0");
  ASSERT_TRUE(numbers != nullptr && numbers->array);
  EXPECT_EQ(numbers->array->shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(numbers->array->type, DataType::kF32);
  EXPECT_EQ(numbers->array->bytes.size(), 24U);
  EXPECT_EQ(read->find("a/c"), nullptr);
  ASSERT_NE(read->find("empty"), nullptr);
}

}  // namespace
}  // namespace lilt::exchange
