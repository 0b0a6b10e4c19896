#include "abc/metre.h"

#include <gtest/gtest.h>

namespace lilt::abc {
namespace {

TEST(Metre, EverySpelling) {
  EXPECT_EQ(parse_metre("6/8")->bar(), kWholeNote / 4 * 3);
  EXPECT_EQ(parse_metre("C")->to_string(), "C");
  EXPECT_EQ(parse_metre("C|")->bar(), kWholeNote);
  EXPECT_EQ(parse_metre("(2+3)/8"), parse_metre("5/8"));
  EXPECT_EQ(parse_metre("2+3/8"), parse_metre("5/8"));
  EXPECT_TRUE(parse_metre("none")->is_free());
  EXPECT_TRUE(parse_metre("")->is_free());
  for (const char* wrong : {"3", "0/4", "4/0", "4/5", "4/", "x", "99/4", "(2+3/8", "4/4x"}) {
    EXPECT_FALSE(parse_metre(wrong).has_value()) << wrong;
  }
}

TEST(Metre, UnitsAndTuplets) {
  EXPECT_EQ(parse_metre("2/4")->default_unit(), kWholeNote / 16);
  EXPECT_EQ(parse_metre("3/4")->default_unit(), kWholeNote / 8);
  EXPECT_EQ(parse_metre("4/4")->tuplet_time(3), 2);
  EXPECT_EQ(parse_metre("4/4")->tuplet_time(5), 2);
  EXPECT_EQ(parse_metre("6/8")->tuplet_time(5), 3);
  EXPECT_EQ(parse_metre("6/8")->tuplet_time(10), 0);
  EXPECT_EQ(parse_unit("1/16"), kWholeNote / 16);
  EXPECT_FALSE(parse_unit("2/3").has_value());
  EXPECT_FALSE(parse_unit("1/3").has_value());
}

}  // namespace
}  // namespace lilt::abc
