#include "train/trainer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/environment_error.h"
#include "base/file.h"
#include "base/folder_lock.h"
#include "ranks_of_threads.h"
#include "train/going_on.h"

namespace lilt::train {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Stops a run after so many updates, and remembers what it saw.
struct Watcher : Observer {
  std::size_t stop_after = static_cast<std::size_t>(-1), updates = 0;
  std::vector<EpochRecord> epochs;
  std::vector<std::string> messages;

  void on_update(const UpdateReport& r) override {
    ++updates;
    EXPECT_GT(r.loss, 0);
    EXPECT_LE(r.window, r.windows);
  }
  void on_epoch(const EpochRecord& record) override { epochs.push_back(record); }
  void on_message(const std::string& message) override { messages.push_back(message); }
  bool stop_requested() override { return updates >= stop_after; }
};

class TrainerTest : public testing::Test {
 protected:
  TrainerTest() {
    fs::create_directories(folder_);
    std::string tunes;
    for (int i = 1; i <= 24; ++i) {
      tunes += "X:" + std::to_string(i) + "\nT:Tune " + std::string(1, static_cast<char>('a' + i)) +
               "\nM:4/4\nK:D\n" +
               (i % 2 == 0 ? "ABcd efga|gfed cBA2|]\n\n" : "d2fa e2ce|d4 A4|]\n\n");
    }
    write_file_atomically(folder_ / "tunes.abc", tunes);
    options_.files = {(folder_ / "tunes.abc").string()};
    options_.model.embedding = 6;
    options_.model.hidden = {10, 9};
    options_.batch = 3;
    options_.window = 12;
    options_.epochs = 4;
    options_.save_every = 2;
    options_.shuffle = true;
    options_.valid_share = 0.2;
    options_.learning_rate = {.schedule = Schedule::kCosine, .rate = 0.02, .warm_up = 7};
    options_.optimizer.clip_norm = 1;
  }
  ~TrainerTest() override { fs::remove_all(folder_); }

  RunSummary run(const std::string& out, Watcher& watcher, bool resume = false,
                 std::size_t threads = 1) {
    Result<RunSummary> summary =
        train(options_, {.out = folder_ / out, .threads = threads, .resume = resume}, watcher);
    EXPECT_TRUE(summary) << summary.error().to_string();
    return *summary;
  }

  void expect_same_models(const std::string& a, const std::string& b) {
    for (const char* name :
         {"last.safetensors", "best.safetensors", "epoch-2.safetensors", "epoch-4.safetensors"}) {
      const std::string one = contents(folder_ / a / "model" / name);
      EXPECT_FALSE(one.empty()) << name;
      EXPECT_EQ(one, contents(folder_ / b / "model" / name)) << name;
    }
  }

  // A run of the options that is stopped after so many updates and resumed ends as one that is not.
  void expect_same_bits_when_stopped_after(const std::vector<std::size_t>& stops) {
    Watcher whole;
    run("whole", whole);
    EXPECT_EQ(whole.epochs.size(), 4U);
    EXPECT_LT(whole.epochs.back().loss, whole.epochs.front().loss);
    for (const std::size_t stop : stops) {
      const std::string out = "stopped" + std::to_string(stop);
      Watcher first, second;
      first.stop_after = stop;
      EXPECT_EQ(run(out, first).ending, Ending::kInterrupted);
      EXPECT_EQ(run(out, second, true, 3).ending, Ending::kFinished);
      EXPECT_EQ(first.updates + second.updates, whole.updates);
      expect_same_models("whole", out);
    }
  }

  fs::path folder_ = fs::temp_directory_path() / ("lilt-trainer-test-" + std::to_string(getpid()));
  Options options_;
};

TEST_F(TrainerTest, AnInterruptedRunEndsInTheSameBits) {
  expect_same_bits_when_stopped_after({1, 5, 16, 17, 40});
}

TEST_F(TrainerTest, AnInterruptedRunInBf16EndsInTheSameBits) {
  options_.precision = nn::Precision::kBf16;
  expect_same_bits_when_stopped_after({1, 6});
}

// A text that is learnt by heart in single precision is learnt by heart in bf16.
TEST_F(TrainerTest, LearnsAsWellInBf16) {
  options_.model.embedding = 16;
  options_.model.hidden = {32, 32};
  options_.epochs = 30;
  std::vector<double> losses;
  for (const nn::Precision precision : {nn::Precision::kSingle, nn::Precision::kBf16}) {
    options_.precision = precision;
    Watcher watcher;
    run(std::string(name_of(precision)), watcher);
    losses.push_back(watcher.epochs.back().loss);
  }
  EXPECT_LT(losses[0], 0.3);
  EXPECT_LT(losses[1], losses[0] + 0.03);
  EXPECT_NE(losses[1], losses[0]);
}

TEST_F(TrainerTest, AnInterruptedRunOfWholeTunesEndsInTheSameBits) {
  std::string others;
  for (int i = 1; i <= 9; ++i) {
    others += "X:" + std::to_string(i) + "\nT:Other\nR:jig\nM:6/8\nK:Em\n" +
              (i % 2 == 0 ? "EBB BAG|\"Am\"FAA A3:|\n\n" : "e2f gfe|dBA G3|\nE6|e6|]\n\n");
  }
  write_file_atomically(folder_ / "others.abc", others);
  options_.files.push_back((folder_ / "others.abc").string());
  options_.shuffle = false;
  options_.model.hidden = {9, 9};
  options_.model.text.canonical = true;
  options_.model.residual = true;
  options_.model.recurrent_dropout = 0.1F;
  options_.features = {"all"};
  options_.keys = corpus::Keys::kUsual;
  options_.weights = {1, 0.7};
  options_.focus = 0.3;
  expect_same_bits_when_stopped_after({1, 20, 50, 99});
}

TEST_F(TrainerTest, LeavesGiveTheSameBitsOnAnyNumberOfThreads) {
  options_.batch = 6;
  options_.leaves = 3;
  options_.window = 6;
  options_.model.dropout = 0.2F;
  expect_same_bits_when_stopped_after({1, 20});
}

// Ranks that are stopped, by any of them, and resumed in another number.
TEST_F(TrainerTest, AnyNumberOfRanksEndsInTheSameBits) {
  options_.batch = 12;
  options_.leaves = 4;
  options_.window = 4;
  options_.epochs = 4;
  options_.model.dropout = 0.2F;
  Watcher whole;
  run("whole", whole);
  const auto run_ranks = [&](std::size_t size, const std::string& out, bool resume,
                             std::size_t stop_after) {
    support::on_ranks(size, [&](Ranks& ranks) {
      Watcher watcher;
      watcher.stop_after = ranks.rank() == stop_after % size ? stop_after : 1000;
      const Result<RunSummary> summary = train(
          options_,
          {.out = folder_ / out, .threads = 1 + ranks.rank(), .resume = resume, .ranks = &ranks},
          watcher);
      ASSERT_TRUE(summary) << summary.error().to_string();
      EXPECT_EQ(summary->ending, stop_after < 1000 ? Ending::kInterrupted : Ending::kFinished);
      EXPECT_EQ(watcher.epochs.empty(), !ranks.is_first() || stop_after < 5);
    });
  };
  run_ranks(4, "four", false, 1000);
  expect_same_models("whole", "four");
  run_ranks(2, "two", false, 20);  // by the first, after an epoch
  run_ranks(3, "two", true, 0);    // after one more update
  run_ranks(1, "two", true, 1000);
  expect_same_models("whole", "two");
  EXPECT_EQ(contents(folder_ / "whole" / "logs" / "training_log.csv").substr(0, 30),
            contents(folder_ / "two" / "logs" / "training_log.csv").substr(0, 30));
}

TEST_F(TrainerTest, RanksWantLeavesAndTheSameTunes) {
  options_.batch = 4;
  options_.leaves = 2;
  const auto error_of_ranks = [&](std::size_t size) {
    std::string message;
    support::on_ranks(size, [&](Ranks& ranks) {
      Options options = options_;
      if (ranks.rank() == 1) options.files.push_back(options.files.front());
      Watcher watcher;
      const Result<RunSummary> summary =
          train(options, {.out = folder_ / "ranks", .threads = 1, .ranks = &ranks}, watcher);
      ASSERT_FALSE(summary);
      if (ranks.is_first()) message = summary.error().message;
    });
    return message;
  };
  EXPECT_EQ(error_of_ranks(3),
            "expected `leaves` of at least 3, as many as there are processes, "
            "found 2");
  EXPECT_EQ(error_of_ranks(2), "rank 1: expected the same tunes as rank 0 reads, found other ones");
  EXPECT_FALSE(fs::exists(folder_ / "ranks" / "model"));
}

// Only the order of sums differs.
TEST_F(TrainerTest, LeavesLearnWhatTheWholeBatchLearns) {
  options_.batch = 6;
  options_.window = 6;
  options_.epochs = 1;
  options_.model.dropout = 0.2F;
  options_.model.recurrent_dropout = 0.1F;
  Watcher whole, parts;
  run("whole", whole);
  for (const std::size_t leaves : {1, 2, 6}) {
    options_.leaves = leaves;
    run("leaves" + std::to_string(leaves), parts);
    EXPECT_NEAR(parts.epochs.back().loss, whole.epochs.back().loss, 1e-4) << leaves;
    EXPECT_NEAR(parts.epochs.back().validation->bits, whole.epochs.back().validation->bits, 0.1);
  }
}

TEST_F(TrainerTest, LeavesHaveToDivideTheBatch) {
  options_.leaves = 2;
  const Status status = validate(options_);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message,
            "expected `leaves` by which `batch` can be divided, found 2 for a `batch` of 3");
}

// --- From a model

// A run of whole tunes, so that others can go on from its model.
class FromTest : public TrainerTest {
 protected:
  FromTest() {
    options_.shuffle = false;
    options_.model.hidden = {9, 9};
    options_.model.text.canonical = true;
    options_.features = {"all"};
    options_.epochs = 6;
    Watcher watcher;
    base_ = run("base", watcher).model.string();
    first_loss_ = watcher.epochs.front().loss;
    write("mine.abc", "X:1\nT:Mine \u00F8\nM:4/4\nK:D\nABcd efga|gfed cBA2|d2fa e2ce|d4 A4|]\n\n" +
                          contents(folder_ / "tunes.abc"));
  }

  void write(const char* name, const std::string& text) {
    write_file_atomically(folder_ / name, text);
  }

  // The options of a run that goes on, as far as these are given.
  Result<Options> from(Options given, std::set<std::string> names = {}) {
    given.from = base_;
    given.files = {(folder_ / "mine.abc").string()};
    given.batch = options_.batch;
    given.window = options_.window;
    names.insert({"from", "files", "batch", "window"});
    return started(Preset::kClassic, given, names);
  }

  std::string base_;
  double first_loss_ = 0;
};

TEST_F(FromTest, GoesOnWithWhatItKnew) {
  const Result<Options> options = from({});
  ASSERT_TRUE(options) << options.error().to_string();
  EXPECT_EQ(options->model.hidden, options_.model.hidden);
  EXPECT_EQ(options->epochs, 10U);
  EXPECT_EQ(options->learning_rate.rate, 0.001);
  EXPECT_EQ(options->keys, corpus::Keys::kUsual);
  options_ = *options;
  Watcher watcher;
  const RunSummary summary = run("more", watcher);
  EXPECT_LT(watcher.epochs.front().loss, 0.8 * first_loss_);
  EXPECT_LT(watcher.epochs.back().loss, watcher.epochs.front().loss);
  ASSERT_EQ(watcher.messages.size(), 1U);
  EXPECT_NE(watcher.messages[0].find("'\u00F8' (U+00F8)"), std::string::npos);
  const ModelContents model = *read_model(FileBytes(summary.model).bytes(), "");
  EXPECT_EQ(model.config.text.dialects, (std::vector<std::string>{"mine", "tunes"}));
  EXPECT_NE(model.provenance.find("\"from\":\"best.safetensors\""), std::string::npos);
  EXPECT_NE(contents(folder_ / "more" / "logs" / "run.json").find("\"sha256\""), std::string::npos);
}

TEST_F(FromTest, AnInterruptedRunEndsInTheSameBitsWithoutThatModel) {
  options_ = *from({.epochs = 4, .save_every = 2, .valid_share = 0.2},
                   {"epochs", "save_every", "valid_share"});
  Watcher whole, first, second;
  run("whole", whole);
  first.stop_after = 30;
  run("stopped", first);
  fs::remove(base_);
  EXPECT_EQ(run("stopped", second, true, 3).ending, Ending::kFinished);
  expect_same_models("whole", "stopped");
}

TEST_F(FromTest, ACollectionThatItKnowsKeepsItsName) {
  options_ = *from({.epochs = 1}, {"epochs"});
  options_.files = {(folder_ / "mine.abc").string(), (folder_ / "tunes.abc").string()};
  Watcher watcher;
  const ModelContents model = *read_model(FileBytes(run("more", watcher).model).bytes(), "");
  EXPECT_EQ(model.config.text.dialects, (std::vector<std::string>{"mine", "tunes"}));
}

TEST_F(FromTest, DialectsTakeTheirWeightsAlong) {
  ModelContents base = *read_model(FileBytes(base_).bytes(), "");
  base.config.text.dialects = {"a", "b"};
  const ModelConfig& c = base.config;
  const std::size_t width = c.features[0].width, begin = parameter_layout(c).features[0];
  ASSERT_EQ(c.features[0].name, "dialect");
  ModelConfig config = c;
  config.text.dialects = joined_dialects({"c", "b"}, c.text.dialects);
  EXPECT_EQ(config.text.dialects, (std::vector<std::string>{"c", "b", "a"}));
  const std::vector<float> weights = adopted_weights(base, config);
  for (std::size_t i = 0; i < width; ++i) {
    const auto old = [&](std::size_t row) { return base.weights[begin + row * width + i]; };
    const auto now = [&](std::size_t row) { return weights[begin + row * width + i]; };
    EXPECT_EQ(now(0), old(0));
    EXPECT_FLOAT_EQ(now(1), (old(1) + old(2)) / 2);
    EXPECT_EQ(now(2), old(2));
    EXPECT_EQ(now(3), old(1));
    EXPECT_EQ(now(4), old(4));
  }
}

TEST_F(FromTest, RefusesAnotherNetwork) {
  const auto refused = [&](const Options& given, const char* name) {
    const Result<Options> options = from(given, {name});
    EXPECT_FALSE(options) << name;
    return options ? "" : options.error().message;
  };
  Options given;
  given.model.hidden = {9, 8};
  EXPECT_NE(refused(given, "hidden").find("`hidden` is 9,9 in the model to go on from, found 9,8"),
            std::string::npos);
  given.features = {"bar"};
  EXPECT_NE(refused(given, "features").find("`features`"), std::string::npos);
  EXPECT_NE(refused(given, "canonical").find("`canonical`"), std::string::npos);
  given.features = {"all"};
  EXPECT_TRUE(from(given, {"features"}));
  given.model.dropout = 0.3F;
  EXPECT_TRUE(from(given, {"dropout"}));
}

TEST_F(TrainerTest, AModelOfTextAsWrittenWantsTheCharactersItKnows) {
  Watcher watcher;
  const std::string base = run("base", watcher).model.string();
  write_file_atomically(folder_ / "mine.abc", contents(folder_ / "tunes.abc") + "W:Q!\n");
  Options given = options_;
  given.from = base;
  given.files = {(folder_ / "mine.abc").string()};
  const Result<Options> options =
      started(Preset::kClassic, given, {"from", "files", "batch", "window"});
  ASSERT_TRUE(options) << options.error().to_string();
  options_ = *options;
  const Result<RunSummary> summary =
      train(options_, {.out = folder_ / "more", .threads = 1}, watcher);
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().message.find("found '!' (U+0021), 'Q' (U+0051), 'W' (U+0057)"),
            std::string::npos)
      << summary.error().message;
}

TEST_F(TrainerTest, TheLogOfAResumedRunHasEveryEpochOnce) {
  Watcher first, second;
  first.stop_after = 30;
  run("run", first);
  run("run", second, true);
  std::istringstream log(contents(folder_ / "run" / "logs" / "training_log.csv"));
  std::string line;
  std::getline(log, line);
  EXPECT_EQ(line.rfind("epoch,loss,acc,", 0), 0U);
  for (int epoch = 1; epoch <= 4; ++epoch) {
    ASSERT_TRUE(std::getline(log, line));
    EXPECT_EQ(line.rfind(std::to_string(epoch) + ",", 0), 0U) << line;
  }
  EXPECT_FALSE(std::getline(log, line));
}

TEST_F(TrainerTest, AnEarlierRunIsKept) {
  options_.epochs = 1;
  Watcher first, second;
  run("run", first);
  const std::string before = contents(folder_ / "run" / "model" / "last.safetensors");
  options_.seed = 2;
  run("run", second);
  EXPECT_EQ(contents(folder_ / "run" / "model-1" / "last.safetensors"), before);
  EXPECT_NE(contents(folder_ / "run" / "model" / "last.safetensors"), before);
  EXPECT_TRUE(fs::exists(folder_ / "run" / "logs-1" / "training_log.csv"));
  EXPECT_EQ(second.messages.size(), 1U);
}

TEST_F(TrainerTest, TwoRunsDoNotShareAFolder) {
  options_.epochs = 1;
  Watcher watcher;
  {
    const std::optional<FolderLock> other = FolderLock::try_lock(folder_ / "run");
    EXPECT_THROW(run("run", watcher), EnvironmentError);
    EXPECT_TRUE(fs::is_empty(folder_ / "run"));
  }
  run("run", watcher);
}

TEST_F(TrainerTest, StopsWhenValidationNoLongerImproves) {
  options_.epochs = 200;
  options_.learning_rate = {.rate = 0.05};
  options_.patience = 2;
  Watcher watcher;
  const RunSummary summary = run("run", watcher);
  EXPECT_EQ(summary.ending, Ending::kEarlyStopped);
  EXPECT_EQ(summary.progress.epoch, summary.progress.best_epoch + 2);
  EXPECT_TRUE(
      fs::exists(folder_ / "run" / "model" / epoch_checkpoint_name(summary.progress.epoch)));
}

TEST_F(TrainerTest, ALossThatIsNotFiniteKeepsTheLastGoodCheckpoint) {
  options_.learning_rate = {.rate = 1e38};
  options_.optimizer.clip_norm = 0;
  Watcher watcher;
  const Result<RunSummary> summary =
      train(options_, {.out = folder_ / "run", .threads = 1}, watcher);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kNumeric);
  EXPECT_NE(summary.error().message.find("`lr`"), std::string::npos);
  const Result<Checkpoint> good = Checkpoint::read(folder_ / "run" / "model" / kLastCheckpoint);
  EXPECT_TRUE(good) << good.error().to_string();
}

TEST_F(TrainerTest, LearnsAsManyCharactersAsItIsAskedTo) {
  const std::size_t update = options_.batch * options_.window;
  const auto learnt = [&](std::size_t characters, const char* out) {
    options_.characters = characters;
    Watcher watcher;
    const RunSummary summary = run(out, watcher);
    EXPECT_EQ(summary.progress.updates, watcher.updates);
    return watcher.updates * update;
  };
  EXPECT_EQ(learnt(5 * update, "few"), 5 * update);
  EXPECT_EQ(learnt(5 * update + 1, "few more"), 6 * update);
  options_.epochs = 1;
  const std::size_t epoch = learnt(0, "one epoch");
  EXPECT_EQ(learnt(epoch, "as many"), epoch);
  EXPECT_EQ(learnt(2 * epoch - update, "nearly two epochs"), 2 * epoch);
}

TEST_F(TrainerTest, ADifferentTextIsNotResumed) {
  Watcher first, second;
  first.stop_after = 3;
  run("run", first);
  write_file_atomically(options_.files[0], contents(options_.files[0]) + "X:99\nK:D\nABcd|]\n");
  const Result<RunSummary> summary =
      train(options_, {.out = folder_ / "run", .threads = 1, .resume = true}, second);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kCorpus);
}

TEST_F(TrainerTest, ADamagedCheckpointIsPassedOver) {
  Watcher first, second;
  run("run", first);
  const fs::path last = folder_ / "run" / "model" / kLastCheckpoint;
  fs::resize_file(last, fs::file_size(last) / 2);
  options_.epochs = 5;
  EXPECT_TRUE(resumable_options(folder_ / "run", second));
  run("run", second, true);
  EXPECT_EQ(second.epochs.size(), 1U) << "it went on from epoch-4.safetensors";
  ASSERT_EQ(second.messages.size(), 1U);
  EXPECT_NE(second.messages[0].find(kLastCheckpoint), std::string::npos);
}

}  // namespace
}  // namespace lilt::train
