#include "train/run_record.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/sha256.h"
#include "peak_memory.h"
#include "temporary_folder.h"
#include "train/presets.h"

namespace lilt::train {
namespace {

TEST(RunRecord, SaysDataOptionsRevisionAndSeed) {
  const support::TemporaryFolder folder;
  const auto tunes = folder.path() / "tunes.abc";
  write_file_atomically(tunes, std::string("abc"));
  Options options = options_of(Preset::kFolk);
  options.files = {tunes.string()};
  options.seed = 7;
  record_start(folder.path(), options, "lilt 1 (a)", 0);
  record_start(folder.path(), options, "lilt 1 (b)", 12);
  const FileBytes file(run_record_file(folder.path()));
  const auto record = nlohmann::json::parse(file.text());
  EXPECT_EQ(record["seed"], 7);
  EXPECT_EQ(record["options"]["keys"], "c");
  EXPECT_EQ(record["data"][0]["bytes"], 3);
  EXPECT_EQ(record["data"][0]["sha256"],
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ASSERT_EQ(record["starts"].size(), 2U);
  EXPECT_EQ(record["starts"][1]["program"], "lilt 1 (b)");
  EXPECT_EQ(record["starts"][1]["updates"], 12);
  EXPECT_FALSE(record.contains("validation"));
}

// They are read block by block.
TEST(RunRecord, SaysDataOfAnySize) {
  const support::TemporaryFolder folder;
  const auto tunes = folder.path() / "tunes.abc";
  Options options;
  options.files = {tunes.string()};
  const std::string block(1'000'000, 'a');
  const std::size_t before = support::peak_memory();
  {
    FileWriter file(tunes);
    for (int i = 0; i < 20; ++i) file.write(block);
    file.commit();
  }
  record_start(folder.path(), options, "lilt", 0);
  if (support::kMemoryTells) {
    EXPECT_LT(support::peak_memory() - before, 8'000'000U);
  }
  const auto record = nlohmann::json::parse(FileBytes(run_record_file(folder.path())).text());
  EXPECT_EQ(record["data"][0]["bytes"], 20'000'000);
  EXPECT_EQ(record["data"][0]["sha256"], sha256(FileBytes(tunes).text()));
}

TEST(RunRecord, OfANewRunForgetsTheOneBefore) {
  const support::TemporaryFolder folder;
  Options options;
  record_start(folder.path(), options, "one", 0);
  record_start(folder.path(), options, "two", 0);
  const FileBytes file(run_record_file(folder.path()));
  EXPECT_EQ(nlohmann::json::parse(file.text())["starts"].size(), 1U);
}

TEST(Presets, AreValid) {
  for (const Preset preset : {Preset::kClassic, Preset::kFolk}) {
    Options options = options_of(preset);
    options.files = {"tunes.abc"};
    EXPECT_TRUE(validate(options)) << name_of(preset);
  }
  EXPECT_EQ(to_json(options_of(Preset::kClassic)), to_json(Options{}));
}

// docs/decisions/seed-of-the-classic-recipe.md says why, and models/README.md what folk's gave.
TEST(Presets, HaveTheSeedsThatWereMeasured) {
  EXPECT_EQ(options_of(Preset::kClassic).seed, 3U);
  EXPECT_EQ(options_of(Preset::kFolk).seed, 1U);
}

}  // namespace
}  // namespace lilt::train
