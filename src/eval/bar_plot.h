// Two distributions side by side, as SVG.
#pragma once

#include <string>
#include <vector>

namespace lilt::eval {

struct Bars {
  std::string label;              // of the value
  double composed = 0, real = 0;  // shares, 0 … 1
};

inline constexpr const char* kComposedColor = "#d55e00";
inline constexpr const char* kRealColor = "#0072b2";

// An <svg> element. `title` names it for those who cannot see it; `axis` is what the labels are.
[[nodiscard]] std::string bar_plot(const std::string& title, const std::string& axis,
                                   const std::vector<Bars>& bars);

}  // namespace lilt::eval
