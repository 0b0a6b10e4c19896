#include "base/even_sample.h"

#include <gtest/gtest.h>

namespace lilt {
namespace {

TEST(EvenSample, TakesAllOrEverySecondFourth) {
  using Numbers = std::vector<int>;
  const auto of = [](int count, std::size_t most) {
    EvenSample<int> sample(most);
    for (int i = 0; i < count; ++i) sample.add([i] { return i; });
    return sample.things();
  };
  EXPECT_EQ(of(0, 4), Numbers{});
  EXPECT_EQ(of(4, 4), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(of(5, 4), (Numbers{0, 2, 4}));
  EXPECT_EQ(of(8, 4), (Numbers{0, 2, 4, 6}));
  EXPECT_EQ(of(9, 4), (Numbers{0, 4, 8}));
  EXPECT_EQ(of(1000, 3), (Numbers{0, 512}));
  EXPECT_EQ(of(10, 1), Numbers{0});
}

}  // namespace
}  // namespace lilt
