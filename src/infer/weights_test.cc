#include "infer/weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "infer/engine.h"
#include "small_model.h"

namespace lilt::infer {
namespace {

// With every kind of tensor.
ModelContents small_model() {
  ModelConfig config{.embedding = 3, .hidden = {4, 4}, .residual = true};
  config.coupled_gates = config.layer_normalisation = true;
  config.features = {{"metre", 5, 2}};
  config.text.canonical = true;
  return support::random_model(support::vocabulary_of("\nABCdefg|"), config);
}

Result<Weights> weights_of(const ModelContents& model, Precision precision) {
  const std::vector<std::byte> file = support::file_of(model);
  return Weights::of(*view_model(file, ""), precision);
}

// Whether all logits of some steps are finite.
bool stays_finite(const Weights& weights) {
  Engine engine(weights, 2);
  for (Token t = 0; t < 50; ++t) {
    const Token tokens[] = {static_cast<Token>(t % 9), static_cast<Token>(t % 7)};
    const Token features[] = {static_cast<Token>(t % 5), kUnknownToken};
    for (const float logit : engine.step(tokens, features)) {
      if (!std::isfinite(logit)) return false;
    }
  }
  return true;
}

TEST(Weights, InEightBitsTooLargeOnesAreRefusedByTheNameOfTheirTensor) {
  const ModelContents good = small_model();
  for (const TensorSpec& spec : tensor_specs(good.config)) {
    for (const float hostile : {65505.0F, -1e30F, std::numeric_limits<float>::max()}) {
      ModelContents model = good;
      model.weights[spec.offset + spec.size() - 1] = hostile;
      const Result<Weights> refused = weights_of(model, Precision::kEightBit);
      ASSERT_FALSE(refused) << spec.name;
      EXPECT_EQ(refused.error().code, ErrorCode::kNumeric);
      EXPECT_EQ(refused.error().message.find("tensor " + spec.name +
                                             ": expected weights of at most 65504 for 8 bits"),
                0U)
          << refused.error().message;
      EXPECT_TRUE(weights_of(model, Precision::kSingle)) << spec.name;
    }
  }
}

TEST(Weights, TheLargestInEightBitsGiveFiniteLogits) {
  ModelContents model = small_model();
  for (const float sign : {1.0F, -1.0F}) {
    for (float& w : model.weights) w = w > 0 ? 65504.0F : sign * 65504.0F;
    const Result<Weights> weights = weights_of(model, Precision::kEightBit);
    ASSERT_TRUE(weights);
    EXPECT_TRUE(stays_finite(*weights));
  }
}

// The least positive number, and the greatest whose reciprocal is not finite once it is scaled.
TEST(Weights, TheSmallestInEightBitsAreNothing) {
  ModelContents model = small_model();
  for (const float tiny : {std::numeric_limits<float>::denorm_min(), 1e-40F, 3.7e-37F}) {
    for (float& w : model.weights) w = std::copysign(tiny, w);
    const Result<Weights> weights = weights_of(model, Precision::kEightBit);
    ASSERT_TRUE(weights);
    EXPECT_TRUE(stays_finite(*weights));
  }
}

TEST(Weights, TablesLargerThanAModelNeedsAreRefused) {
  ModelConfig config{.embedding = 1, .hidden = {1024}};
  config.text.canonical = true;
  for (int k = 0; k < 5; ++k) config.features.push_back({"f" + std::to_string(k), 16384, 1});
  const ModelContents model = support::random_model(support::vocabulary_of("\nA"), config);
  for (const Precision precision : {Precision::kSingle, Precision::kEightBit}) {
    const Result<Weights> refused = weights_of(model, precision);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFormat);
    EXPECT_EQ(refused.error().message,
              "expected at most 65536 characters and values of features beside a first layer of "
              "1024, found 81922");
  }
}

}  // namespace
}  // namespace lilt::infer
