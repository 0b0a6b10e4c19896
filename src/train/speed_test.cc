#include "train/speed.h"

#include <gtest/gtest.h>

#include "corpus/learning_text.h"
#include "model/model_file.h"

namespace lilt::train {
namespace {

TEST(Speed, IsThatOfWholeUpdates) {
  for (const Preset preset : {Preset::kClassic, Preset::kFolk}) {
    Options options = speed_options(preset);
    options.model.embedding = 4;
    options.model.hidden = {4, 4};
    options.batch = 2;
    options.window = 8;
    const Speed speed = measure_speed(options, 1, 3);
    EXPECT_GT(speed.seconds_per_update, 0) << name_of(preset);
    EXPECT_NEAR(speed.characters_per_second * speed.seconds_per_update, 16, 1e-9);
    EXPECT_NEAR(speed.gflops * speed.seconds_per_update * 1e9,
                6.0 * 16 * static_cast<double>(matrix_weights(options.model)), 1e-3);
  }
}

TEST(SpeedOptions, HaveTheNetworkOfTheirText) {
  EXPECT_EQ(speed_options(Preset::kClassic).model.vocabulary, 86U);
  const Options folk = speed_options(Preset::kFolk);
  EXPECT_EQ(folk.model.vocabulary, corpus::learning_vocabulary({}).size());
  EXPECT_EQ(folk.model.features.empty(), folk.features.empty());
}

TEST(UntrainedModel, IsAModelThatCanWriteTunes) {
  for (const Preset preset : {Preset::kClassic, Preset::kFolk}) {
    const ModelConfig config = speed_options(preset).model;
    const std::vector<std::byte> file = untrained_model(config);
    const Result<ModelView> model = view_model(file, "untrained");
    ASSERT_TRUE(model) << name_of(preset);
    EXPECT_EQ(model->config, config);
    EXPECT_TRUE(model->vocabulary.encode("X:1\nM:6/8\nK:D\n|:\"A\"a^f/2:|").ok());
  }
}

}  // namespace
}  // namespace lilt::train
