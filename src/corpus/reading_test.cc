#include "corpus/reading.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

const std::string kOne = "X:1\nT:One\nK:C\nCDEF|\n", kTwo = "X:2\nT:Two\nK:D\nDEFG|\n";

TEST(ForEachTune, TellsHowFarItIs) {
  const support::TemporaryFolder folder;
  const std::string a = folder.write("a.abc", kOne), b = folder.write("b.abc", kTwo);
  std::vector<std::string> tunes;
  std::vector<Progress> told;
  const auto watch = [&](const Progress& progress) {
    told.push_back(progress);
    return true;
  };
  ASSERT_TRUE(for_each_tune({a, b}, "Counting", watch,
                            [&](const TuneText& tune) { tunes.push_back(tune.text); }));
  EXPECT_EQ(tunes, (std::vector{kOne, kTwo}));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].stage, "Counting");
  EXPECT_EQ(told[0].tunes, 1U);
  EXPECT_EQ(told[1].tunes, 2U);
  EXPECT_EQ(told[1].total, kOne.size() + kTwo.size());
  EXPECT_EQ(told[1].bytes, told[1].total);
}

TEST(ForEachTune, StopsWhenItsWatchSaysSo) {
  const support::TemporaryFolder folder;
  const std::string file = folder.write("a.abc", kOne + "\n" + kTwo);
  std::size_t tunes = 0;
  const Status status = for_each_tune(
      {file}, "", [](const Progress&) { return false; }, [&](const TuneText&) { ++tunes; });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kStopped);
  EXPECT_EQ(tunes, 1U);
}

TEST(ForEachTune, RefusesWhatHasNoTunes) {
  const support::TemporaryFolder folder;
  const Status status = for_each_tune({folder.write("a.txt", "no tune\n")}, "", {}, {});
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().to_string().find("a.txt: expected tunes in ABC notation"),
            std::string::npos);
}

TEST(InParallel, DoesEachOnce) {
  for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
    std::vector<int> done(count);
    in_parallel(count, [&](std::size_t i) { ++done[i]; });
    EXPECT_EQ(done, std::vector<int>(count, 1));
  }
}

TEST(InParallel, GivesExceptionsOn) {
  const auto fail = [](std::size_t i) {
    if (i == 77) throw std::runtime_error("seventy-seven");
  };
  EXPECT_THROW(in_parallel(100, fail), std::runtime_error);
}

// Tunes of several blocks, from two files.
TEST(MapTunes, GivesResultsInTheOrderOfTheTunes) {
  const support::TemporaryFolder folder;
  std::string many;
  for (int i = 0; i < 9000; ++i) many += "X:" + std::to_string(i) + "\nK:C\nCDEF|\n\n";
  const std::vector<std::string> files = {folder.write("a.abc", many), folder.write("b.abc", kTwo)};
  std::vector<std::string> expected, found;
  ASSERT_TRUE(
      for_each_tune(files, "", {}, [&](const TuneText& tune) { expected.push_back(tune.text); }));
  std::uint64_t told = 0;
  const auto watch = [&](const Progress& progress) {
    told = progress.tunes;
    return true;
  };
  const auto work = [](const TuneText& tune) { return tune.text + "!"; };
  const auto use = [&](const TuneText& tune, const std::string& result) {
    EXPECT_EQ(result, tune.text + "!");
    found.push_back(tune.text);
  };
  ASSERT_TRUE(map_tunes(files, "", watch, work, use));
  EXPECT_EQ(found, expected);
  EXPECT_EQ(told, 9001U);
}

TEST(MapTunes, GivesTheTunesBeforeWhatIsWrong) {
  const support::TemporaryFolder folder;
  const std::string good = folder.write("a.abc", kOne), bad = folder.write("b.abc", "no tune\n");
  std::size_t tunes = 0;
  const auto count = [&](const TuneText&, int) { ++tunes; };
  const auto nothing = [](const TuneText&) { return 0; };
  EXPECT_FALSE(map_tunes({good, bad}, "", {}, nothing, count));
  EXPECT_EQ(tunes, 1U);
  const Status stopped = map_tunes(
      {good, good}, "", [](const Progress&) { return false; }, nothing, count);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kStopped);
}

TEST(Joined, PutsAnEmptyLineBetweenTunes) {
  std::string text;
  const TuneSink sink = joined([&](std::string_view part) { text += part; });
  for (const std::string& tune : {kOne, kTwo, kOne}) sink(tune);
  EXPECT_EQ(text, kOne + "\n" + kTwo + "\n" + kOne);
}

}  // namespace
}  // namespace lilt::corpus
