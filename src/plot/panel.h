// Panels of a figure: curves over epochs in a frame with a grid.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plot/axis.h"
#include "plot/canvas.h"

namespace lilt::plot {

inline constexpr Color kInk{0.13, 0.13, 0.13}, kQuiet{0.4, 0.4, 0.4};

struct Curve {
  std::vector<Point> points;  // epoch and figure; at least one
  Stroke stroke;
};

// The best epoch of a run: a line through the panel, and a ring where its curve is.
struct Mark {
  double epoch = 0;
  std::optional<double> figure;
  Color color;
};

struct Panel {
  std::string label;  // of the vertical axis
  bool from_zero = false;
  double share = 1;           // of the height that there is
  std::vector<Curve> curves;  // at least one
  std::vector<Mark> marks;
  std::string remark;  // at the first mark
};

struct Box {
  double left, top, right, bottom;
};

// The numbers of the horizontal axis are left to draw_epochs().
void draw_panel(Canvas& canvas, const Panel& panel, const Axis& epochs, const Box& box);

// The numbers and the name of the horizontal axis, under a panel.
void draw_epochs(Canvas& canvas, const Axis& epochs, const Box& panel);

}  // namespace lilt::plot
