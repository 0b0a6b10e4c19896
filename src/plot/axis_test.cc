#include "plot/axis.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lilt::plot {
namespace {

std::string labels(const Axis& axis) {
  std::string text;
  for (const Tick& tick : axis.ticks) text += tick.label + " ";
  return text + axis.factor;
}

TEST(FigureAxis, HasRoundNumbers) {
  EXPECT_EQ(labels(figure_axis(0.88, 3.75, false, 8)), "1.0 1.5 2.0 2.5 3.0 3.5 ");
  EXPECT_EQ(labels(figure_axis(4.4, 9.5, false, 4)), "6 8 ");
  EXPECT_EQ(labels(figure_axis(0, 0.001, true, 3)), "0.0 0.5 1.0 ×10⁻³");
  EXPECT_EQ(labels(figure_axis(3e-4, 3e-4, true, 3)), "0 2 ×10⁻⁴");
  EXPECT_EQ(labels(figure_axis(0, 2.5e12, true, 3)), "0 1 2 ×10¹²");
}

TEST(FigureAxis, HasRoomForAnyFigures) {
  for (const double smallest : {0.0, 5e-324, 1e-95, 1e-89, 1e-9, 0.5, 1.0, 1e9, 1e100}) {
    for (const double factor : {1.0, 1 + 1e-15, 1 + 1e-7, 1.5, 2.0, 1e3, 1e12}) {
      for (const bool from_zero : {false, true}) {
        for (const std::size_t intervals : {3, 4, 8}) {
          const double largest = std::min(1e100, smallest * factor);
          const Axis axis = figure_axis(smallest, largest, from_zero, intervals);
          ASSERT_LE(axis.low, smallest);
          ASSERT_GE(axis.high, largest);
          ASSERT_LT(axis.low, axis.high);
          ASSERT_TRUE(std::isfinite(axis.share(smallest)) && std::isfinite(axis.share(largest)));
          ASSERT_GE(axis.ticks.size(), 1U) << smallest << " " << largest;
          ASSERT_LE(axis.ticks.size(), intervals + 1);
          for (const Tick& tick : axis.ticks) ASSERT_LE(tick.label.size(), 12U) << tick.label;
        }
      }
    }
  }
}

TEST(EpochAxis, HasWholeNumbers) {
  EXPECT_EQ(labels(epoch_axis(1, 1, 10)), "1 ");
  EXPECT_EQ(labels(epoch_axis(1, 2, 10)), "1 2 ");
  EXPECT_EQ(labels(epoch_axis(0, 3, 10)), "0 1 2 3 ");
  EXPECT_EQ(labels(epoch_axis(1, 20, 10)), "2 4 6 8 10 12 14 16 18 20 ");
  EXPECT_EQ(labels(epoch_axis(1, 1000, 10)), "1 100 200 300 400 500 600 700 800 900 1000 ");
  for (std::uint64_t last = 7; last < 1000; ++last) {
    for (const std::size_t intervals : {3, 10}) {
      const Axis axis = epoch_axis(7, last, intervals);
      ASSERT_GE(axis.ticks.size(), 1U) << last;
      ASSERT_LE(axis.ticks.size(), intervals + 1) << last;
      ASSERT_GE(axis.ticks.front().at, 7);
      ASSERT_LE(axis.ticks.back().at, static_cast<double>(last));
    }
  }
  EXPECT_LE(epoch_axis(0, 1'000'000'000, 10).ticks.size(), 11U);
}

}  // namespace
}  // namespace lilt::plot
