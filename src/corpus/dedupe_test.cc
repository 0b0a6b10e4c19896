#include "corpus/dedupe.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

// The same tune in two keys, one that shares its first 24 steps, and another one.
constexpr const char* kLong = "|:DEF AFD|GFG Bcd|cAA dAF|GFE D3|DEF AFD|GFG Bcd|";
const std::string kHeader = "M:6/8\nL:1/8\n";
const std::string kInD = "X:1\nT:In D\n" + kHeader + "K:D\n" + kLong + "cde fdc|d3 d3:|\n";
const std::string kInG = "X:2\nT:In G\nR:jig\n" + kHeader +
                         "K:G\n|:GAB dBG|cBc efg|fdd gdB|cBA G3|GAB dBG|cBc efg|fga bgf|g3 g3:|\n";
const std::string kCousin = "X:3\n" + kHeader + "K:D\n" + kLong + "AGF EDC|D3 D3:|\n";
const std::string kOther =
    "X:4\nT:Other\nM:4/4\nL:1/8\nK:C\n|:C2E2 G2c2|B2d2 g4|f2d2 B2G2|c4 c4:|\n";

class DedupeTest : public ::testing::Test {
 protected:
  // A line for each tune that stays, and then for each that is told of.
  std::vector<std::string> run(bool by_family) {
    std::vector<std::string> kept, told;
    const auto place = [](const TunePlace& p) {
      return std::to_string(p.file) + ":" + std::to_string(p.line);
    };
    const DedupeOptions options{
        .by_family = by_family,
        .keep = [&](const std::string& tune) { kept.push_back(tune.substr(0, 3)); },
        .relate =
            [&](const Relation& r) {
              told.push_back(place(r.tune) + " " + r.title + (r.is_same ? " is " : " like ") +
                             place(r.other));
            }};
    const Result<DedupeFigures> figures = dedupe(files_, options, {});
    figures_ = *figures;
    kept.insert(kept.end(), told.begin(), told.end());
    return kept;
  }

  support::TemporaryFolder folder_;
  std::vector<std::string> files_ = {folder_.write("a.abc", kInD + "\n" + kInG),
                                     folder_.write("b.abc", kCousin + "\n" + kOther)};
  DedupeFigures figures_;
};

TEST_F(DedupeTest, KeepsTheMostCompleteOfTheSame) {
  EXPECT_EQ(run(false),
            (std::vector<std::string>{"X:2", "X:3", "X:4", "0:1 In D is 0:8", "1:1  like 0:8"}));
  EXPECT_EQ(figures_.tunes, 4U);
  EXPECT_EQ(figures_.different, 3U);
  EXPECT_EQ(figures_.families, 2U);
  EXPECT_EQ(figures_.kept, 3U);
}

TEST_F(DedupeTest, KeepsOneOfAFamily) {
  EXPECT_EQ(run(true),
            (std::vector<std::string>{"X:2", "X:4", "0:1 In D is 0:8", "1:1  like 0:8"}));
  EXPECT_EQ(figures_.kept, 2U);
}

TEST_F(DedupeTest, KeepsACorrectOneBeforeOneThatSaysMore) {
  std::string wrong = kInG;
  wrong.replace(wrong.find("|:GAB dBG"), 9, "|:\"G\"GAB dBG!");  // a mark that is not closed
  wrong.insert(wrong.find("g3 g3"), "\"");
  files_ = {folder_.write("c.abc", kInD + "\n" + wrong)};
  const std::vector<std::string> kept = run(false);
  EXPECT_EQ(kept.front(), "X:1");
}

TEST_F(DedupeTest, RefusesWhatCannotBeReadTwice) {
  const Result<DedupeFigures> figures = dedupe({"-"}, {}, {});
  ASSERT_FALSE(figures);
  EXPECT_EQ(figures.error().code, ErrorCode::kOption);
}

TEST_F(DedupeTest, StopsInEachStage) {
  for (const std::string stage : {"Looking", "Comparing", "Writing"}) {
    const Result<DedupeFigures> figures =
        dedupe(files_, {}, [&](const Progress& p) { return p.stage != stage; });
    ASSERT_FALSE(figures) << stage;
    EXPECT_EQ(figures.error().code, ErrorCode::kStopped);
  }
}

TEST_F(DedupeTest, NoticesThatFilesChange) {
  const auto change = [&](const Progress& p) {
    if (p.stage == "Comparing" && p.tunes == 4) folder_.write("b.abc", kOther);
    return true;
  };
  const Result<DedupeFigures> figures = dedupe(files_, {}, change);
  ASSERT_FALSE(figures);
  EXPECT_NE(figures.error().message.find("the files changed"), std::string::npos);
}

}  // namespace
}  // namespace lilt::corpus
