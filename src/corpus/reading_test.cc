#include "corpus/reading.h"

#include <gtest/gtest.h>

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

TEST(Joined, PutsAnEmptyLineBetweenTunes) {
  std::string text;
  const TuneSink sink = joined([&](std::string_view part) { text += part; });
  for (const std::string& tune : {kOne, kTwo, kOne}) sink(tune);
  EXPECT_EQ(text, kOne + "\n" + kTwo + "\n" + kOne);
}

}  // namespace
}  // namespace lilt::corpus
