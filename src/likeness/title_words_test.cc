#include "likeness/title_words.h"

#include <gtest/gtest.h>

namespace lilt::likeness {
namespace {

const std::vector<std::string> kTitles = {"The Miller's Maid\nSailor's Joy", "v2 778",
                                          "Maiden_polka_17", "Ål and Eel, The", "LOUD"};

bool may_follow(const std::string& title, char32_t c) {
  return TitleWords(kTitles).next(title).contains(c);
}

TEST(TitleWords, LeadToWordsThatAreKnown) {
  EXPECT_TRUE(may_follow("", U'T'));
  EXPECT_FALSE(may_follow("", U'm'));  // a capital first
  EXPECT_TRUE(may_follow("", U'å') || may_follow("", U'Å'));
  EXPECT_FALSE(may_follow("", U'x'));
  EXPECT_FALSE(may_follow("", U' '));
  EXPECT_TRUE(may_follow("The M", U'i'));
  EXPECT_FALSE(may_follow("The M", U'A'));
  EXPECT_FALSE(may_follow("The M", U' '));
  EXPECT_FALSE(may_follow("The M", U'e'));
}

TEST(TitleWords, AreWhole) {
  EXPECT_TRUE(may_follow("The Maid", U' '));
  EXPECT_TRUE(may_follow("The Maid", U'\n'));
  EXPECT_FALSE(may_follow("The Mai", U'\n'));
  EXPECT_FALSE(may_follow("The Maid ", U'\n'));
  EXPECT_FALSE(may_follow("The Maid ", U' '));
  EXPECT_TRUE(may_follow("Sailor", U'\''));
  EXPECT_FALSE(may_follow("Maid,", U'M'));
  EXPECT_TRUE(may_follow("Maid,", U' '));
}

TEST(TitleWords, OfFilesAreNone) {
  EXPECT_FALSE(may_follow("Maid", U'e'));
  EXPECT_FALSE(may_follow("p", U'o'));
  EXPECT_FALSE(may_follow("", U'L'));  // of shouted ones neither
  EXPECT_TRUE(TitleWords({}).is_empty());
}

TEST(TitleWords, MakeTitlesThatAreWhole) {
  const TitleWords words(std::vector<std::string>{"The Mill of Ålen", "My Maid, A\nAl"});
  for (const char* title : {"The Mill", "Mill, The", "Mill of My Maid", "Ålen"}) {
    EXPECT_TRUE(words.is_whole(title)) << title;
  }
  for (const char* title : {"", "The", "The A", "Mill of", "Mill of, The", "My", "Al", "The Mai",
                            "The Mill ", "Mill,", "Mill 2"}) {
    EXPECT_FALSE(words.is_whole(title)) << title;
  }
}

}  // namespace
}  // namespace lilt::likeness
