#include "eval/known.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace lilt::eval {
namespace {

const std::string kOne = "X:1\nT:One\nM:4/4\nL:1/8\nK:C\nCDEF GABc|cBAG FEDC|\n";
const std::string kTwo = "X:2\nT:Two\nM:4/4\nL:1/8\nK:C\nGABc def2|gfed cBA2|\n";

TEST(KnowTunes, KnowsAllAndTheStyleOfTheFirstFile) {
  const support::TemporaryFolder folder;
  const std::string a = folder.write("a.abc", kOne), b = folder.write("b.abc", kTwo);
  const Result<Known> known = know_tunes({a, b}, {}), first = know_tunes({a}, {});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->novelty.tunes().tunes(), 2U);
  EXPECT_EQ(known->novelty.title(1), "Two");
  EXPECT_EQ(known->style, first->style);
}

TEST(KnowTunes, WantsTunesThatAreLongEnough) {
  const support::TemporaryFolder folder;
  const std::string file = folder.write("a.abc", "X:1\nK:C\nCDE|\n");
  EXPECT_EQ(know_tunes({file}, {}).error().to_string(),
            file + ": expected tunes of at least 8 notes, found none");
  const auto stop = [](const corpus::Progress&) { return false; };
  EXPECT_EQ(know_tunes({file}, stop).error().code, ErrorCode::kStopped);
}

}  // namespace
}  // namespace lilt::eval
