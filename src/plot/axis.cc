#include "plot/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lilt::plot {
namespace {

constexpr double kMargin = 0.07;                 // of the range, on both sides
constexpr double kSmallest = 1e-90;              // below which all is called 0
constexpr int kLeastPlain = -2, kMostPlain = 4;  // powers of ten that labels write out

// The smallest of 1, 2, 5, 10, 20, … (or 0.5, 0.2, …) that is not below `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= least * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

std::string factor_text(int exponent) {
  constexpr const char* kSuperscript[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "×10⁻" : "×10";
  for (const char digit : std::to_string(std::abs(exponent))) text += kSuperscript[digit - '0'];
  return text;
}

// Ticks at multiples of a step; labels have as many decimals as the step needs.
void add_ticks(Axis& axis, std::size_t intervals) {
  int exponent = static_cast<int>(std::floor(std::log10(axis.high)));
  if (exponent >= kLeastPlain && exponent <= kMostPlain) exponent = 0;
  if (exponent != 0) axis.factor = factor_text(exponent);
  const double unit = std::pow(10.0, exponent);
  const double low = axis.low / unit, high = axis.high / unit;
  const double step = round_step((high - low) / static_cast<double>(intervals));
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  const double first = std::ceil(low / step - 1e-9) + 0.0;  // not -0
  for (double i = first; i * step <= high; ++i) {
    axis.ticks.push_back({i * step * unit, fmt::format("{:.{}f}", i * step, decimals)});
  }
}

}  // namespace

Axis figure_axis(double smallest, double largest, bool from_zero, std::size_t intervals) {
  Axis axis;
  if (largest < kSmallest) smallest = largest = 0;
  if (from_zero) smallest = 0;
  double range = largest - smallest;
  if (range <= largest * 1e-6) range = largest > 0 ? 2 * largest : 20;  // a single figure
  axis.low = std::max(0.0, smallest - (from_zero ? 0 : kMargin * range));
  axis.high = largest + kMargin * range;
  add_ticks(axis, intervals);
  return axis;
}

Axis epoch_axis(std::uint64_t first, std::uint64_t last, std::size_t intervals) {
  const auto begin = static_cast<double>(first), end = static_cast<double>(last);
  const double margin = first == last ? 0.5 : 0.02 * (end - begin);
  Axis axis{.low = begin - margin, .high = end + margin, .ticks = {}, .factor = {}};
  const double step = std::max(1.0, round_step((end - begin + 1) / static_cast<double>(intervals)));
  const double multiple = std::ceil(begin / step) * step;
  // The first epoch is named too where it does not crowd the next tick.
  if (multiple - begin > step / 2) axis.ticks.push_back({begin, fmt::format("{:.0f}", begin)});
  for (int i = 0; multiple + i * step <= end; ++i) {
    const double at = multiple + i * step;
    axis.ticks.push_back({at, fmt::format("{:.0f}", at)});
  }
  return axis;
}

}  // namespace lilt::plot
