#include "abc/header.h"

#include <gtest/gtest.h>

namespace lilt::abc {
namespace {

constexpr const char* kText = "X:1\nT:a\nR:jig\nM:6/8\nL:1/8\nK:D\nK:G\nd3 d3|]\n\n";

TEST(Header, EndsWithItsKey) {
  const PartedTune tune = part_tune(kText);
  EXPECT_EQ(tune.header.text(), "X:1\nT:a\nR:jig\nM:6/8\nL:1/8\nK:D\n");
  EXPECT_EQ(tune.music, "K:G\nd3 d3|]\n\n");
  EXPECT_EQ(tune.header.field('R'), "jig");
  EXPECT_EQ(tune.header.field('C'), "");
}

TEST(Header, IsWhatThereIsOfIt) {
  EXPECT_TRUE(part_tune("").header.lines.empty());
  EXPECT_EQ(part_tune("X:").header, (Header{{{'X', ""}}}));
  EXPECT_EQ(part_tune("X:1\nabc").music, "abc");
}

TEST(Header, HasItsLinesInCanonicalOrder) {
  Header header = part_tune(kText).header;
  header.add('Z', "me");
  header.add('C', "nobody");
  header.add('T', "b");
  header.set('X', "7");
  header.set('R', "reel");
  EXPECT_EQ(header.text(), "X:7\nT:a\nT:b\nC:nobody\nZ:me\nR:reel\nM:6/8\nL:1/8\nK:D\n");
  header.set('S', "the sea");
  EXPECT_EQ(header.field('S'), "the sea");
}

}  // namespace
}  // namespace lilt::abc
