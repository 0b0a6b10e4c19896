#include "exchange/keras_config.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lilt::exchange {
namespace {

using Json = nlohmann::json;

Json layer(const std::string& kind, Json config) {
  if (!config.contains("name")) config["name"] = "mine";
  return {{"class_name", kind}, {"config", std::move(config)}};
}

Json lstm(Json other = Json::object()) {
  Json config = {{"activation", "tanh"}, {"recurrent_activation", "sigmoid"}};
  config.update(other);
  return layer("LSTM", config);
}

// The classic network, with the layers at these places others.
std::string network(const std::map<std::size_t, Json>& others = {}) {
  std::vector<Json> layers = {layer("InputLayer", Json::object()),
                              layer("Embedding", {{"mask_zero", false}}),
                              lstm(),
                              layer("Dropout", {{"rate", 0.5}}),
                              lstm(),
                              layer("Dense", {{"activation", "softmax"}})};
  for (const auto& [place, other] : others) layers[place] = other;
  return Json({{"class_name", "Sequential"}, {"config", {{"layers", layers}}}}).dump();
}

std::string refusal(const std::string& text) {
  const auto config = read_keras_config(text, "3.1");
  if (config) return "";
  const std::string& message = config.error().message;
  const std::size_t found = message.rfind("found ");
  return found == std::string::npos ? message : message.substr(found + 6);
}

TEST(KerasConfig, ReadsTheClassicNetwork) {
  const auto config = read_keras_config(network(), "3.1");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->lstm_layers, 2U);
  EXPECT_EQ(config->gates, KerasGates::kSigmoid);
  EXPECT_EQ(config->dropout, 0.5F);
}

TEST(KerasConfig, KnowsTwoHardSigmoids) {
  const Json hard = lstm({{"recurrent_activation", "hard_sigmoid"}});
  const std::string text = network({{2, hard}, {4, hard}});
  EXPECT_EQ(read_keras_config(text, "3.1")->gates, KerasGates::kHardSigmoid3);
  EXPECT_EQ(read_keras_config(text, "2.2.4-tf")->gates, KerasGates::kHardSigmoid);
  EXPECT_EQ(read_keras_config(text, "")->gates, KerasGates::kHardSigmoid);
  EXPECT_EQ(refusal(network({{2, hard}})),
            "another activation of gates in the layer mine (LSTM) than in the one below");
}

TEST(KerasConfig, NamesWhatIsAnotherNetwork) {
  EXPECT_EQ(refusal(network({{2, layer("GRU", Json::object())}})), "the layer mine (GRU)");
  EXPECT_EQ(refusal(network({{3, layer("BatchNormalization", Json::object())}})),
            "the layer mine (BatchNormalization)");
  EXPECT_EQ(refusal(network({{4, layer("Bidirectional", Json::object())}})),
            "the layer mine (Bidirectional)");
  EXPECT_EQ(refusal(network({{2, lstm({{"activation", "relu"}})}})),
            "the activation \"relu\" in the layer mine (LSTM)");
  EXPECT_EQ(refusal(network({{2, lstm({{"recurrent_activation", "tanh"}})}})),
            "the activation of gates \"tanh\" in the layer mine (LSTM)");
  EXPECT_EQ(refusal(network({{2, lstm({{"use_bias", false}})}})),
            "no bias in the layer mine (LSTM)");
  EXPECT_EQ(refusal(network({{4, lstm({{"go_backwards", true}})}})),
            "go_backwards in the layer mine (LSTM)");
  EXPECT_EQ(refusal(network({{1, layer("Embedding", {{"mask_zero", true}})}})),
            "mask_zero in the layer mine (Embedding)");
  EXPECT_EQ(refusal(network({{5, layer("Dense", {{"activation", "relu"}})}})),
            "the activation \"relu\" in the layer mine (Dense)");
  EXPECT_EQ(refusal(network({{3, layer("Dropout", {{"rate", 2}})}})),
            "the rate 2 in the layer mine (Dropout)");
  EXPECT_EQ(refusal(network({{5, layer("Activation", {{"activation", "softmax"}})}})),
            "the layer mine (Activation)");
  EXPECT_EQ(refusal(R"({"class_name": "Mine", "config": {}})"), "a model of the class Mine");
  EXPECT_EQ(refusal(R"({"class_name": "Sequential", "config": []})"), "no layers");
  EXPECT_EQ(refusal(R"({"class_name": "Model", "config": {"layers": [],
                        "output_layers": [["a", 0, 0], ["b", 0, 0]]}})"),
            "several outputs");
  EXPECT_EQ(refusal("[1, 2"), "expected the network's configuration as a JSON object");
  EXPECT_EQ(refusal(R"({"class_name": 3, "config": 5})"), "a model of the class (none)");
}

}  // namespace
}  // namespace lilt::exchange
