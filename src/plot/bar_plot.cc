#include "plot/bar_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace lilt::plot {
namespace {

constexpr double kWidth = 460, kHeight = 240, kLeft = 44, kRight = 452, kTop = 12;
constexpr double kLetter = 6;  // about the width of one

// A round step so that there are three to six of them up to `largest`.
double step_for(double largest) {
  const double magnitude = std::pow(10, std::floor(std::log10(largest)));
  for (const double step : {0.2, 0.25, 0.5, 1.0}) {
    if (largest / (step * magnitude) <= 6) return step * magnitude;
  }
  return 2 * magnitude;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

class BarPlot {
 public:
  BarPlot(const std::string& title, const std::string& axis, const std::array<BarSeries, 2>& series,
          const std::vector<Bars>& bars)
      : title_(title), axis_(axis), series_(series), bars_(bars) {
    for (const Bars& b : bars) {
      largest_ = std::max({largest_, b.first, b.second});
      longest_ = std::max(longest_, characters(b.label));
    }
    slot_ = (kRight - kLeft) / static_cast<double>(std::max<std::size_t>(bars.size(), 1));
    is_upright_ = kLetter * static_cast<double>(longest_) > slot_;
    bottom_ = kHeight - 22 - (is_upright_ ? kLetter * static_cast<double>(longest_) : 12);
  }

  std::string draw() {
    svg_ =
        fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><title>{}</title>\n",
                    kWidth, kHeight, html(title_), html(title_));
    draw_grid();
    for (std::size_t i = 0; i < bars_.size(); ++i) draw_bars(i);
    svg_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n</svg>\n",
                        (kLeft + kRight) / 2, kHeight - 4, html(axis_));
    return std::move(svg_);
  }

 private:
  [[nodiscard]] double y(double share) const {
    return bottom_ - share / largest_ * (bottom_ - kTop);
  }

  void draw_grid() {
    const double step = step_for(largest_);
    for (int i = 0; i * step <= largest_ * 1.0001; ++i) {
      const double at = i * step;
      svg_ += fmt::format(
          "<path d=\"M{0} {1:.1f}H{2}\" class=\"grid\"/>"
          "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:g} %</text>\n",
          kLeft, y(at), kRight, kLeft - 4, y(at) + 4, std::round(1e4 * at) / 100);
    }
  }

  void draw_bar(double x, double width, double share, const BarSeries& of,
                const std::string& label) {
    svg_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\">"
        "<title>{}, {}: {:.1f} %</title></rect>\n",
        x, y(share), width, bottom_ - y(share), of.color, html(label), of.name, 100 * share);
  }

  void draw_bars(std::size_t i) {
    const double x = kLeft + slot_ * static_cast<double>(i), width = 0.4 * slot_;
    const std::string& label = bars_[i].label;
    draw_bar(x + 0.1 * slot_, width, bars_[i].first, series_[0], label);
    draw_bar(x + 0.5 * slot_, width, bars_[i].second, series_[1], label);
    const double middle = x + slot_ / 2;
    svg_ += is_upright_
                ? fmt::format(
                      "<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" "
                      "text-anchor=\"end\">{}</text>\n",
                      middle + 4, bottom_ + 5, html(label))
                : fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                              middle, bottom_ + 14, html(label));
  }

  const std::string &title_, &axis_;
  const std::array<BarSeries, 2>& series_;
  const std::vector<Bars>& bars_;
  double largest_ = 1e-3, slot_ = 0, bottom_ = 0;
  std::size_t longest_ = 0;
  bool is_upright_ = false;
  std::string svg_;
};

// Two bars in a row, with its label before them.
class RowPlot {
 public:
  RowPlot(const std::array<BarSeries, 2>& series, const std::vector<Bars>& bars)
      : series_(series), bars_(bars) {
    std::size_t longest = 0;
    for (const Bars& b : bars) longest = std::max(longest, characters(b.label));
    left_ = 8 + kRowLetter * static_cast<double>(longest);
  }

  std::string draw(const std::string& title) {
    const double height = kRow * static_cast<double>(bars_.size()) + 20;
    std::string svg =
        fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><title>{}</title>\n",
                    kWidth, height, html(title), html(title));
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      svg += fmt::format(
          "<path d=\"M{0:.1f} 0V{1}\" class=\"grid\"/>"
          "<text x=\"{0:.1f}\" y=\"{2}\" text-anchor=\"middle\">{3:g} %</text>\n",
          x(share), height - 18, height - 5, 100 * share);
    }
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      const double y = kRow * static_cast<double>(i);
      svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                         left_ - 4, y + 12, html(bars_[i].label));
      svg += bar(y + 3, bars_[i].first, series_[0], bars_[i].label);
      svg += bar(y + 9, bars_[i].second, series_[1], bars_[i].label);
    }
    return svg + "</svg>\n";
  }

 private:
  static constexpr double kRow = 17, kRowLetter = 5.4, kRowRight = 440;

  [[nodiscard]] double x(double share) const { return left_ + share * (kRowRight - left_); }

  [[nodiscard]] std::string bar(double y, double share, const BarSeries& of,
                                const std::string& label) const {
    return fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"5\" fill=\"{}\">"
        "<title>{}, {}: {:.1f} %</title></rect>\n",
        left_, y, x(share) - left_, of.color, html(label), of.name, 100 * share);
  }

  const std::array<BarSeries, 2>& series_;
  const std::vector<Bars>& bars_;
  double left_ = 0;
};

}  // namespace

std::string row_plot(const std::string& title, const std::array<BarSeries, 2>& series,
                     const std::vector<Bars>& bars) {
  return RowPlot(series, bars).draw(title);
}

std::string bar_plot(const std::string& title, const std::string& axis,
                     const std::array<BarSeries, 2>& series, const std::vector<Bars>& bars) {
  return BarPlot(title, axis, series, bars).draw();
}

}  // namespace lilt::plot
