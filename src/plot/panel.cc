#include "plot/panel.h"

#include <algorithm>

namespace lilt::plot {
namespace {

constexpr Color kGrid{0.9, 0.9, 0.9}, kFrame{0.65, 0.65, 0.65}, kPaper{1, 1, 1};
constexpr double kLabelLeft = 22;      // where the names of vertical axes stand
constexpr double kHeightOfTick = 26;   // what a step of a vertical axis takes
constexpr double kRoomForPoints = 20;  // what points must have between them to be shown

double x_of(const Axis& epochs, const Box& box, double epoch) {
  return box.left + epochs.share(epoch) * (box.right - box.left);
}

Axis axis_of(const Panel& panel, const Box& box) {
  double smallest = panel.curves[0].points[0].y, largest = smallest;
  for (const Curve& curve : panel.curves) {
    for (const Point& p : curve.points) {
      smallest = std::min(smallest, p.y);
      largest = std::max(largest, p.y);
    }
  }
  const double intervals = std::max(3.0, (box.bottom - box.top) / kHeightOfTick);
  return figure_axis(smallest, largest, panel.from_zero, static_cast<std::size_t>(intervals));
}

class PanelDrawing {
 public:
  PanelDrawing(Canvas& canvas, const Panel& panel, const Axis& epochs, const Box& box)
      : canvas_(canvas), panel_(panel), epochs_(epochs), figures_(axis_of(panel, box)), box_(box) {}

  void draw() {
    draw_grid();
    draw_figures();
    for (const Mark& mark : panel_.marks) draw_best_line(mark);
    for (const Curve& curve : panel_.curves) draw_curve(curve);
    for (const Mark& mark : panel_.marks) draw_ring(mark);
    if (!panel_.remark.empty() && !panel_.marks.empty()) draw_remark(panel_.marks[0].epoch);
  }

 private:
  [[nodiscard]] double x(double epoch) const { return x_of(epochs_, box_, epoch); }
  [[nodiscard]] double y(double figure) const {
    return box_.bottom - figures_.share(figure) * (box_.bottom - box_.top);
  }

  void upright(double at, const Stroke& stroke) {
    const Point ends[] = {{at, box_.top}, {at, box_.bottom}};
    canvas_.line(ends, stroke);
  }

  void draw_grid() {
    for (const Tick& tick : epochs_.ticks) upright(x(tick.at), {kGrid, 0.8});
    for (const Tick& tick : figures_.ticks) {
      const Point ends[] = {{box_.left, y(tick.at)}, {box_.right, y(tick.at)}};
      canvas_.line(ends, {kGrid, 0.8});
    }
    const Point corner[] = {
        {box_.left, box_.top}, {box_.left, box_.bottom}, {box_.right, box_.bottom}};
    canvas_.line(corner, {kFrame, 1});
  }

  // The numbers and the name of the vertical axis.
  void draw_figures() {
    for (const Tick& tick : figures_.ticks) {
      canvas_.text({box_.left - 7, y(tick.at) + 4}, tick.label,
                   {.color = kInk, .align = Align::kRight});
    }
    canvas_.text({box_.left, box_.top - 6}, figures_.factor, {.size = 10, .color = kInk});
    canvas_.text({kLabelLeft, (box_.top + box_.bottom) / 2}, panel_.label,
                 {.size = 12, .color = kInk, .align = Align::kCenter, .upwards = true});
  }

  void draw_best_line(const Mark& mark) {
    Color faint = mark.color;
    faint.alpha = 0.7;
    upright(x(mark.epoch), {faint, 1, true});
  }

  // Few epochs are shown as points, too; a single one is nothing else.
  void draw_curve(const Curve& curve) {
    std::vector<Point> points;
    points.reserve(curve.points.size());
    for (const Point& p : curve.points) points.push_back({x(p.x), y(p.y)});
    canvas_.line(points, curve.stroke);
    const std::size_t gaps = points.size() - 1;
    const double room = (points.back().x - points.front().x) / static_cast<double>(gaps);
    if (gaps > 0 && room < kRoomForPoints) return;
    const double radius = gaps == 0 ? 3.5 : 2.2;
    for (const Point& p : points) canvas_.disc(p, radius, curve.stroke.color);
  }

  void draw_ring(const Mark& mark) {
    if (!mark.figure) return;
    const Point at = {x(mark.epoch), y(*mark.figure)};
    canvas_.disc(at, 6, kPaper);
    canvas_.disc(at, 5, mark.color);
    canvas_.disc(at, 2.5, kPaper);
  }

  // At the top, on the side of the line where there is more room.
  void draw_remark(double epoch) {
    const bool to_right = epochs_.share(epoch) < 0.5;
    const TextStyle style{.color = kInk, .align = to_right ? Align::kLeft : Align::kRight};
    const double width = canvas_.text_width(panel_.remark, style);
    const double start = x(epoch) + (to_right ? 8 : -8);
    const double end = start + (to_right ? width : -width);
    constexpr Color kVeil{1, 1, 1, 0.85};
    canvas_.rectangle({std::min(start, end) - 3, box_.top + 1},
                      {std::max(start, end) + 3, box_.top + 18}, kVeil);
    canvas_.text({start, box_.top + 13}, panel_.remark, style);
  }

  Canvas& canvas_;
  const Panel& panel_;
  const Axis& epochs_;
  const Axis figures_;
  const Box box_;
};

}  // namespace

void draw_panel(Canvas& canvas, const Panel& panel, const Axis& epochs, const Box& box) {
  PanelDrawing(canvas, panel, epochs, box).draw();
}

void draw_epochs(Canvas& canvas, const Axis& epochs, const Box& panel) {
  for (const Tick& tick : epochs.ticks) {
    canvas.text({x_of(epochs, panel, tick.at), panel.bottom + 16}, tick.label,
                {.color = kInk, .align = Align::kCenter});
  }
  canvas.text({(panel.left + panel.right) / 2, panel.bottom + 34}, "epoch",
              {.size = 12, .color = kInk, .align = Align::kCenter});
}

}  // namespace lilt::plot
