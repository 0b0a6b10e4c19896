#include "cli/sweep_file.h"

#include <gtest/gtest.h>

namespace lilt::cli {
namespace {

using Words = std::vector<std::string>;

TEST(SweepFile, HasARunForEachCombination) {
  const auto runs = read_sweep(
      "# what is learnt\n"
      "a.abc 'b c.abc' --lr 0.001 0.002 --shuffle --seed 1 2 # twice\n"
      "\n"
      "wide: a.abc --hidden 64,64 --valid \"../held out.abc\"\r\n",
      "s.txt");
  ASSERT_TRUE(runs) << runs.error().to_string();
  ASSERT_EQ(runs->size(), 5U);
  EXPECT_EQ(runs->at(0).name, "lr=0.001,seed=1");
  EXPECT_EQ(runs->at(1).name, "lr=0.001,seed=2");
  EXPECT_EQ(runs->at(2).name, "lr=0.002,seed=1");
  EXPECT_EQ(runs->at(2).arguments,
            (Words{"a.abc", "b c.abc", "--lr", "0.002", "--shuffle", "--seed", "1"}));
  EXPECT_EQ(runs->at(2).line, 2U);
  EXPECT_EQ(runs->at(4).name, "wide");
  EXPECT_EQ(runs->at(4).arguments,
            (Words{"a.abc", "--hidden", "64,64", "--valid", "../held out.abc"}));
}

TEST(SweepFile, NamesFoldersByWhatChanges) {
  const auto runs = read_sweep("small: a.abc --valid x/a.abc x/b.abc", "s.txt");
  ASSERT_TRUE(runs);
  EXPECT_EQ(runs->at(1).name, "small,valid=x-b.abc");
  EXPECT_EQ(read_sweep("a.abc --epochs 3", "s.txt")->at(0).name, "run");
}

TEST(SweepFile, TellsWhereItIsWrong) {
  const auto wrong = [](const std::string& text) {
    const auto runs = read_sweep(text, "s.txt");
    return runs ? "" : runs.error().to_string();
  };
  EXPECT_EQ(wrong("# nothing\n"), "s.txt: expected lines of options for lilt train, found none");
  EXPECT_EQ(wrong("a.abc\n\x7F"
                  "ELF"),
            "s.txt: byte 6: expected text, lines of options for lilt train, found a byte that is "
            "none");
  EXPECT_EQ(wrong("a.abc\n\nb.abc --title 'x\n"),
            "s.txt:3: expected an end of the quotation, ', found none");
  EXPECT_EQ(wrong("a.abc --lr 1\nb.abc --lr 2\n"),
            "s.txt:2: expected another name than that of line 1, found run; put one with a colon "
            "before its options, as in small: --hidden 128");
  EXPECT_EQ(wrong("../x: a.abc\n"), "s.txt:1: expected a name that a folder can have, found ../x");
  std::string many = "a.abc --seed";
  for (int i = 0; i < 101; ++i) many += " " + std::to_string(i);
  many += " --lr" + many.substr(many.find(" 0"));
  EXPECT_EQ(wrong(many), "s.txt:1: expected at most 10,000 runs, found more");
}

}  // namespace
}  // namespace lilt::cli
