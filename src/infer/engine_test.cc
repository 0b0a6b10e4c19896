#include "infer/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "count_allocations.h"
#include "small_model.h"

namespace lilt::infer {
namespace {

using Json = nlohmann::json;
using Vector = std::vector<double>;

Json golden(const std::string& name) {
  std::ifstream file(LILT_TEST_DATA "/golden/" + name + ".json");
  return Json::parse(file);
}

// The network of a golden file.
ModelContents model_of(const Json& golden) {
  const Json& config = golden["config"];
  std::vector<char32_t> characters(config["vocabulary"].get<std::size_t>());
  std::iota(characters.begin(), characters.end(), U'A');
  ModelContents model{{.vocabulary = characters.size(),
                       .embedding = config["embedding"],
                       .hidden = config["hidden"],
                       .dropout = config["dropout"],
                       .gate_activation = *value_named<GateActivation>(
                           config["gate_activation"].get<std::string>())},
                      Vocabulary(characters),
                      "{}",
                      {}};
  for (const TensorSpec& spec : tensor_specs(model.config)) {
    for (const Json& weight : golden["tensors"][spec.name]) model.weights.push_back(weight);
  }
  return model;
}

// The network once more: in double precision, one multiplication after another, nothing folded.
class Reference {
 public:
  explicit Reference(const ModelContents& model) : model_(model) {
    for (const std::size_t hidden : model.config.hidden) {
      h.emplace_back(hidden);
      c.emplace_back(hidden);
    }
  }

  Vector step(Token token) {
    const ModelConfig& config = model_.config;
    const ParameterLayout layout = parameter_layout(config);
    Vector input(config.embedding);
    if (token != kUnknownToken) {
      for (std::size_t e = 0; e < input.size(); ++e) {
        input[e] = weight(layout.embedding + token * config.embedding + e);
      }
    }
    for (std::size_t l = 0; l < config.hidden.size(); ++l) {
      const std::size_t hidden = config.hidden[l];
      Vector z(config.gates() * hidden);
      add_product(input, layout.layers[l].input, z);
      add_product(h[l], layout.layers[l].recurrent, z);
      if (config.layer_normalisation) {
        for (std::size_t k = 0; k < config.gates(); ++k) {
          normalise(std::span(z).subspan(k * hidden, hidden), layout.layers[l].gain + k * hidden);
        }
      }
      for (std::size_t j = 0; j < z.size(); ++j) z[j] += weight(layout.layers[l].bias + j);
      for (std::size_t j = 0; j < hidden; ++j) {
        const std::size_t f = (config.gates() - 3) * hidden + j;
        const double forget = gate(z[f]), in = config.coupled_gates ? 1 - forget : gate(z[j]);
        c[l][j] = forget * c[l][j] + in * std::tanh(z[f + hidden]);
        h[l][j] = gate(z[f + 2 * hidden]) * std::tanh(c[l][j]);
      }
      input = h[l];
    }
    Vector logits(config.vocabulary);
    for (std::size_t v = 0; v < logits.size(); ++v) logits[v] = weight(layout.dense_bias + v);
    add_product(input, layout.dense_weight, logits);
    return logits;
  }

  std::vector<Vector> h, c;  // of each layer

 private:
  double weight(std::size_t i) const { return static_cast<double>(model_.weights[i]); }
  double gate(double x) const {
    return model_.config.gate_activation == GateActivation::kSigmoid
               ? 1 / (1 + std::exp(-x))
               : std::clamp(0.2 * x + 0.5, 0.0, 1.0);
  }
  void normalise(std::span<double> z, std::size_t gain) const {
    const auto count = static_cast<double>(z.size());
    const double mean = std::accumulate(z.begin(), z.end(), 0.0) / count;
    double variance = 0;
    for (const double x : z) variance += (x - mean) * (x - mean) / count;
    for (std::size_t j = 0; j < z.size(); ++j) {
      z[j] = weight(gain + j) * (z[j] - mean) / std::sqrt(variance + 1e-5);
    }
  }
  void add_product(const Vector& x, std::size_t weights, Vector& y) const {
    for (std::size_t k = 0; k < x.size(); ++k) {
      for (std::size_t j = 0; j < y.size(); ++j) y[j] += x[k] * weight(weights + k * y.size() + j);
    }
  }

  const ModelContents& model_;
};

double nats(const Vector& logits, std::size_t target) {
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - logits[target]);
  return std::log(sum);
}

Weights weights_of(const ModelContents& model, Precision precision = Precision::kSingle) {
  const std::vector<std::byte> file = support::file_of(model);
  return *Weights::of(*view_model(file, ""), precision);
}

// Tokens to feed, with some unknown ones between them.
std::vector<Token> some_tokens(std::size_t count, std::size_t vocabulary) {
  Random random(9, RandomStream::kBench);
  std::vector<Token> tokens(count);
  for (Token& token : tokens) {
    token = random.below(8) == 0 ? kUnknownToken : static_cast<Token>(random.below(vocabulary));
  }
  return tokens;
}

// Rounding errors scale with the greatest logit, or with 1, that of a gate.
void expect_near(std::span<const float> found, const Vector& expected) {
  ASSERT_EQ(found.size(), expected.size());
  double magnitude = 1;
  for (const double logit : expected) magnitude = std::max(magnitude, std::abs(logit));
  const double tolerance =
      8 * static_cast<double>(std::numeric_limits<float>::epsilon()) * magnitude;
  for (std::size_t v = 0; v < expected.size(); ++v) {
    ASSERT_NEAR(static_cast<double>(found[v]), expected[v], tolerance) << v;
  }
}

class GoldenNetwork : public testing::TestWithParam<const char*> {};

// The reference below is right: it computes what the goldens' own implementation computed.
TEST_P(GoldenNetwork, ReferenceEqualsTheGolden) {
  const Json json = golden(GetParam());
  const ModelContents model = model_of(json);
  const std::size_t steps = json["steps"], batch = json["batch"];
  std::vector<std::pair<Json, Json>> runs = {
      {json["windows"][0]["inputs"], json["evaluation"]["nats"]}};
  if (json.contains("unknown")) {
    runs.emplace_back(json["unknown"]["inputs"], json["unknown"]["nats"]);
  }
  for (const auto& [inputs, expected] : runs) {
    for (std::size_t n = 0; n < batch; ++n) {
      Reference reference(model);
      for (std::size_t l = 0; l < model.config.hidden.size(); ++l) {
        for (std::size_t j = 0; j < model.config.hidden[l]; ++j) {
          const std::size_t i = n * model.config.hidden[l] + j;
          reference.h[l][j] = static_cast<double>(json["state"]["h"][l][i].get<float>());
          reference.c[l][j] = static_cast<double>(json["state"]["c"][l][i].get<float>());
        }
      }
      for (std::size_t t = 0; t < steps; ++t) {
        const std::size_t i = t * batch + n;
        const double found = nats(reference.step(inputs[i]), json["windows"][0]["targets"][i]);
        EXPECT_NEAR(found, expected[i].get<double>(), 1e-9) << t << " " << n;
      }
    }
  }
}

TEST_P(GoldenNetwork, LogitsEqualTheReference) {
  const ModelContents model = model_of(golden(GetParam()));
  const Weights weights = weights_of(model);
  Engine engine(weights, 1);
  Reference reference(model);
  for (const Token token : some_tokens(60, model.config.vocabulary)) {
    expect_near(engine.step(std::span(&token, 1)), reference.step(token));
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenNetwork,
                         testing::Values("odd", "stack", "even", "hard", "single"),
                         [](const auto& test) { return std::string(test.param); });

// Networks wide enough to use every path of the kernels.
ModelContents wide_model(GateActivation activation = GateActivation::kSigmoid) {
  return support::random_model(
      support::vocabulary_of("\n !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFG|abcdefg"),
      {.embedding = 19, .hidden = {37, 70, 16}, .gate_activation = activation});
}

TEST(Engine, EqualsTheReferenceForWiderNetworks) {
  for (const GateActivation a : {GateActivation::kSigmoid, GateActivation::kHardSigmoid}) {
    const ModelContents model = wide_model(a);
    const Weights weights = weights_of(model);
    Engine engine(weights, 1);
    Reference reference(model);
    for (const Token token : some_tokens(100, model.config.vocabulary)) {
      expect_near(engine.step(std::span(&token, 1)), reference.step(token));
    }
  }
}

TEST(Engine, EqualsTheReferenceWithCoupledGatesAndLayerNormalisation) {
  for (const bool coupled : {false, true}) {
    for (const bool normalised : {false, true}) {
      ModelContents model = support::random_model(support::vocabulary_of("\n ABCDEFG|abcdefg"),
                                                  {.embedding = 19,
                                                   .hidden = {37, 70, 16},
                                                   .coupled_gates = coupled,
                                                   .layer_normalisation = normalised});
      const Weights weights = weights_of(model);
      Engine engine(weights, 1);
      Reference reference(model);
      for (const Token token : some_tokens(100, model.config.vocabulary)) {
        expect_near(engine.step(std::span(&token, 1)), reference.step(token));
      }
    }
  }
}

std::vector<float> copy(std::span<const float> values) { return {values.begin(), values.end()}; }

TEST(Engine, GivesManyStreamsTheBitsOfSingleOnes) {
  constexpr std::size_t kSteps = 25;
  const ModelContents model = wide_model();
  const Weights weights = weights_of(model);
  const std::size_t v = model.config.vocabulary;
  for (const std::size_t streams : {2, 3, 16}) {
    const std::vector<Token> tokens = some_tokens(kSteps * streams, v);
    Engine together(weights, streams);
    std::vector<Engine> alone(streams, Engine(weights, 1));
    for (std::size_t t = 0; t < kSteps; ++t) {
      const std::span<const Token> inputs = std::span(tokens).subspan(t * streams, streams);
      const std::span<const float> logits = together.step(inputs);
      ASSERT_EQ(logits.size(), streams * v);
      for (std::size_t n = 0; n < streams; ++n) {
        ASSERT_EQ(copy(logits.subspan(n * v, v)), copy(alone[n].step(inputs.subspan(n, 1))));
      }
    }
  }
}

TEST(Engine, StartsAnewAfterReset) {
  const ModelContents model = wide_model();
  const Weights weights = weights_of(model);
  const std::vector<Token> tokens = some_tokens(20, model.config.vocabulary);
  Engine engine(weights, 1);
  std::vector<std::vector<float>> first(tokens.size());
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    first[t] = copy(engine.step(std::span(tokens).subspan(t, 1)));
  }
  EXPECT_NE(copy(engine.step(std::span(tokens).first(1))), first[0]);
  engine.reset(0);
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    ASSERT_EQ(copy(engine.step(std::span(tokens).subspan(t, 1))), first[t]) << t;
  }
}

TEST(Engine, SharesWeightsWithOtherEngines) {
  const ModelContents model = wide_model();
  const Weights weights = weights_of(model);
  Engine one(weights, 1), other(weights, 1), disturbing(weights, 1);
  for (const Token token : some_tokens(20, model.config.vocabulary)) {
    const std::vector<float> logits = copy(one.step(std::span(&token, 1)));
    const Token constant = 0;
    (void)disturbing.step(std::span(&constant, 1));
    ASSERT_EQ(copy(other.step(std::span(&token, 1))), logits);
  }
}

TEST(Engine, AllocatesNothingInAStep) {
  const ModelContents model = wide_model();
  for (const Precision precision : {Precision::kSingle, Precision::kEightBit}) {
    const Weights weights = weights_of(model, precision);
    for (const std::size_t streams : {1, 16}) {
      Engine engine(weights, streams);
      const std::vector<Token> tokens = some_tokens(streams, model.config.vocabulary);
      const support::AllocationWatch watch;
      for (int t = 0; t < 10; ++t) (void)engine.step(tokens);
      engine.reset(streams - 1);
      EXPECT_EQ(watch.count(), 0U);
    }
  }
}

// About as large as the shipped model, whose folded tables take 6 MB.
TEST(Engine, TakesLittleMemoryBesideOthersOnTheSameWeights) {
  ModelConfig config{.embedding = 8, .hidden = {256, 256, 256}, .residual = true};
  config.coupled_gates = config.layer_normalisation = true;
  for (int k = 0; k < 23; ++k) config.features.push_back({"f" + std::to_string(k), 64, 4});
  config.text.canonical = true;
  std::string characters;
  for (char c = ' '; c <= '~'; ++c) characters += c;
  const ModelContents model = support::random_model(support::vocabulary_of(characters), config);
  constexpr std::size_t kMostOfAStream = 64 << 10;
  for (const Precision precision : {Precision::kSingle, Precision::kEightBit}) {
    const Weights weights = weights_of(model, precision);
    const Engine first(weights, 1);
    for (const std::size_t streams : {1, 16}) {
      const support::AllocationWatch watch;
      const Engine second(weights, streams);
      EXPECT_LE(watch.peak(), streams * kMostOfAStream);
    }
  }
}

}  // namespace
}  // namespace lilt::infer
