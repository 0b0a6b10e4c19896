#include "train/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/file.h"
#include "corpus/held_out.h"
#include "peak_memory.h"
#include "temporary_folder.h"

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
  const auto read = [&](std::size_t begin, std::span<Token> to) {
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(begin), to.size(), to.begin());
  };
  windows.fill(read, 1, inputs, targets);
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

// So many windows of the text, as a run is given them, with what is resumed in between.
std::vector<Window> windows_of(const Options& options, std::size_t most_held, bool resume) {
  const Result<Text> text = read_text(options, {}, most_held);
  std::unique_ptr<Source> source = *make_source(options, *text);
  std::vector<Window> windows(40);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (resume && i % 7 == 3) {
      const std::vector<std::uint64_t> state = source->state();
      source = *make_source(options, *text);
      EXPECT_TRUE(source->restore(state));
    }
    const WindowPlace place{.epoch = i / source->windows(),
                            .window = i % source->windows(),
                            .done = static_cast<double>(i) / 40};
    source->fill(place, windows[i]);
  }
  return windows;
}

// Of texts of all kinds: on the disk, in memory, or first in memory.
TEST_F(ReadText, IsTheSameOnTheDiskAsInMemory) {
  std::string tunes = "% some tunes\n\n";
  const std::string_view keys[] = {"C", "D", "Em", "Bb", "Ador"};
  for (int i = 1; i <= 30; ++i) {
    tunes += "X:" + std::to_string(i) + "\nT:Tune é\nM:4/4\nL:1/8\nK:" + std::string(keys[i % 5]) +
             "\nA2Bc efga|" + std::string(static_cast<std::size_t>(1 + i % 3), 'd') + "2 c2|]\n\n";
  }
  write_file_atomically(path_, tunes);
  options_.files = {path_.string(), path_.string()};
  std::vector<Options> all;
  for (const bool shuffle : {false, true}) {
    for (const double share : {0.0, 0.3}) {
      options_.shuffle = shuffle;
      options_.valid_share = share;
      all.push_back(options_);
      all.back().model.text.canonical = false;
      all.push_back(options_);
      all.back().model.text.canonical = true;
      all.back().features = {"all"};
      all.back().keys = shuffle ? corpus::Keys::kC : corpus::Keys::kUsual;
    }
  }
  for (const Options& options : all) {
    const std::vector<Window> held = windows_of(options, corpus::ByteStore::kMostHeld, false);
    for (const std::size_t most_held : {0U, 1000U}) {
      for (const bool resume : {false, true}) {
        const std::vector<Window> streamed = windows_of(options, most_held, resume);
        for (std::size_t i = 0; i < held.size(); ++i) {
          ASSERT_EQ(streamed[i].inputs, held[i].inputs) << i;
          ASSERT_EQ(streamed[i].targets, held[i].targets) << i;
          ASSERT_EQ(streamed[i].features, held[i].features) << i;
          ASSERT_EQ(streamed[i].starts, held[i].starts) << i;
        }
      }
    }
    const Result<Text> in_memory = read_text(options), on_disk = read_text(options, {}, 0);
    EXPECT_EQ(on_disk->fingerprint, in_memory->fingerprint);
    EXPECT_EQ(on_disk->held_out_fingerprint, in_memory->held_out_fingerprint);
    EXPECT_EQ(on_disk->outlines, in_memory->outlines);
    EXPECT_EQ(on_disk->vocabulary, in_memory->vocabulary);
  }
}

TEST_F(ReadText, TakesNoMoreMemoryThanItMay) {
  const std::size_t before = support::peak_memory();
  std::size_t size = 0;
  {
    FileWriter file(path_);
    const std::string music = "X:1\nK:D\n" + std::string(500, 'A') + "|\n\n";
    for (; size < 30'000'000; size += music.size()) file.write(music);
    file.commit();
  }
  options_.shuffle = true;
  const Result<Text> text = read_text(options_, {}, std::size_t{1} << 20);
  EXPECT_EQ(text->tokens.size(), size);
  const std::unique_ptr<Source> source = *make_source(options_, *text);
  Window window;
  source->fill({.window = source->windows() - 1}, window);
  if (support::kMemoryTells) {
    EXPECT_LT(support::peak_memory() - before, 16'000'000U);
  }
}

// They are in memory, and measured after each epoch.
TEST_F(ReadText, HoldsOutNoMoreTunesThanItMay) {
  constexpr std::size_t kKept = 100;
  std::string tunes;
  for (std::size_t i = 0; i < corpus::kMostHeldOut + kKept; ++i) tunes += "X:1\nK:C\nCDE|\n\n";
  write_file_atomically(path_, tunes);
  options_.valid_share = 0.999;
  for (const bool canonical : {false, true}) {
    options_.model.text.canonical = canonical;
    const Result<Text> text = read_text(options_);
    ASSERT_TRUE(text) << text.error().to_string();
    EXPECT_EQ(text->held_out.tunes(), corpus::kMostHeldOut);
    EXPECT_EQ(canonical ? text->collections[0].size() : text->tune_starts.size(), kKept);
  }
}

// What a run learns it has read when it starts.
TEST_F(ReadText, LearnsOnWhenTheFileIsGone) {
  for (const bool canonical : {false, true}) {
    options_.model.text.canonical = canonical;
    const std::string tunes = support::read_text(path_);
    const Result<Text> text = read_text(options_, {}, 0);
    const std::unique_ptr<Source> source = *make_source(options_, *text);
    write_file_atomically(path_, "X:1\n");
    std::filesystem::resize_file(path_, 0);
    Window window;
    for (std::size_t i = 0; i < 20; ++i) source->fill({.window = i % source->windows()}, window);
    write_file_atomically(path_, tunes);
  }
}

}  // namespace
}  // namespace lilt::train
