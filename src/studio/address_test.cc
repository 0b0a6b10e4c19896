#include "studio/address.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lilt::studio {
namespace {

TEST(Address, IsANumberInItsUsualSpelling) {
  EXPECT_EQ(read_address("192.168.1.5"), "192.168.1.5");
  EXPECT_EQ(read_address("0:0:0:0:0:0:0:1"), "::1");
  EXPECT_EQ(read_address("FD00::2"), "fd00::2");
  for (const char* other : {"", "localhost", "example.org", "127.1", "127.0.0.1:80", "[::1]",
                            "256.0.0.1", " 127.0.0.1", "fe80::1%lo"}) {
    EXPECT_FALSE(read_address(other)) << other;
  }
  EXPECT_FALSE(read_address(std::string("127.0.0.1\0.example.org", 22)));
}

TEST(Address, KnowsLoopback) {
  for (const char* own : {"127.0.0.1", "127.8.0.1", "::1"}) EXPECT_TRUE(is_loopback(own)) << own;
  for (const char* other : {"0.0.0.0", "::", "192.0.2.7", "1.127.0.0", "fd00::1"}) {
    EXPECT_FALSE(is_loopback(other)) << other;
  }
}

TEST(Address, StandsInBracketsInAUrl) {
  EXPECT_EQ(host_of("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(host_of("::1"), "[::1]");
}

TEST(Address, OfAllIsReachedUnderEachOfThisMachine) {
  EXPECT_EQ(reached_under("192.0.2.7"), std::vector<std::string>{"192.0.2.7"});
  const std::vector<std::string> four = reached_under("0.0.0.0"), all = reached_under("::");
  EXPECT_EQ(std::count(four.begin(), four.end(), "127.0.0.1"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), "127.0.0.1"), 1);
  for (const std::string& address : four) EXPECT_EQ(address.find(':'), std::string::npos);
  for (const std::string& address : all) {
    EXPECT_EQ(read_address(address), address);
    EXPECT_FALSE(address.starts_with("fe80"));
  }
}

}  // namespace
}  // namespace lilt::studio
