#include "infer/exponential.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/bit_cast.h"
#include "targets.h"

namespace lilt::infer {
namespace {

using Limits = std::numeric_limits<float>;

std::vector<double> exponentials_of(const std::vector<float>& x) {
  std::vector<double> e(x.size());
  exponentials(x, e.data());
  return e;
}

// From −79.9 to 0, closer together towards 0.
std::vector<float> arguments() {
  std::vector<float> x = {0.0F, -0.0F};
  for (float v = 1e-8F; v < 79.9F; v *= 1.01F) x.push_back(-v);
  return x;
}

TEST(Exponentials, AreRightToSinglePrecision) {
  const std::vector<float> x = arguments();
  const std::vector<double> e = exponentials_of(x);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double expected = std::exp(static_cast<double>(x[k]));
    EXPECT_NEAR(e[k], expected, 2 * static_cast<double>(Limits::epsilon()) * expected) << x[k];
  }
  EXPECT_EQ(e[0], 1.0);
}

TEST(Exponentials, OfWhatIsTooSmallOrNoNumberAreNothing) {
  const std::vector<float> x = {-80.0F, -1e30F, -Limits::infinity(), Limits::quiet_NaN()};
  EXPECT_EQ(exponentials_of(x), std::vector<double>(4, 0.0));
}

TEST(Exponentials, HaveTheSameBitsOnEveryInstructionSetAndInEveryPlace) {
  const std::vector<float> x = arguments();
  const std::vector<double> expected = exponentials_of(x);
  support::for_each_target([&](const char* target) {
    EXPECT_EQ(exponentials_of(x), expected) << target;
    for (std::size_t k = 0; k < x.size(); k += 97) {
      EXPECT_EQ(exponentials_of({x[k]})[0], expected[k]) << target << " " << x[k];
    }
  });
}

// Whoever changes these bits changes the tunes of every seed.
TEST(Exponentials, KeepTheirBits) {
  std::uint64_t sum = 0;
  for (const double e : exponentials_of(arguments())) sum = sum * 31 + bit_cast<std::uint64_t>(e);
  EXPECT_EQ(sum, 4546938651335881096U);
}

}  // namespace
}  // namespace lilt::infer
