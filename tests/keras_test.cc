// Networks that Keras made (tests/keras/make_networks.py), against what Keras says they predict.

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "exchange/keras_import.h"
#include "infer/engine.h"
#include "infer/weights.h"
#include "small_model.h"

namespace lilt::exchange {
namespace {

const std::string kFolder = LILT_TEST_DATA "/keras/";

nlohmann::json expected() {
  return nlohmann::json::parse(FileBytes(kFolder + "expected.json").text());
}

// A file of weights alone, and what its gates are.
std::optional<KerasGates> gates_of_weights(const std::string& name) {
  const bool is_alone =
      name.find("weights") != std::string::npos || name.find("latest") != std::string::npos;
  if (!is_alone) return std::nullopt;
  const bool is_soft = name == "keras3.weights.h5" || name == "keras2.weights.h5";
  return is_soft ? KerasGates::kSigmoid : KerasGates::kHardSigmoid;
}

// The text that was learnt, or the numbers of its characters where they are not sorted.
std::string characters_of(const std::string& name) {
  const bool is_shuffled =
      name == "keras3-hard.h5" || name == "keras2.keras" || name == "keras2.weights.h5";
  return kFolder + (is_shuffled ? "characters.json" : "tune.txt");
}

Result<ImportedNetwork> import_file(const std::string& name, KerasOptions options) {
  const FileBytes file(kFolder + name), characters(characters_of(name));
  return import_keras(file.bytes(), characters.text(), options);
}

std::vector<double> softmax(std::span<const float> logits) {
  std::vector<double> shares;
  double sum = 0;
  for (const float logit : logits) sum += shares.emplace_back(std::exp(logit));
  for (double& share : shares) share /= sum;
  return shares;
}

// The largest difference to the probabilities that Keras gives.
double difference(const ModelContents& model, const nlohmann::json& told) {
  const std::vector<std::byte> file = support::file_of(model);
  const auto view = view_model(file, "imported");
  const auto weights = infer::Weights::of(*view, infer::Precision::kSingle);
  infer::Engine engine(*weights, 1);
  const auto order = *to_code_points(told["characters"].get<std::string>());
  const std::vector<Token> tokens = *model.vocabulary.encode(told["text"].get<std::string>());
  double largest = 0;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const std::vector<double> shares = softmax(engine.step(std::span(tokens).subspan(t, 1)));
    for (std::size_t i = 0; i < order.size(); ++i) {
      const double probability = told["probabilities"][t][i].get<double>();
      largest = std::max(largest, std::abs(shares[model.vocabulary.token(order[i])] - probability));
    }
  }
  return largest;
}

TEST(Keras, PredictsWhatKerasDoes) {
  std::size_t files = 0;
  const nlohmann::json all = expected();
  for (const auto& [name, told] : all.items()) {
    SCOPED_TRACE(name);
    const auto network = import_file(name, {.gate_activation = gates_of_weights(name)});
    ASSERT_TRUE(network.ok()) << network.error().to_string();
    EXPECT_LT(difference(network->model, told), 1e-5);
    ++files;
  }
  EXPECT_GE(files, 12U);
}

TEST(Keras, TellsWhatTheFileTells) {
  const auto third = import_file("keras3.keras", {});
  EXPECT_EQ(third->version.substr(0, 2), "3.");
  EXPECT_EQ(third->model.config.hidden, (std::vector<std::size_t>{6, 5}));
  EXPECT_EQ(third->model.config.embedding, 4U);
  EXPECT_EQ(third->model.config.dropout, 0.25F);
  EXPECT_EQ(third->model.config.gate_activation, GateActivation::kSigmoid);
  EXPECT_EQ(import_file("keras1.h5", {})->version, "1.2.2");
  EXPECT_EQ(import_file("keras1.h5", {})->model.config.dropout, 0.25F);
  EXPECT_EQ(import_file("keras1.h5", {})->model.config.gate_activation,
            GateActivation::kHardSigmoid);
}

TEST(Keras, AsksForTheGatesOfWeightsAlone) {
  const nlohmann::json all = expected();
  for (const auto& [name, told] : all.items()) {
    const auto network = import_file(name, {});
    EXPECT_EQ(network.ok(), !gates_of_weights(name)) << name;
    if (network) continue;
    EXPECT_EQ(network.error().code, ErrorCode::kOption);
    EXPECT_NE(network.error().message.find("`gate_activation`"), std::string::npos);
  }
  const auto other = import_file("keras3.keras", {.gate_activation = KerasGates::kHardSigmoid});
  EXPECT_EQ(other.error().message,
            "expected no `gate_activation`, or sigmoid as the file tells it");
  // The other hard sigmoid is another network.
  const auto steep =
      import_file("keras1-weights.h5", {.gate_activation = KerasGates::kHardSigmoid3});
  EXPECT_GT(difference(steep->model, expected()["keras1-weights.h5"]), 1e-4);
}

std::string refusal_of_characters(std::string_view characters) {
  const FileBytes file(kFolder + "keras3.keras");
  const auto network = import_keras(file.bytes(), characters, {});
  if (network) return "";
  EXPECT_EQ(network.error().place.source, kCharactersSource);
  return network.error().message;
}

TEST(Keras, WantsTheCharactersOfTheNetwork) {
  EXPECT_EQ(refusal_of_characters("abc"), "expected the 14 characters of the network, found 3");
  EXPECT_EQ(refusal_of_characters("{\"a\": 0}"),
            "expected the 14 characters of the network, found 1");
  EXPECT_EQ(refusal_of_characters("0123456789abcd"), "");
  EXPECT_EQ(refusal_of_characters("0123456789ab\nc"), "");
  EXPECT_EQ(refusal_of_characters("0123456789abc\r\n"), "");  // as Python reads it
  const auto numbered = [](const std::string& first, int second) {
    nlohmann::json json = {{first, 0}};
    for (int i = 1; i < 14; ++i) json[std::string(1, static_cast<char>('a' + i))] = i;
    json["b"] = second;
    return json.dump();
  };
  EXPECT_EQ(refusal_of_characters(numbered("♯", 1)), "");
  EXPECT_EQ(refusal_of_characters(numbered("xy", 1)),
            "expected one character for each number, found \"xy\"");
  EXPECT_EQ(refusal_of_characters(numbered("x", 0)),
            "expected each of the numbers 0 to 13 once, found 0 for 'x' (U+0078)");
  EXPECT_EQ(refusal_of_characters(numbered("x", 99)),
            "expected each of the numbers 0 to 13 once, found 99 for 'b' (U+0062)");
}

}  // namespace
}  // namespace lilt::exchange
