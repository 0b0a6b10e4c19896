#include "model/config.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace lilt {
namespace {

const ModelConfig kClassic{.vocabulary = 86};

TEST(ClassicNetwork, Has1904214Parameters) {
  EXPECT_EQ(parameter_layout(kClassic).count, 1'904'214U);
  std::size_t table = 0;
  for (const LayerRow& row : layer_table(kClassic, 16, 64)) table += row.parameters;
  EXPECT_EQ(table, 1'904'214U);
}

TEST(ClassicNetwork, HasTheLayerTableOfTheOriginal) {
  const std::vector<LayerRow> rows = layer_table(kClassic, 16, 64);
  const LayerRow expected[] = {
      {"embedding (Embedding)", "(16, 64, 512)", 44'032},
      {"lstm_1 (LSTM)", "(16, 64, 256)", 787'456},
      {"dropout_1 (Dropout)", "(16, 64, 256)", 0},
      {"lstm_2 (LSTM)", "(16, 64, 256)", 525'312},
      {"dropout_2 (Dropout)", "(16, 64, 256)", 0},
      {"lstm_3 (LSTM)", "(16, 64, 256)", 525'312},
      {"dropout_3 (Dropout)", "(16, 64, 256)", 0},
      {"dense (Dense)", "(16, 64, 86)", 22'102},
      {"activation (Softmax)", "(16, 64, 86)", 0},
  };
  ASSERT_EQ(rows.size(), std::size(expected));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].layer, expected[i].layer);
    EXPECT_EQ(rows[i].output_shape, expected[i].output_shape);
    EXPECT_EQ(rows[i].parameters, expected[i].parameters);
  }
}

TEST(ClassicNetwork, MultipliesWithAllWeightsButEmbeddingAndBiases) {
  EXPECT_EQ(matrix_weights(kClassic), 1'904'214U - 44'032 - 3 * 4 * 256 - 86);
}

TEST(LayerTable, ShowsFreeDimensionsAsDashes) {
  const ModelConfig config{.vocabulary = 5, .embedding = 3, .hidden = {2}};
  EXPECT_EQ(layer_table(config, 0, 0).front().output_shape, "(-, -, 3)");
  EXPECT_EQ(layer_table(config, 1, 0).back().output_shape, "(1, -, 5)");
}

TEST(TensorSpecs, AreInOrderWithoutHoles) {
  const ModelConfig config{.vocabulary = 7, .embedding = 5, .hidden = {3, 2}};
  const std::vector<TensorSpec> specs = tensor_specs(config);
  const TensorSpec expected[] = {
      {"embedding", {7, 5}}, {"lstm.0.input", {5, 12}}, {"lstm.0.recurrent", {3, 12}},
      {"lstm.0.bias", {12}}, {"lstm.1.input", {3, 8}},  {"lstm.1.recurrent", {2, 8}},
      {"lstm.1.bias", {8}},  {"dense.weight", {2, 7}},  {"dense.bias", {7}},
  };
  ASSERT_EQ(specs.size(), std::size(expected));
  std::size_t offset = 0;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(specs[i].name, expected[i].name);
    EXPECT_EQ(specs[i].shape, expected[i].shape);
    EXPECT_EQ(specs[i].offset, offset) << specs[i].name;
    offset += expected[i].size();
  }
  EXPECT_EQ(offset, parameter_layout(config).count);
}

TEST(ParameterLayout, AgreesWithTheTensorSpecs) {
  const ModelConfig config{.vocabulary = 7, .embedding = 5, .hidden = {3, 2}};
  const std::vector<TensorSpec> specs = tensor_specs(config);
  const ParameterLayout layout = parameter_layout(config);
  const auto offset = [&](const std::string& name) {
    for (const TensorSpec& spec : specs) {
      if (spec.name == name) return spec.offset;
    }
    return std::numeric_limits<std::size_t>::max();
  };
  EXPECT_EQ(layout.embedding, offset("embedding"));
  ASSERT_EQ(layout.layers.size(), 2U);
  for (std::size_t l = 0; l < 2; ++l) {
    const std::string layer = "lstm." + std::to_string(l);
    EXPECT_EQ(layout.layers[l].input, offset(layer + ".input"));
    EXPECT_EQ(layout.layers[l].recurrent, offset(layer + ".recurrent"));
    EXPECT_EQ(layout.layers[l].bias, offset(layer + ".bias"));
  }
  EXPECT_EQ(layout.dense_weight, offset("dense.weight"));
  EXPECT_EQ(layout.dense_bias, offset("dense.bias"));
}

TEST(Validate, AcceptsTheLimits) {
  EXPECT_TRUE(validate(kClassic).ok());
  EXPECT_TRUE(validate({.vocabulary = 1, .embedding = 1, .hidden = {1}, .dropout = 0}).ok());
  EXPECT_TRUE(validate({.vocabulary = kMaxWidth,
                        .embedding = kMaxWidth,
                        .hidden = std::vector<std::size_t>(kMaxLayers, kMaxWidth),
                        .dropout = std::nextafter(1.0F, 0.0F)})
                  .ok());
}

TEST(TensorSpecs, HaveFeaturesAndWhatGoesPastTheFirstLayer) {
  const ModelConfig config{.vocabulary = 7,
                           .embedding = 5,
                           .features = {{"one", 4, 2}, {"two", 9, 3}},
                           .hidden = {6, 6},
                           .residual = true,
                           .text = {.canonical = true, .dialects = {}}};
  EXPECT_TRUE(validate(config).ok());
  const std::vector<TensorSpec> specs = tensor_specs(config);
  EXPECT_EQ(specs[1].name, "feature.one");
  EXPECT_EQ(specs[2].shape, (std::vector<std::size_t>{9, 3}));
  EXPECT_EQ(specs[3].name, "skip");
  EXPECT_EQ(specs[3].shape, (std::vector<std::size_t>{10, 6}));
  EXPECT_EQ(specs[4].shape, (std::vector<std::size_t>{10, 24}));
  const ParameterLayout layout = parameter_layout(config);
  EXPECT_EQ(layout.features, (std::vector<std::size_t>{35, 43}));
  EXPECT_EQ(layout.skip, 70U);
  EXPECT_EQ(matrix_weights(config), 10U * 6 + (10 + 6) * 24 + (6 + 6) * 24 + 6 * 7);
}

TEST(TensorSpecs, HaveThreeGatesWhereTheyAreCoupledAndGainsWhereTheyAreNormalised) {
  const ModelConfig config{.vocabulary = 7,
                           .embedding = 5,
                           .hidden = {6, 4},
                           .coupled_gates = true,
                           .layer_normalisation = true};
  EXPECT_TRUE(validate(config).ok());
  const std::vector<TensorSpec> specs = tensor_specs(config);
  EXPECT_EQ(specs[1].shape, (std::vector<std::size_t>{5, 18}));
  EXPECT_EQ(specs[4].name, "lstm.0.gain");
  EXPECT_EQ(specs[4].shape, (std::vector<std::size_t>{18}));
  EXPECT_EQ(specs[8].name, "lstm.1.gain");
  const ParameterLayout layout = parameter_layout(config);
  EXPECT_EQ(layout.layers[0].gain, specs[4].offset);
  EXPECT_EQ(layout.layers[1].gain, specs[8].offset);
  EXPECT_EQ(layout.dense_weight, specs[9].offset);
  EXPECT_EQ(matrix_weights(config), (5U + 6) * 18 + (6 + 4) * 12 + 4 * 7);
  std::size_t parameters = 0;
  for (const LayerRow& row : layer_table(config, 0, 0)) parameters += row.parameters;
  EXPECT_EQ(parameters, layout.count);
}

TEST(LayerTable, IsTextWithItsSums) {
  const ModelConfig config{.vocabulary = 86, .embedding = 512, .hidden = {256}};
  EXPECT_EQ(layer_table_text(config, 16, 64),
            "Layer                     Output shape            Parameters\n"
            "------------------------------------------------------------\n"
            "embedding (Embedding)     (16, 64, 512)               44,032\n"
            "lstm_1 (LSTM)             (16, 64, 256)              787,456\n"
            "dropout_1 (Dropout)       (16, 64, 256)                    0\n"
            "dense (Dense)             (16, 64, 86)                22,102\n"
            "activation (Softmax)      (16, 64, 86)                     0\n"
            "------------------------------------------------------------\n"
            "Total parameters: 853,590\n"
            "Trainable parameters: 853,590\n"
            "Non-trainable parameters: 0");
}

TEST(LayerTable, HasRoomForLongNames) {
  ModelConfig config{.vocabulary = 8, .embedding = 4, .hidden = {3}};
  config.features = {{.name = "repetition-streak", .values = 8, .width = 4}};
  const std::string text = layer_table_text(config, 0, 0);
  EXPECT_NE(text.find("\nrepetition-streak (Embedding) (-, -, 4) "), std::string::npos) << text;
  EXPECT_NE(text.find("\nembedding (Embedding)         (-, -, 4) "), std::string::npos) << text;
  EXPECT_NE(text.find("\n" + std::string(64, '-') + "\n"), std::string::npos) << text;
}

TEST(Validate, RefusesWhatCannotBeBuilt) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::pair<const char*, ModelConfig> cases[] = {
      {"the vocabulary", {.vocabulary = 0}},
      {"the vocabulary", {.vocabulary = kMaxWidth + 1}},
      {"embedding: expected", {.vocabulary = 5, .embedding = 0}},
      {"embedding: expected", {.vocabulary = 5, .embedding = ~std::size_t{0}}},
      {"LSTM layers", {.vocabulary = 5, .hidden = {}}},
      {"LSTM layers", {.vocabulary = 5, .hidden = std::vector<std::size_t>(kMaxLayers + 1, 1)}},
      {"hidden: expected", {.vocabulary = 5, .hidden = {4, 0, 4}}},
      {"hidden: expected", {.vocabulary = 5, .hidden = {4, kMaxWidth + 1}}},
      {"dropout: expected", {.vocabulary = 5, .dropout = 1}},
      {"dropout: expected", {.vocabulary = 5, .dropout = -0.01F}},
      {"dropout: expected", {.vocabulary = 5, .dropout = kNan}},
      {"dropout: expected", {.vocabulary = 5, .recurrent_dropout = 1}},
      {"one width", {.vocabulary = 5, .hidden = {4, 5}, .residual = true}},
      {"canonical text", {.vocabulary = 5, .features = {{"one", 2, 3}}}},
      {"features named", {.vocabulary = 5, .features = {{"\033[1m", 2, 3}}, .text = {true, {}}}},
      {"values of", {.vocabulary = 5, .features = {{"one", 0, 3}}, .text = {true, {}}}},
      {"the feature one", {.vocabulary = 5, .features = {{"one", 2, 0}}, .text = {true, {}}}},
      {"twice", {.vocabulary = 5, .features = {{"one", 2, 3}, {"one", 2, 3}}, .text = {true, {}}}},
      {"features",
       {.vocabulary = 5,
        .features = std::vector<FeatureConfig>(kMaxFeatures + 1, {"one", 2, 3}),
        .text = {true, {}}}},
      {"dialects",
       {.vocabulary = 5, .text = {true, std::vector<std::string>(kMaxDialects + 1, "x")}}},
  };
  for (const auto& [what, config] : cases) {
    const Status status = validate(config);
    ASSERT_FALSE(status.ok()) << what;
    EXPECT_EQ(status.error().code, ErrorCode::kOption);
    EXPECT_NE(status.error().to_string().find(what), std::string::npos)
        << status.error().to_string();
  }
}

TEST(GateActivation, HasTheNamesOfModelFiles) {
  EXPECT_EQ(name_of(GateActivation::kHardSigmoid), "hard_sigmoid");
  EXPECT_EQ(value_named<GateActivation>("sigmoid"), GateActivation::kSigmoid);
  EXPECT_FALSE(value_named<GateActivation>("Sigmoid"));
}

}  // namespace
}  // namespace lilt
