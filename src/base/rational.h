// Exact fractions, for durations.
#pragma once

#include <cassert>
#include <compare>
#include <cstdint>
#include <numeric>
#include <string>

namespace lilt {

// numerator / denominator in lowest terms, the denominator positive. Meant for the small figures of
// music: a product of numerators and denominators must fit 64 bits.
class Rational {
 public:
  constexpr Rational() = default;
  constexpr Rational(std::int64_t whole) : numerator_(whole) {}  // NOLINT: implicit, as in 1/2 + 1
  constexpr Rational(std::int64_t numerator, std::int64_t denominator)
      : numerator_(numerator), denominator_(denominator) {
    assert(denominator != 0);
    const std::int64_t divisor = std::gcd(numerator, denominator);
    const std::int64_t sign = denominator < 0 ? -1 : 1;
    numerator_ = sign * numerator / divisor;
    denominator_ = sign * denominator / divisor;
  }

  [[nodiscard]] constexpr std::int64_t numerator() const { return numerator_; }
  [[nodiscard]] constexpr std::int64_t denominator() const { return denominator_; }

  friend constexpr Rational operator+(Rational a, Rational b) {
    return {a.numerator_ * b.denominator_ + b.numerator_ * a.denominator_,
            a.denominator_ * b.denominator_};
  }
  friend constexpr Rational operator-(Rational a, Rational b) {
    return a + Rational(-b.numerator_, b.denominator_);
  }
  friend constexpr Rational operator*(Rational a, Rational b) {
    return {a.numerator_ * b.numerator_, a.denominator_ * b.denominator_};
  }
  // b must not be 0.
  friend constexpr Rational operator/(Rational a, Rational b) {
    return {a.numerator_ * b.denominator_, a.denominator_ * b.numerator_};
  }
  friend constexpr bool operator==(Rational, Rational) = default;
  friend constexpr std::strong_ordering operator<=>(Rational a, Rational b) {
    return a.numerator_ * b.denominator_ <=> b.numerator_ * a.denominator_;
  }

  // "3/4", or "2" for a whole number.
  [[nodiscard]] std::string to_string() const {
    const std::string whole = std::to_string(numerator_);
    return denominator_ == 1 ? whole : whole + "/" + std::to_string(denominator_);
  }

 private:
  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

}  // namespace lilt
