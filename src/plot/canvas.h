// What figures are drawn on: one set of calls for SVG and PNG, by cairo.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace lilt::plot {

enum class ImageFormat : std::uint8_t { kSvg, kPng };

struct Color {
  double red = 0, green = 0, blue = 0;  // 0 … 1
  double alpha = 1;
};

// Of the canvas: from its left upper corner.
struct Point {
  double x = 0, y = 0;
};

struct Stroke {
  Color color;
  double width = 1;
  bool dashed = false;
};

enum class Align : std::uint8_t { kLeft, kCenter, kRight };

struct TextStyle {
  double size = 11;
  Color color;
  Align align = Align::kLeft;
  bool bold = false;
  bool upwards = false;  // turned to the left
};

class Canvas {
 public:
  // A white one, in units of which a PNG has two pixels each. Throws EnvironmentError when cairo is
  // not installed.
  Canvas(ImageFormat format, double width, double height);
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  ~Canvas();

  void line(std::span<const Point> points, const Stroke& stroke);
  void rectangle(Point corner, Point opposite, const Color& color);
  void disc(Point center, double radius, const Color& color);
  // One line; `at` is on its baseline. What is no UTF-8 or does not print is shown escaped.
  void text(Point at, const std::string& line, const TextStyle& style);
  [[nodiscard]] double text_width(const std::string& line, const TextStyle& style);

  // The file, once. An SVG tells the title and the description to those who cannot see it; text
  // within the drawing is outlines, the same in every viewer. Throws EnvironmentError.
  [[nodiscard]] std::string finish(const std::string& title, const std::string& description);

 private:
  struct Drawing;
  std::unique_ptr<Drawing> drawing_;
};

}  // namespace lilt::plot
