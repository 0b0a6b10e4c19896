#include "studio/melody_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"

namespace lilt::studio {
namespace {

using Match = MelodyIndex::Match;

std::vector<std::int64_t> ids_of(const std::vector<Match>& matches) {
  std::vector<std::int64_t> ids;
  for (const Match& match : matches) ids.push_back(match.id);
  return ids;
}

using Ids = std::vector<std::int64_t>;

TEST(MelodyIndex, FindsRunsWhereverTheyAre) {
  MelodyIndex index;
  index.put(1, "abcdefgh");
  index.put(2, "xxxxxabc");
  index.put(3, "ab");
  index.put(4, "cdeabcabc");
  EXPECT_EQ(ids_of(index.find("abc")), (Ids{4, 1, 2}));  // first those that begin so
  EXPECT_EQ(index.find("abc")[0].at, 3U);
  EXPECT_EQ(index.find("abc")[2].at, 5U);
  EXPECT_EQ(ids_of(index.find("ab")), (Ids{4, 3, 1, 2}));
  EXPECT_EQ(ids_of(index.find("hx")), Ids{});  // from one tune into the next
  EXPECT_EQ(ids_of(index.find("")), Ids{});
  EXPECT_EQ(ids_of(index.find(std::string(1, '\0'))), Ids{});
  EXPECT_EQ(ids_of(MelodyIndex().find("abc")), Ids{});
}

TEST(MelodyIndex, TakesChanges) {
  MelodyIndex index;
  index.put(1, "abcd");
  index.put(2, "abcd");
  index.put(1, "wxyz");
  EXPECT_EQ(ids_of(index.find("abcd")), Ids{2});
  EXPECT_EQ(ids_of(index.find("wxyz")), Ids{1});
  index.remove(2);
  index.remove(2);
  index.remove(77);
  EXPECT_EQ(ids_of(index.find("abcd")), Ids{});
  EXPECT_EQ(index.tunes(), 1U);
  index.put(3, "");
  EXPECT_EQ(ids_of(index.find("wxyz")), Ids{1});
  index.put(5, std::string("a\0b", 3));
  EXPECT_EQ(ids_of(index.find("wxyz")), Ids{1});
}

TEST(MelodyIndex, StaysSmallWhenTunesChangeOften) {
  MelodyIndex index;
  for (int i = 0; i < 60'000; ++i)
    index.put(i % 7 + 1, std::string(200, static_cast<char>('a' + i % 7)));
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(ids_of(index.find(std::string(200, static_cast<char>('a' + i)))), Ids{i + 1});
  }
}

TEST(MelodyIndex, ForgivesMistakes) {
  MelodyIndex index;
  index.put(1, "xxabcdefghijklxx");
  const auto found = [&](const std::string& steps) {
    const std::vector<Match> matches = index.find(steps);
    return matches.empty() ? -1 : matches[0].mistakes;
  };
  EXPECT_EQ(found("abcdef"), 0);
  EXPECT_EQ(found("abZdef"), 1);
  EXPECT_EQ(found("abdefg"), 1);   // one is missing
  EXPECT_EQ(found("abcZdef"), 1);  // one too many
  EXPECT_EQ(found("abZZef"), -1);  // too many for so few
  EXPECT_EQ(found("abZde"), -1);   // too short for any
  EXPECT_EQ(found("abcZZfghij"), 2);
  EXPECT_EQ(found("abcZZZghij"), -1);
  EXPECT_EQ(index.find("abcZZfghij")[0].at, 2U);
}

// What find_nearly() has to say, by dynamic programming.
int fewest_mistakes(const std::string& tune, const std::string& steps) {
  std::vector<int> row(steps.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = static_cast<int>(j);
  int fewest = row.back();
  for (const char step : tune) {
    int diagonal = row[0];  // may begin anywhere
    for (std::size_t j = 1; j < row.size(); ++j) {
      const int next = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (steps[j - 1] != step)});
      diagonal = std::exchange(row[j], next);
    }
    fewest = std::min(fewest, row.back());
  }
  return fewest;
}

TEST(MelodyIndex, CountsMistakesAsEditDistanceDoes) {
  Random random(1, RandomStream::kSample);
  const auto text = [&](std::size_t size) {
    std::string steps;
    for (std::size_t i = 0; i < size; ++i) steps += static_cast<char>('a' + random.below(3));
    return steps;
  };
  for (int round = 0; round < 300; ++round) {
    const std::string steps = text(6 + random.below(8));
    const int most = steps.size() < 10 ? 1 : 2;
    MelodyIndex index;
    std::vector<std::string> tunes;
    int best = 99;
    for (int i = 1; i <= 3; ++i) {
      tunes.push_back(text(random.below(16)));
      index.put(i, tunes.back());
      best = std::min(best, fewest_mistakes(tunes.back(), steps));
    }
    const std::vector<Match> found = index.find(steps);
    for (int i = 1; i <= 3; ++i) {
      const int mistakes = fewest_mistakes(tunes[i - 1], steps);
      const bool wanted = best == 0 ? mistakes == 0 : mistakes <= most;
      const auto match =
          std::find_if(found.begin(), found.end(), [&](const Match& m) { return m.id == i; });
      EXPECT_EQ(match != found.end(), wanted) << tunes[i - 1] << " " << steps;
      if (!wanted || match == found.end()) continue;
      EXPECT_EQ(match->mistakes, mistakes);
    }
  }
}

TEST(MelodyIndex, KnowsTunesThatAreAlike) {
  MelodyIndex index;
  const std::string tune = "abcdefghijklmnopqrst";
  index.put(1, tune);
  index.put(2, "abcdefghijklmnXpqrst");
  index.put(3, "tsrqponmlkjihgfedcba");
  index.put(4, "XXXabcdefgXXX");
  const auto found = index.near(tune, 10);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].id, 1);
  EXPECT_EQ(found[0].similarity, 1);
  EXPECT_EQ(found[1].id, 2);
  EXPECT_DOUBLE_EQ(found[1].similarity, 9.0 / 15);
  EXPECT_EQ(found[2].id, 4);
  EXPECT_DOUBLE_EQ(found[2].similarity, 2.0 / 15);
  EXPECT_EQ(index.near(tune, 1).size(), 1U);
  EXPECT_TRUE(index.near("abcde", 10).empty());
  EXPECT_TRUE(index.near("", 10).empty());
  // A run that comes twice counts once.
  index.put(5, "abababababab");
  EXPECT_EQ(index.near("abababab", 1)[0].similarity, 1);
}

}  // namespace
}  // namespace lilt::studio
