#include "cli/shard.h"

#include <gtest/gtest.h>

namespace lilt::cli {
namespace {

TEST(Shard, IsPartKOfN) {
  const Result<Shard> shard = parse_shard("3/8");
  ASSERT_TRUE(shard);
  EXPECT_EQ(shard->part, 3U);
  EXPECT_EQ(shard->of, 8U);
  EXPECT_TRUE(parse_shard("1/1"));
  EXPECT_TRUE(parse_shard("1000000/1000000"));
  for (const char* wrong : {"", "/", "3", "3/", "/8", "0/8", "9/8", "-1/8", "1/1000001", "a/b",
                            "1/8/2", "1.5/2", " 1/8", "1/99999999999999999999"}) {
    EXPECT_FALSE(parse_shard(wrong)) << wrong;
  }
}

TEST(Shard, AllTogetherAreTheWhole) {
  for (const std::uint64_t count : {1U, 7U, 8U, 1'000'000'000U}) {
    for (const std::size_t of : {std::size_t{1}, std::size_t{3}, std::size_t{8}, kMostShards}) {
      if (of == kMostShards && count < of) continue;
      std::uint64_t next = 5, least = count, most = 0;
      for (std::size_t part = 1; part <= of; ++part) {
        const Stretch stretch = stretch_of({part, of}, {5, count});
        ASSERT_EQ(stretch.first, next);
        next += stretch.count;
        least = std::min(least, stretch.count);
        most = std::max(most, stretch.count);
      }
      EXPECT_EQ(next, 5 + count);
      EXPECT_LE(most - least, 1U);
    }
  }
}

}  // namespace
}  // namespace lilt::cli
