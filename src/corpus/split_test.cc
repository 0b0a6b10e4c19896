#include "corpus/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

Families gather(const std::vector<Fingerprint>& fingerprints) {
  SharedAnchors shared(0);
  for (const Fingerprint& one : fingerprints) {
    std::vector<std::uint64_t> anchors;
    for (const corpus::Run& run : one.runs) anchors.push_back(run.anchor);
    shared.add(anchors);
  }
  Families families;
  for (const Fingerprint& one : fingerprints) families.add(one, shared);
  families.find();
  return families;
}

// Tunes 0 … tunes − 1; tune i is of family i % families.
Families make_families(std::size_t tunes, std::size_t families) {
  std::vector<Fingerprint> made;
  for (std::size_t i = 0; i < tunes; ++i) {
    made.push_back({.whole = i + 1, .runs = {{1'000'000 + i % families, 10 + 2 * (i % families)}}});
  }
  return gather(made);
}

std::vector<std::size_t> count(const std::vector<std::uint8_t>& parts, std::size_t shares) {
  std::vector<std::size_t> counts(shares);
  for (const std::uint8_t part : parts) ++counts.at(part);
  return counts;
}

constexpr std::array kShares = {0.8, 0.1, 0.1};

TEST(Split, NeverSeparatesAFamily) {
  for (const std::size_t families : {3, 10, 100, 333, 1000}) {
    const Families made = make_families(1000, families);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto parts = split_families(made, kShares, seed);
      ASSERT_TRUE(parts.ok());
      for (std::size_t i = 0; i < 1000; ++i) ASSERT_EQ((*parts)[i], (*parts)[i % families]);
      EXPECT_EQ(std::ranges::count(count(*parts, 3), 0U), 0);
    }
  }
}

TEST(Split, KeepsToTheShares) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto single = split_families(make_families(1000, 1000), kShares, seed);
    EXPECT_EQ(count(*single, 3), (std::vector<std::size_t>{800, 100, 100}));
    const auto threes = split_families(make_families(999, 333), kShares, seed);
    const std::vector<std::size_t> counts = count(*threes, 3);
    EXPECT_NEAR(static_cast<double>(counts[0]), 799.2, 3);
    EXPECT_NEAR(static_cast<double>(counts[1]), 99.9, 3);
    EXPECT_NEAR(static_cast<double>(counts[2]), 99.9, 3);
  }
  // Shares are relative to their sum.
  const Families made = make_families(500, 250);
  EXPECT_EQ(*split_families(made, kShares, 3), *split_families(made, std::array{8.0, 1.0, 1.0}, 3));
}

TEST(Split, AFamilyThatIsTooLargeForASmallPartGoesToALargeOne) {
  std::vector<Fingerprint> tunes;
  for (std::size_t i = 0; i < 400; ++i) tunes.push_back({.whole = i + 1, .runs = {{7, 20}}});
  for (std::size_t i = 400; i < 1000; ++i) tunes.push_back({.whole = i + 1, .runs = {}});
  const Families made = gather(tunes);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto parts = split_families(made, kShares, seed);
    EXPECT_EQ((*parts)[0], 0);
    EXPECT_EQ(count(*parts, 3), (std::vector<std::size_t>{800, 100, 100}));
  }
}

TEST(Split, SmallPartsGetLargerFamiliesToo) {
  std::size_t in_pairs = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Fingerprint> tunes;
    for (std::size_t i = 0; i < 500; ++i) {
      tunes.push_back({.whole = i + 1, .runs = {{i < 200 ? i / 2 : i, 20}}});
    }
    const Families made = gather(tunes);
    const auto parts = split_families(made, kShares, seed);
    for (std::size_t i = 0; i < 200; ++i) in_pairs += (*parts)[i] == 2 ? 1 : 0;
  }
  // 20 splits · 50 tunes in the test part · 40 % of all tunes = 400.
  EXPECT_NEAR(static_cast<double>(in_pairs), 400, 120);
}

TEST(Split, DependsOnTheSeedAndNothingElse) {
  const Families made = make_families(1000, 700);
  EXPECT_EQ(*split_families(made, kShares, 5), *split_families(made, kShares, 5));
  EXPECT_NE(*split_families(made, kShares, 5), *split_families(made, kShares, 6));
}

TEST(Split, RefusesWhatCannotBe) {
  const Families made = make_families(10, 2);
  EXPECT_FALSE(split_families(made, kShares, 1).ok());
  EXPECT_FALSE(split_families(Families(), kShares, 1).ok());
  EXPECT_FALSE(split_families(made, std::array{1.0}, 1).ok());
  EXPECT_FALSE(split_families(made, std::array{1.0, 0.0}, 1).ok());
  EXPECT_FALSE(split_families(made, std::array{1.0, -1.0}, 1).ok());
  EXPECT_TRUE(split_families(made, std::array{0.9, 0.1}, 1).ok());
}

// Tunes of one bar each.
std::string tunes(std::size_t count) {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string notes = {"CDEFGAB"[i % 7], "CDEFGAB"[i / 7 % 7], "CDEFGAB"[i / 49 % 7]};
    text += "X:" + std::to_string(i) + "\nM:3/8\nL:1/8\nK:C\n" + notes + "|\n\n";
  }
  return text;
}

std::size_t tunes_in(const std::filesystem::path& file) {
  const std::string text = support::read_text(file);
  std::size_t count = 0;
  for (std::size_t at = text.find("X:"); at != std::string::npos; at = text.find("X:", at + 1)) {
    ++count;
  }
  return count;
}

class SplitFilesTest : public ::testing::Test {
 protected:
  std::string problem(const SplitOptions& options) {
    const Result<SplitFigures> figures = split_files({file_}, options, {});
    return figures ? "none" : figures.error().to_string();
  }

  support::TemporaryFolder folder_;
  std::string file_ = folder_.write("all.abc", tunes(100));
  std::filesystem::path out_ = folder_.path() / "out";
};

TEST_F(SplitFilesTest, WritesEachTuneOnce) {
  const Result<SplitFigures> figures = split_files({file_}, {.folder = out_}, {});
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->tunes, 100U);
  EXPECT_EQ(figures->left_out, 0U);
  ASSERT_EQ(figures->parts.size(), 3U);
  EXPECT_EQ(figures->parts[0].file, out_ / "train.abc");
  for (std::size_t p = 0; p < 3; ++p) {
    EXPECT_EQ(figures->parts[p].tunes, p == 0 ? 80U : 10U);
    EXPECT_GT(figures->parts[p].families, 0U);
    EXPECT_LE(figures->parts[p].families, figures->parts[p].tunes);
    EXPECT_EQ(tunes_in(figures->parts[p].file), figures->parts[p].tunes);
  }
}

TEST_F(SplitFilesTest, LeavesOutWhatIsInNoShare) {
  const Result<SplitFigures> figures =
      split_files({file_}, {.shares = {0.5, 0.2}, .folder = out_}, {});
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->left_out, 30U);
  EXPECT_EQ(tunes_in(out_ / "train.abc"), 50U);
  EXPECT_EQ(tunes_in(out_ / "valid.abc"), 20U);
  EXPECT_FALSE(std::filesystem::exists(out_ / "test.abc"));
}

TEST_F(SplitFilesTest, RefusesSharesThatCannotBe) {
  EXPECT_EQ(problem({.shares = {0.8, 0.3}, .folder = out_}),
            "shares: expected shares of at most 1 together, found 1.1");
  EXPECT_EQ(problem({.shares = {1}, .folder = out_}),
            "shares: expected 2 or 3 shares such as 0.8,0.1,0.1, found 1");
  EXPECT_NE(problem({.shares = {0.5, -0.5}, .folder = out_}), "none");
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(SplitFilesTest, ReplacesFilesOnlyWhenAsked) {
  const std::string kept = "X:1\nK:C\nC|\n";
  for (const char* name : {"train.abc", "valid.abc", "test.abc"}) {
    folder_.write(name, kept);
    EXPECT_EQ(problem({.folder = folder_.path()}),
              "output: expected a folder without " + std::string(name) +
                  " or `force`, which replaces it; found " + (folder_.path() / name).string());
    EXPECT_EQ(support::read_text(folder_.path() / name), kept);
    std::filesystem::remove(folder_.path() / name);
  }
  folder_.write("test.abc", kept);  // two shares write none
  EXPECT_EQ(problem({.shares = {0.8, 0.2}, .folder = folder_.path()}), "none");
  EXPECT_EQ(problem({.folder = folder_.path(), .force = true}), "none");
  EXPECT_EQ(tunes_in(folder_.path() / "test.abc"), 10U);
}

TEST_F(SplitFilesTest, NeverReplacesWhatItReads) {
  file_ = folder_.write("train.abc", tunes(10));
  EXPECT_EQ(problem({.folder = folder_.path(), .force = true}),
            "output: expected another folder than that of " + file_ +
                ", which would be replaced by a part of it");
  EXPECT_EQ(tunes_in(file_), 10U);
}

TEST_F(SplitFilesTest, WritesNothingWhenStopped) {
  for (const std::string stage : {"Looking", "Comparing", "Writing"}) {
    const Result<SplitFigures> figures =
        split_files({file_}, {.folder = out_}, [&](const Progress& p) { return p.stage != stage; });
    ASSERT_FALSE(figures);
    EXPECT_EQ(figures.error().code, ErrorCode::kStopped);
    EXPECT_TRUE(!std::filesystem::exists(out_) || std::filesystem::is_empty(out_)) << stage;
  }
}

// Tunes first … first + count − 1 of those that begin with C, all different.
std::string different_tunes(std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = first; i < first + count; ++i) {
    const std::string notes = {'C', "CDEFGAB"[i % 7], "CDEFGAB"[i / 7 % 7], "CDEFGAB"[i / 49 % 7]};
    text += "X:" + std::to_string(i + 1) + "\nM:4/8\nL:1/8\nK:C\n" + notes + "|\n\n";
  }
  return text;
}

class HoldOutFilesTest : public ::testing::Test {
 protected:
  HoldOutFigures hold_out(const HoldOutOptions& options) {
    Result<HoldOutFigures> figures = hold_out_files(files_, options, {});
    EXPECT_TRUE(figures) << figures.error().to_string();
    return *std::move(figures);
  }
  [[nodiscard]] HoldOutOptions usual() const {
    return {.folder = out_, .held_out = out_ / "held" / "out.abc"};
  }

  support::TemporaryFolder folder_;
  std::vector<std::string> files_ = {folder_.write("mine.abc", different_tunes(0, 100)),
                                     folder_.write("more.abc", different_tunes(100, 50))};
  std::filesystem::path out_ = folder_.path() / "out";
};

TEST_F(HoldOutFilesTest, HoldsOutAShareOfTheFirstFile) {
  const HoldOutFigures figures = hold_out(usual());
  EXPECT_EQ(figures.held_out, 10U);
  EXPECT_EQ(figures.kept, 140U);
  EXPECT_EQ(figures.left_out, 0U);
  EXPECT_EQ(figures.files,
            (std::vector<std::filesystem::path>{out_ / "mine.abc", out_ / "more.abc"}));
  EXPECT_EQ(tunes_in(out_ / "mine.abc"), 90U);
  EXPECT_EQ(tunes_in(out_ / "more.abc"), 50U);
  EXPECT_EQ(tunes_in(out_ / "held" / "out.abc"), 10U);
}

TEST_F(HoldOutFilesTest, LeavesOutWhatIsThereTwiceAndWhatIsHeldOut) {
  files_[1] = folder_.write("more.abc", different_tunes(0, 120) + different_tunes(110, 10));
  const HoldOutFigures figures = hold_out(usual());
  EXPECT_EQ(figures.held_out, 10U);
  EXPECT_EQ(figures.kept, 90U + 20U);
  EXPECT_EQ(figures.left_out, 100U + 10U);
  EXPECT_EQ(tunes_in(out_ / "more.abc"), 20U);
}

TEST_F(HoldOutFilesTest, HoldsOutNoMoreThanItIsToldTo) {
  HoldOutOptions options = usual();
  options.most = 3;
  EXPECT_EQ(hold_out(options).held_out, 3U);
}

TEST_F(HoldOutFilesTest, HoldsOutNothingOfAFewTunes) {
  files_ = {folder_.write("mine.abc", different_tunes(0, 9))};
  const HoldOutFigures figures = hold_out(usual());
  EXPECT_EQ(figures.kept, 9U);
  EXPECT_EQ(figures.held_out, 0U);
  EXPECT_FALSE(std::filesystem::exists(out_ / "held"));
}

TEST_F(HoldOutFilesTest, WritesNothingWhenStopped) {
  const auto stopped = [](const Progress& p) { return p.stage != "Writing"; };
  EXPECT_FALSE(hold_out_files(files_, usual(), stopped));
  EXPECT_FALSE(std::filesystem::exists(out_ / "mine.abc"));
  EXPECT_FALSE(std::filesystem::exists(out_ / "held" / "out.abc"));
}

}  // namespace
}  // namespace lilt::corpus
