#include "compose/likes.h"

#include <gtest/gtest.h>

#include <string>

#include "composing.h"

namespace lilt::compose {
namespace {

using support::ignorant_model;

abc::Tune tune_of(const std::string& fields, const std::string& music) {
  return abc::read_tune("X:1\nT:Tune\n" + fields + "\n" + music + "\n").tune;
}

const std::string kJig = "R:jig\nM:6/8\nL:1/8\nK:Ador";

TEST(WishesLike, AreWhatATuneIs) {
  const Wishes wishes = wishes_like(tune_of(kJig, "e|:A3 B3|c3 A2 e:|\n|:a6|e6|A3 A2:|"));
  EXPECT_EQ(wishes.key, "Ador");
  EXPECT_EQ(wishes.metre, "6/8");
  EXPECT_EQ(wishes.rhythm, "jig");
  EXPECT_EQ(wishes.bars, 5);
  EXPECT_EQ(wishes.title, "");
  EXPECT_EQ(wishes_like(tune_of("M:C|\nK:F# minor", "C8|")).key, "F#m");
  EXPECT_EQ(wishes_like(tune_of("M:C|\nK:D", "C8|")).metre, "C|");
  EXPECT_EQ(wishes_like(tune_of("M:C|\nK:D", "C8|")).rhythm, "");
}

TEST(WishesLike, CountBarsAsWishesDo) {
  const auto bars = [](const std::string& music) {
    return wishes_like(tune_of("M:4/4\nL:1/8\nK:C", music)).bars;
  };
  EXPECT_EQ(bars("C8|D8|"), 2);
  EXPECT_EQ(bars("C2|C8|D8|E6|]"), 3);
  EXPECT_EQ(bars("|:C8|1 D8:|2 E8|]"), 3);  // each ending by itself
  EXPECT_EQ(bars("|:C8|D8:|"), 2);          // a repeat once
}

TEST(Likes, TakeWhatIsWishedForAndTheRestFromTunes) {
  Likes likes({.wishes = {.key = "G", .title = "Mine"}, .seed = 5, .number = 9});
  ASSERT_TRUE(likes.add(tune_of(kJig, "A3 A3|"), ignorant_model()));
  ASSERT_TRUE(likes.add(tune_of("M:3/4\nL:1/8\nK:C", "A6|A6|"), ignorant_model()));
  EXPECT_EQ(likes.size(), 2U);
  const Request first = likes.request(0), second = likes.request(1), third = likes.request(2);
  EXPECT_EQ(first.wishes.key, "G");
  EXPECT_EQ(first.wishes.title, "Mine");
  EXPECT_EQ(first.wishes.metre, "6/8");
  EXPECT_EQ(first.number, 1U);
  EXPECT_EQ(second.wishes.metre, "3/4");
  EXPECT_EQ(second.wishes.bars, 2);
  EXPECT_EQ(third.wishes.metre, "6/8");  // from the beginning again
  EXPECT_EQ(first.seed, 5U);
  EXPECT_EQ(third.seed, 7U);
}

TEST(Likes, RefuseWhatCannotBe) {
  Likes likes({});
  const auto refusal = [&](const std::string& fields) {
    const Status status = likes.add(tune_of(fields, "A3 A3|"), ignorant_model());
    return status ? "" : status.error().place.field;
  };
  EXPECT_EQ(refusal("M:none\nK:C"), "meter");
  EXPECT_EQ(refusal("M:6/8\nK:Hp"), "key");
  EXPECT_EQ(refusal("M:6/8\nK:D =c"), "key");
  EXPECT_EQ(refusal("R:waltz\nM:6/8\nK:D"), "meter");
  EXPECT_EQ(likes.size(), 0U);
  EXPECT_EQ(refusal("M:6/8\nK:D"), "");
  EXPECT_EQ(likes.size(), 1U);
}

TEST(LikesOf, ABookTellWhatIsLeftOut) {
  std::vector<std::string> told;
  const Likes likes = likes_of({.seed = 3},
                               "X:1\nT:A\n" + kJig +
                                   "\nA3 A3|\n\nX:2\nT:Free\nM:none\nK:C\nCDE|\n\n"
                                   "X:3\nT:B\nM:3/4\nK:G\nG6|G6|\n",
                               ignorant_model(), [&](const std::string& s) { told.push_back(s); });
  EXPECT_EQ(likes.size(), 2U);
  EXPECT_EQ(likes.request(1).wishes.key, "G");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].find("no tune like \"Free\": meter: expected"), 0U) << told[0];
  EXPECT_EQ(likes_of({}, "no tune", ignorant_model(), {}).size(), 0U);
}

}  // namespace
}  // namespace lilt::compose
