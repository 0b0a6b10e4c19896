#include "plot/bar_plot.h"

#include <gtest/gtest.h>

namespace lilt::plot {
namespace {

constexpr std::array<BarSeries, 2> kSeries = {{{"ours", "#111111"}, {"theirs", "#222222"}}};

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t number = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++number;
  }
  return number;
}

TEST(BarPlot, HasABarOfEachSeriesForEachValue) {
  const std::string svg =
      bar_plot("<keys> & modes", "keys", kSeries, {{"D", 0.5, 0.25}, {"G", 0, 1}});
  EXPECT_EQ(count(svg, "<rect "), 4U);
  EXPECT_EQ(count(svg, "fill=\"#111111\""), 2U);
  EXPECT_NE(svg.find("<title>D, ours: 50.0 %</title>"), std::string::npos);
  EXPECT_NE(svg.find("<title>G, theirs: 100.0 %</title>"), std::string::npos);
  EXPECT_NE(svg.find("aria-label=\"&lt;keys&gt; &amp; modes\""), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(BarPlot, TurnsLabelsThatDoNotFit) {
  EXPECT_EQ(count(bar_plot("", "", kSeries, {{"D", 1, 1}}), "rotate(-90)"), 0U);
  const std::vector<Bars> many(20, {"some label", 0.05, 0.05});
  EXPECT_EQ(count(bar_plot("", "", kSeries, many), "rotate(-90)"), 20U);
}

TEST(BarPlot, OfNothingIsAnEmptyFrame) {
  const std::string svg = bar_plot("", "", kSeries, {});
  EXPECT_EQ(count(svg, "<rect "), 0U);
  EXPECT_EQ(svg.substr(svg.size() - 7), "</svg>\n");
}

TEST(RowPlot, HasTwoBarsAndALabelInEachRow) {
  const std::string svg = row_plot("a & b", kSeries, {{"ends <well>", 0.5, 0.25}, {"G", 0, 1}});
  EXPECT_EQ(count(svg, "<rect "), 4U);
  EXPECT_EQ(count(svg, ">ends &lt;well&gt;</text>"), 1U);
  EXPECT_NE(svg.find("<title>G, theirs: 100.0 %</title>"), std::string::npos);
  EXPECT_NE(svg.find("aria-label=\"a &amp; b\""), std::string::npos);
  EXPECT_EQ(count(row_plot("", kSeries, {}), "<rect "), 0U);
}

}  // namespace
}  // namespace lilt::plot
