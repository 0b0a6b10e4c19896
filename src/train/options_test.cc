#include "train/options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace lilt::train {
namespace {

Options unusual() {
  Options o;
  o.files = {"a b.abc", "\"é\".abc"};
  o.model.embedding = 7;
  o.model.hidden = {3, 5};
  o.model.dropout = 0.1F;
  o.model.gate_activation = GateActivation::kHardSigmoid;
  o.batch = 3;
  o.window = 9;
  o.epochs = 11;
  o.save_every = 4;
  o.learning_rate = {.schedule = Schedule::kStep,
                     .rate = 0.1,
                     .warm_up = 5,
                     .final_share = 0.2,
                     .step_epochs = 3,
                     .step_factor = 0.7};
  o.optimizer = {
      .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-9, .weight_decay = 0.03, .clip_norm = 0.7};
  o.shuffle = true;
  o.valid_share = 0.3;
  o.patience = 6;
  o.seed = 0xFFFFFFFFFFFFFFFF;
  return o;
}

TEST(Options, SurviveJson) {
  const std::string json = to_json(unusual());
  const Result<Options> back = options_from_json(json);
  ASSERT_TRUE(back) << back.error().to_string();
  EXPECT_EQ(to_json(*back), json);
  EXPECT_NE(json, to_json(Options{}));
}

TEST(Options, MalformedJsonIsAnError) {
  for (const char* json : {"", "[]", "{}", "{\"files\":3}", "{\"files\":[]"}) {
    EXPECT_FALSE(options_from_json(json)) << json;
  }
  std::string json = to_json(unusual());
  json.replace(json.find("step\""), 4, "stop");
  EXPECT_FALSE(options_from_json(json));
}

TEST(Options, WhatCannotWorkIsRefused) {
  Options good;
  good.files = {"x"};
  ASSERT_TRUE(validate(good));
  const std::function<void(Options&)> spoilers[] = {
      [](Options& o) { o.files.clear(); },
      [](Options& o) { o.model.hidden.clear(); },
      [](Options& o) {
        o.model.hidden = {256, 0};
      },
      [](Options& o) { o.model.dropout = 1; },
      [](Options& o) { o.batch = 0; },
      [](Options& o) { o.window = 0; },
      [](Options& o) { o.batch = 65536, o.window = 65536; },
      [](Options& o) { o.epochs = 0; },
      [](Options& o) { o.save_every = 0; },
      [](Options& o) { o.learning_rate.rate = 0; },
      [](Options& o) { o.learning_rate.rate = HUGE_VAL; },
      [](Options& o) { o.learning_rate.final_share = 2; },
      [](Options& o) { o.optimizer.beta1 = 1; },
      [](Options& o) { o.optimizer.clip_norm = -1; },
      [](Options& o) { o.valid_share = 1; },
      [](Options& o) { o.valid_share = 0.1, o.valid_file = "y"; },
      [](Options& o) { o.patience = 3; },
  };
  for (std::size_t i = 0; i < std::size(spoilers); ++i) {
    Options spoiled = good;
    spoilers[i](spoiled);
    const Status status = validate(spoiled);
    ASSERT_FALSE(status) << "spoiler " << i;
    EXPECT_EQ(status.error().code, ErrorCode::kOption);
  }
}

}  // namespace
}  // namespace lilt::train
