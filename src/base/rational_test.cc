#include "base/rational.h"

#include <gtest/gtest.h>

namespace lilt {
namespace {

TEST(Rational, IsKeptInLowestTermsWithAPositiveDenominator) {
  EXPECT_EQ(Rational(6, -8), Rational(-3, 4));
  EXPECT_EQ(Rational(0, 5).denominator(), 1);
  EXPECT_EQ(Rational(6, 8).to_string(), "3/4");
  EXPECT_EQ(Rational(8, 4).to_string(), "2");
}

TEST(Rational, Calculates) {
  EXPECT_EQ(Rational(1, 3) + Rational(1, 6), Rational(1, 2));
  EXPECT_EQ(Rational(1, 3) - Rational(1, 2), Rational(-1, 6));
  EXPECT_EQ(Rational(2, 3) * Rational(3, 4), Rational(1, 2));
  EXPECT_EQ(Rational(2, 3) / Rational(4, 3), Rational(1, 2));
}

TEST(Rational, Compares) {
  EXPECT_LT(Rational(1, 3), Rational(1, 2));
  EXPECT_GT(Rational(-1, 3), Rational(-1, 2));
  EXPECT_LE(Rational(2), Rational(4, 2));
}

}  // namespace
}  // namespace lilt
