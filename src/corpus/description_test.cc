#include "corpus/description.h"

#include <gtest/gtest.h>

namespace lilt::corpus {
namespace {

TEST(Tally, SortsByCount) {
  Tally tally;
  for (const char* value : {"b", "a", "c", "c", "a", "c", "d"}) tally.add(value);
  const std::vector<std::pair<std::string, std::uint64_t>> expected = {
      {"c", 3}, {"a", 2}, {"b", 1}, {"d", 1}};
  EXPECT_EQ(tally.sorted(), expected);
}

TEST(Tally, HasALimit) {
  Tally tally;
  for (int i = 0; i < 30000; ++i) tally.add(std::to_string(i));
  tally.add("7");
  const auto sorted = tally.sorted();
  EXPECT_EQ(sorted.size(), 10001U);
  EXPECT_EQ(sorted.front(), std::pair(std::string("7"), std::uint64_t{2}));
  EXPECT_EQ(sorted.back(), std::pair(std::string("…"), std::uint64_t{20000}));
}

TEST(Distribution, Figures) {
  Distribution d;
  EXPECT_EQ(d.median(), 0U);
  EXPECT_EQ(d.mean(), 0);
  for (const std::uint64_t value : {5, 1, 9, 1}) d.add(value);
  EXPECT_EQ(d.smallest(), 1U);
  EXPECT_EQ(d.largest(), 9U);
  EXPECT_EQ(d.median(), 1U);
  EXPECT_EQ(d.sum(), 16U);
  EXPECT_EQ(d.mean(), 4);
}

TEST(Description, CountsTunes) {
  Description d;
  for (const std::string text :
       {"X:1\nT:Café\nR: Slip  Jig\nM:9/8\nL:1/8\nK:Am\n\"Am\"ABc def gab|a3 z3 [ac']3|]\n",
        "X:2\nT:t\nM:4/4\nL:1/8\nK:D\nDEF|D8|D8|]\n"}) {
    d.add({.text = text}, abc::read_tune(text));
  }
  EXPECT_EQ(d.tunes, 2U);
  EXPECT_EQ(d.with_chord_symbols, 1U);
  EXPECT_EQ(d.keys.sorted().size(), 2U);
  EXPECT_EQ(d.metres.sorted()[1].first, "9/8");
  EXPECT_EQ(d.rhythms.sorted()[1].first, "slip jig");
  EXPECT_EQ(d.notes.largest(), 11U);
  EXPECT_EQ(d.notes.smallest(), 5U);
  EXPECT_EQ(d.bars.largest(), 3U);
  EXPECT_TRUE(d.alphabet.contains(U'é'));
  EXPECT_EQ(d.characters.smallest(), 36U);
}

TEST(Description, TellsOnWhichDegreesTunesEnd) {
  Description description;
  for (const char* music : {"K:G\nB2|G2|]\n", "K:Em\nB2|[GB]e|]\n", "K:G\nA2|\nK:D\nA2|]\n",
                            "K:none\nA2|]\n", "K:Ador\nA2|=c2|]\n"}) {
    const TuneText text{.text = std::string("X:1\nT:a\nM:2/8\nL:1/8\n") + music};
    description.add(text, abc::read_tune(text.text));
  }
  const std::vector<std::pair<std::string, std::uint64_t>> expected = {
      {"tonic", 2}, {"fifth", 1}, {"minor third", 1}};
  EXPECT_EQ(description.last_notes.sorted(), expected);
}

}  // namespace
}  // namespace lilt::corpus
