#include "base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace lilt {
namespace {

TEST(Nearest, CountsSlips) {
  EXPECT_EQ(typing_distance("", ""), 0U);
  EXPECT_EQ(typing_distance("", "key"), 3U);
  EXPECT_EQ(typing_distance("key", ""), 3U);
  EXPECT_EQ(typing_distance("Jig", "jig"), 0U);
  EXPECT_EQ(typing_distance("jigg", "jig"), 1U);
  EXPECT_EQ(typing_distance("jgi", "jig"), 1U) << "two neighbours swapped";
  EXPECT_EQ(typing_distance("temprature", "temperature"), 1U);
  EXPECT_EQ(typing_distance("reel", "polka"), 5U);
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> commands = {"train", "compose", "check", "corpus"};
  EXPECT_EQ(nearest("compos", commands), "compose");
  EXPECT_EQ(nearest("chekc", commands), "check");
  EXPECT_EQ(nearest("TRAIN", commands), "train");
  EXPECT_EQ(nearest("symphony", commands), "");
  EXPECT_EQ(nearest("", commands), "");
  EXPECT_EQ(nearest(std::string(100000, 'x'), commands), "");
  EXPECT_EQ(nearest("--ky", std::vector<std::string>{"--bars", "--key"}), "--key");
}

TEST(Nearest, AsksOnlyWhereThereIsSomething) {
  const std::vector<const char*> names = {"temperature", "top_p"};
  EXPECT_EQ(did_you_mean("temprature", names), "; did you mean temperature?");
  EXPECT_EQ(did_you_mean("colour", names), "");
}

}  // namespace
}  // namespace lilt
