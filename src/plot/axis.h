// Axes of figures: the range that is drawn, and round numbers along it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lilt::plot {

struct Tick {
  double at = 0;
  std::string label;
};

struct Axis {
  double low = 0, high = 1;  // low < high
  std::vector<Tick> ticks;   // rising, within low … high
  std::string factor;  // what the labels are to be multiplied with, such as "×10⁻⁴", or ""

  // Where a value stands: 0 at low, 1 at high.
  [[nodiscard]] double share(double value) const { return (value - low) / (high - low); }
};

// An axis with room around figures of smallest … largest, which are 0 … 1e100; `from_zero` begins
// it at 0. There are ticks, with at most `intervals` steps between them; `intervals` is at least 3.
[[nodiscard]] Axis figure_axis(double smallest, double largest, bool from_zero,
                               std::size_t intervals);

// An axis for epochs first … last, with ticks at whole numbers, likewise.
[[nodiscard]] Axis epoch_axis(std::uint64_t first, std::uint64_t last, std::size_t intervals);

}  // namespace lilt::plot
