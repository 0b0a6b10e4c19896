#include "cli/console.h"

#include <gtest/gtest.h>

namespace lilt::cli {
namespace {

TEST(Console, LinesAreCutBetweenCharacters) {
  EXPECT_EQ(beginning("epoch ━━╸··", 8), "epoch ━━");
  EXPECT_EQ(beginning("epoch", 8), "epoch");
  EXPECT_EQ(beginning("é", 0), "");
  EXPECT_EQ(beginning("\xFF\xFF\xFF", 2), "\xFF\xFF") << "what is not UTF-8 counts by bytes";
}

TEST(Console, ALineIsErasedThatANarrowerTerminalShowsOnSeveral) {
  EXPECT_EQ(erasing(0, 79), "\r\x1b[K");
  EXPECT_EQ(erasing(79, 79), "\r\x1b[K");
  EXPECT_EQ(erasing(60, 59), "\r\x1b[K") << "the last column is not written to but can be";
  EXPECT_EQ(erasing(61, 59), "\x1b[1A\r\x1b[J");
  EXPECT_EQ(erasing(119, 39), "\x1b[2A\r\x1b[J");
}

}  // namespace
}  // namespace lilt::cli
