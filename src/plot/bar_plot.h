// Two distributions side by side, as SVG.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace lilt::plot {

// A value, and how often it is in each of the two.
struct Bars {
  std::string label;
  double first = 0, second = 0;  // shares, 0 … 1
};

// What a distribution is called, and its colour, such as "#d55e00".
struct BarSeries {
  const char *name, *color;
};

// An <svg> element. `title` names it for those who cannot see it; `axis` is what the labels are.
[[nodiscard]] std::string bar_plot(const std::string& title, const std::string& axis,
                                   const std::array<BarSeries, 2>& series,
                                   const std::vector<Bars>& bars);

// The same lying down, a row each, for labels that are sentences.
[[nodiscard]] std::string row_plot(const std::string& title, const std::array<BarSeries, 2>& series,
                                   const std::vector<Bars>& bars);

}  // namespace lilt::plot
