// The engine on weights in 8 bits.
#include "infer/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "small_model.h"
#include "targets.h"

namespace lilt::infer {
namespace {

constexpr std::size_t kSteps = 40;

// With all that the classic network does not have, of sizes that are no whole panels.
std::vector<std::byte> folk_file() {
  ModelConfig config{.embedding = 9, .hidden = {30, 30}};
  config.coupled_gates = true;
  config.layer_normalisation = true;
  config.features = {{"metre", 20, 5}, {"bar-1", 128, 7}};
  config.residual = true;
  config.text = {.canonical = true, .dialects = {}};
  return support::file_of(support::random_model(support::vocabulary_of("\nABCdefg|"), config));
}

std::vector<std::byte> plain_file(GateActivation activation) {
  return support::file_of(
      support::random_model(support::vocabulary_of("\nABCdefg|"),
                            {.embedding = 6, .hidden = {20, 33}, .gate_activation = activation}));
}

struct Input {
  std::vector<Token> tokens, features;  // [streams], [K, streams]
};

Input input_of(const ModelConfig& config, std::size_t step, std::size_t streams) {
  Random random(3, RandomStream::kBench, step);
  Input input;
  for (std::size_t n = 0; n < streams; ++n) {
    input.tokens.push_back(static_cast<Token>(random.below(config.vocabulary)));
  }
  for (const FeatureConfig& f : config.features) {
    for (std::size_t n = 0; n < streams; ++n) {
      input.features.push_back(static_cast<Token>(random.below(f.values)));
    }
  }
  return input;
}

Weights weights_of(const ModelView& model, Precision precision = Precision::kEightBit) {
  return *Weights::of(model, precision);
}

std::vector<std::vector<float>> run(Engine& engine, const ModelConfig& config,
                                    std::size_t streams) {
  std::vector<std::vector<float>> logits;
  for (std::size_t t = 0; t < kSteps; ++t) {
    const Input input = input_of(config, t, streams);
    const std::span<const float> out = engine.step(input.tokens, input.features);
    logits.emplace_back(out.begin(), out.end());
  }
  return logits;
}

TEST(EngineInEightBits, StaysNearSinglePrecision) {
  for (const std::vector<std::byte>& file : {folk_file(), plain_file(GateActivation::kSigmoid),
                                             plain_file(GateActivation::kHardSigmoid)}) {
    const ModelView model = view_model(file, "").value();
    const Weights eight_bit = weights_of(model), single = weights_of(model, Precision::kSingle);
    Engine engine(eight_bit, 3), reference(single, 3);
    const auto found = run(engine, model.config, 3), expected = run(reference, model.config, 3);
    double error = 0, size = 0;
    for (std::size_t t = 0; t < kSteps; ++t) {
      for (std::size_t i = 0; i < found[t].size(); ++i) {
        error += std::pow(static_cast<double>(found[t][i] - expected[t][i]), 2);
        size += std::pow(static_cast<double>(expected[t][i]), 2);
      }
    }
    EXPECT_LT(std::sqrt(error / size), 0.03);
    EXPECT_GT(error, 0);
  }
}

TEST(EngineInEightBits, HasTheSameBitsOnEveryInstructionSet) {
  const std::vector<std::byte> file = folk_file();
  const ModelView model = view_model(file, "").value();
  std::vector<std::vector<std::vector<float>>> results;
  support::for_each_target([&](const char*) {
    const Weights weights = weights_of(model);
    Engine engine(weights, 2);
    results.push_back(run(engine, model.config, 2));
  });
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
}

TEST(EngineInEightBits, AStreamDoesNotDependOnTheOthers) {
  const std::vector<std::byte> file = folk_file();
  const ModelView model = view_model(file, "").value();
  const Weights weights = weights_of(model);
  Engine together(weights, 5), alone(weights, 1);
  const std::size_t vocabulary = model.config.vocabulary, kinds = model.config.features.size();
  for (std::size_t t = 0; t < kSteps; ++t) {
    if (t == 20) together.reset(0);  // of another stream
    const Input input = input_of(model.config, t, 5);
    std::vector<Token> features;
    for (std::size_t k = 0; k < kinds; ++k) features.push_back(input.features[k * 5 + 3]);
    const std::span<const float> all = together.step(input.tokens, input.features);
    const std::span<const float> one = alone.step(std::span(&input.tokens[3], 1), features);
    ASSERT_TRUE(std::ranges::equal(all.subspan(3 * vocabulary, vocabulary), one)) << t;
  }
}

TEST(EngineInEightBits, StartsAnewAfterReset) {
  const std::vector<std::byte> file = folk_file();
  const ModelView model = view_model(file, "").value();
  const Weights weights = weights_of(model);
  Engine engine(weights, 2);
  const auto first = run(engine, model.config, 2);
  EXPECT_NE(run(engine, model.config, 2), first);
  engine.reset(0);
  engine.reset(1);
  EXPECT_EQ(run(engine, model.config, 2), first);
}

}  // namespace
}  // namespace lilt::infer
