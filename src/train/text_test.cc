#include "train/text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>

#include "base/file.h"

namespace lilt::train {
namespace {

TEST(Windows, AreThoseOfTheClassicRecipe) {
  EXPECT_EQ(Windows(129'665, 16, 64).count(), 126U);  // the 340 jigs
  EXPECT_EQ(Windows(16 * 64, 16, 64).count(), 0U);
  EXPECT_EQ(Windows(16 * 65, 16, 64).count(), 1U);
  EXPECT_EQ(Windows(16 * 128, 16, 64).count(), 1U) << "offsets stay below length/16 − 64";
  EXPECT_EQ(Windows(16 * 129, 16, 64).count(), 2U);
  EXPECT_EQ(Windows(3, 16, 64).count(), 0U);
}

TEST(Windows, StreamsAreContiguousAndTargetsOneFurtherOn) {
  std::vector<Token> text(3 * 11 + 2);
  std::iota(text.begin(), text.end(), Token{0});
  const Windows windows(text.size(), 3, 4);
  ASSERT_EQ(windows.count(), 2U);
  std::vector<Token> inputs(12), targets(12);
  windows.fill(text, 1, inputs, targets);
  for (std::size_t t = 0; t < 4; ++t) {
    for (std::size_t n = 0; n < 3; ++n) {
      EXPECT_EQ(inputs[t * 3 + n], n * 11 + 4 + t);
      EXPECT_EQ(targets[t * 3 + n], n * 11 + 4 + t + 1);
    }
  }
}

class ReadText : public testing::Test {
 protected:
  ReadText() {
    std::string tunes;
    for (int i = 1; i <= 20; ++i) {
      tunes += "X:" + std::to_string(i) + "\nT:Tune\nM:4/4\nK:D\nABcd efga|\n\n";
    }
    write_file_atomically(path_, tunes);
    options_.files = {path_.string()};
    options_.batch = 2;
    options_.window = 8;
  }
  ~ReadText() override { std::filesystem::remove(path_); }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("lilt-text-test-" + std::to_string(getpid()));
  Options options_;
};

TEST_F(ReadText, TooShortATextSaysHowMuchIsNeeded) {
  options_.batch = 64;
  options_.window = 64;
  const Result<Text> text = read_text(options_);
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().message.find("4160"), std::string::npos) << text.error().to_string();
}

TEST_F(ReadText, HoldsOutWholeTunes) {
  const Result<Text> whole = read_text(options_);
  options_.valid_share = 0.25;
  const Result<Text> split = read_text(options_);
  ASSERT_TRUE(whole && split);
  EXPECT_EQ(split->held_out.tunes(), 5U);
  EXPECT_EQ(split->tokens.size() + split->held_out.tokens.size(), whole->tokens.size());
  EXPECT_NE(split->fingerprint, whole->fingerprint);
  EXPECT_EQ(split->vocabulary, whole->vocabulary);
}

TEST_F(ReadText, FindsTheTunes) {
  EXPECT_EQ(read_text(options_)->tune_starts.size(), 20U);
  options_.valid_share = 0.25;
  EXPECT_EQ(read_text(options_)->tune_starts.size(), 15U);
}

TEST_F(ReadText, FindsTheFirstTuneOfAFileAfterOneWithoutAFinalNewline) {
  write_file_atomically(path_, "X:1\nK:D\nABcd efga|");
  options_.files = {path_.string(), path_.string(), path_.string()};
  EXPECT_EQ(read_text(options_)->tune_starts, (std::vector<std::size_t>{0, 18, 36}));
  EXPECT_EQ(read_text(options_)->tokens.size(), 54U) << "nothing is put between the files";
  options_.valid_share = 0.34;
  const Result<Text> split = read_text(options_);
  ASSERT_TRUE(split);
  EXPECT_EQ(split->held_out.tunes(), 1U);
  EXPECT_EQ(split->tune_starts, (std::vector<std::size_t>{0, 18}));
}

}  // namespace
}  // namespace lilt::train
