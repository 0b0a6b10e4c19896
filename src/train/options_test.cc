#include "train/options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace lilt::train {
namespace {

Options unusual() {
  Options o;
  o.files = {"a b.abc", "\"é\".abc"};
  o.from = "models/a b.safetensors";
  o.model.embedding = 7;
  o.model.hidden = {3, 5};
  o.model.dropout = 0.1F;
  o.model.gate_activation = GateActivation::kHardSigmoid;
  o.batch = 3;
  o.leaves = 3;
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
  o.precision = nn::Precision::kBf16;
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
  for (const char* json : {"", "[]", "{\"files\":3}", "{\"files\":[]"}) {
    EXPECT_FALSE(options_from_json(json)) << json;
  }
  EXPECT_EQ(options_from_json("{\"batsh\":3}").error().to_string(),
            "the options of the run: batsh: unknown member; did you mean batch?");
  std::string json = to_json(unusual());
  json.replace(json.find("step\""), 4, "stop");
  EXPECT_FALSE(options_from_json(json));
}

TEST(Options, KeepTheNamesOfRunRecords) {
  const std::string json = to_json(Options{});
  for (const char* name : {"embedding",
                           "hidden",
                           "dropout",
                           "recurrent-dropout",
                           "residual",
                           "coupled-gates",
                           "layer-normalisation",
                           "gate-activation",
                           "canonical",
                           "features",
                           "keys",
                           "weights",
                           "focus",
                           "batch",
                           "window",
                           "leaves",
                           "epochs",
                           "characters",
                           "save-every",
                           "lr",
                           "schedule",
                           "warm-up",
                           "final-lr-share",
                           "step-epochs",
                           "step-factor",
                           "beta1",
                           "beta2",
                           "epsilon",
                           "weight-decay",
                           "clip-norm",
                           "precision",
                           "shuffle",
                           "valid",
                           "valid-share",
                           "patience",
                           "seed",
                           "files",
                           "from"}) {
    EXPECT_NE(json.find('"' + std::string(name) + "\":"), std::string::npos) << name;
  }
  EXPECT_EQ(std::count(json.begin(), json.end(), ':'), 38);
}

TEST(Options, ThoseThatAreGivenTakeTheirPlace) {
  const Options base{.epochs = 7, .characters = 1000, .seed = 5};
  const Options given{.batch = 3, .epochs = 9, .seed = 8};
  const Options merged = with_given(base, given, {"batch", "seed"});
  EXPECT_EQ(merged.batch, 3U);
  EXPECT_EQ(merged.epochs, 7U);
  EXPECT_EQ(merged.seed, 8U);
  EXPECT_EQ(merged.characters, 1000U);
  EXPECT_EQ(with_given(base, given, {"epochs"}).characters, 0U) << "epochs say how long";
}

TEST(Options, OfARunThatGoesOnFewMayChange) {
  const Options stored = unusual();
  Options given = stored;
  given.epochs = 20;
  given.files = {"moved.abc"};
  given.window = 10;
  const Result<Options> on = resumed(stored, given, {"epochs", "files", "batch"});
  ASSERT_TRUE(on) << on.error().to_string();
  EXPECT_EQ(on->epochs, 20U);
  EXPECT_EQ(on->files, given.files);
  EXPECT_EQ(resumed(stored, given, {"window"}).error().message,
            "`window` was 9 when this run started, found 10; leave it out to resume, or start a "
            "new run without `resume`");
  given.precision = nn::Precision::kSingle;
  EXPECT_EQ(resumed(stored, given, {"precision"}).error().message,
            "`precision` was bf16 when this run started, found single; leave it out to resume, or "
            "start a new run without `resume`");
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

TEST(Options, SayWhatWasFound) {
  const auto wrong = [](void (*spoil)(Options&)) {
    Options options;
    options.files = {"a.abc"};
    spoil(options);
    const Status status = validate(options);
    return status ? "" : status.error().to_string();
  };
  EXPECT_EQ(wrong([](Options& o) { o.leaves = 99; }),
            "expected `leaves` by which `batch` can be divided, found 99 for a `batch` of 16");
  EXPECT_EQ(wrong([](Options& o) { o.batch = o.window = 65536; }),
            "expected `batch` times `window` of at most 4194304, found 65536 times 65536");
  EXPECT_EQ(wrong([](Options& o) {
              o.model.text.canonical = true, o.weights = {1, 2};
            }),
            "expected `weights` of at most as many as there are files, found 2 weights for 1 file");
  EXPECT_EQ(wrong([](Options& o) { o.valid_share = 0.1, o.valid_file = "y"; }),
            "expected `valid` or `valid_share`, not both, found y and 0.1");
  EXPECT_EQ(wrong([](Options& o) { o.patience = 3; }),
            "expected `valid` or `valid_share` beside `patience`, found neither");
}

}  // namespace
}  // namespace lilt::train
