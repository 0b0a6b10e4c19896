#include "plot/canvas.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <dlfcn.h>

#include <cmath>
#include <exception>
#include <new>
#include <numbers>
#include <string_view>
#include <utility>

#include "base/environment_error.h"
#include "base/text.h"

namespace lilt::plot {
namespace {

constexpr double kPixels = 2;  // of a PNG for each unit

// X(name) for each function used, without its "cairo_".
// clang-format off
#define LILT_CAIRO_FUNCTIONS(X)                                                             \
  X(arc) X(create) X(debug_reset_static_data) X(destroy) X(fill) X(image_surface_create)    \
  X(line_to) X(move_to) X(new_path) X(paint) X(rectangle) X(restore) X(rotate) X(save)      \
  X(scale) X(select_font_face) X(set_dash) X(set_font_size) X(set_line_cap)                 \
  X(set_line_join) X(set_line_width) X(set_source_rgba) X(show_text) X(status)              \
  X(status_to_string) X(stroke) X(surface_destroy) X(surface_finish) X(surface_status)      \
  X(surface_write_to_png_stream) X(svg_surface_create_for_stream) X(text_extents) X(translate)
// clang-format on

// cairo, opened when it is needed: linking it would slow the start of every command.
struct Cairo {
#define LILT_MEMBER(name) decltype(&cairo_##name) name = nullptr;  // NOLINT: not in brackets
  LILT_CAIRO_FUNCTIONS(LILT_MEMBER)
#undef LILT_MEMBER
  void (*close_fonts)() = nullptr;  // of fontconfig, which cairo brings; may be absent
};

// At the end of the program: what both keep for a next figure would count as a leak.
struct CairoCloser {
  void operator()(const Cairo* cairo) const {
    cairo->debug_reset_static_data();
    if (cairo->close_fonts != nullptr) cairo->close_fonts();
    delete cairo;
  }
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* library, Cairo& cairo) {
#define LILT_FIND(name) &&find(library, "cairo_" #name, cairo.name)
  return true LILT_CAIRO_FUNCTIONS(LILT_FIND);
#undef LILT_FIND
}

const Cairo& cairo() {
  static const std::unique_ptr<const Cairo, CairoCloser> kOpened([] {
    for (const char* name : {"libcairo.so.2", "libcairo.so"}) {
      void* library = dlopen(name, RTLD_NOW);
      Cairo functions;
      if (library == nullptr || !find_all(library, functions)) continue;
      find(library, "FcFini", functions.close_fonts);
      return new Cairo(functions);
    }
    throw EnvironmentError("libcairo.so.2",
                           "cairo, with which figures are drawn, is not installed; the package is "
                           "libcairo2");
  }());
  return *kOpened;
}

void require(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  throw EnvironmentError(
      "cairo", std::string("the figure cannot be drawn: ") + cairo().status_to_string(status));
}

// No exception may pass through cairo.
cairo_status_t append(void* bytes, const unsigned char* data, unsigned size) {
  try {
    static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::exception&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
}

// Whether Unicode promises never to make a character of it; neither cairo nor XML takes all of
// them.
bool is_noncharacter(char32_t c) { return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF); }

// Any text as what cairo and XML take for text.
std::string drawable(std::string_view text) {
  std::string result;
  const std::string safe = escaped(text, "\n");
  for (std::string_view rest = safe; !rest.empty();) {
    const Utf8Step step = decode_utf8(rest);
    append_utf8(result, is_noncharacter(step.code_point) ? 0xFFFD : step.code_point);
    rest.remove_prefix(step.bytes);
  }
  return result;
}

// The text within an element.
std::string xml_text(std::string_view text) {
  std::string xml;
  for (const char c : drawable(text)) {
    xml += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return xml;
}

// Says in words, at the beginning of an SVG, what it shows.
void describe(std::string& svg, const std::string& title, const std::string& description) {
  const std::size_t root = svg.find("<svg");
  const std::size_t end = root == std::string::npos ? root : svg.find('>', root);
  if (end == std::string::npos)
    throw EnvironmentError("cairo", "it wrote something that is no SVG");
  svg.insert(end + 1, "\n<title>" + xml_text(title) + "</title>\n<desc>" + xml_text(description) +
                          "</desc>");
}

}  // namespace

struct Canvas::Drawing {
  const Cairo& c = cairo();
  ImageFormat format;
  std::string bytes;  // what a surface for SVG writes to
  cairo_surface_t* surface;
  cairo_t* context;

  Drawing(ImageFormat as, double width, double height)
      : format(as), surface(make_surface(width, height)), context(c.create(surface)) {}
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing() {
    c.destroy(context);
    c.surface_destroy(surface);
  }

  // One that failed draws nothing and keeps its status.
  cairo_surface_t* make_surface(double width, double height) {
    if (format == ImageFormat::kSvg) {
      return c.svg_surface_create_for_stream(append, &bytes, width, height);
    }
    return c.image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(kPixels * width)),
                                  static_cast<int>(std::ceil(kPixels * height)));
  }

  void set(const Color& color) const {
    c.set_source_rgba(context, color.red, color.green, color.blue, color.alpha);
  }

  void set(const TextStyle& style) const {
    c.select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                       style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    c.set_font_size(context, style.size);
    set(style.color);
  }
};

Canvas::Canvas(ImageFormat format, double width, double height)
    : drawing_(std::make_unique<Drawing>(format, width, height)) {
  const Drawing& d = *drawing_;
  if (format == ImageFormat::kPng) d.c.scale(d.context, kPixels, kPixels);
  d.set(Color{1, 1, 1});
  d.c.paint(d.context);
  d.c.set_line_join(d.context, CAIRO_LINE_JOIN_ROUND);
}

Canvas::~Canvas() = default;

void Canvas::line(std::span<const Point> points, const Stroke& stroke) {
  const Drawing& d = *drawing_;
  constexpr double kDash[] = {5, 3};
  d.set(stroke.color);
  d.c.set_line_width(d.context, stroke.width);
  d.c.set_line_cap(d.context, stroke.dashed ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  d.c.set_dash(d.context, kDash, stroke.dashed ? 2 : 0, 0);
  d.c.new_path(d.context);
  for (const Point& p : points) d.c.line_to(d.context, p.x, p.y);
  d.c.stroke(d.context);
}

void Canvas::rectangle(Point corner, Point opposite, const Color& color) {
  const Drawing& d = *drawing_;
  d.set(color);
  d.c.new_path(d.context);
  d.c.rectangle(d.context, corner.x, corner.y, opposite.x - corner.x, opposite.y - corner.y);
  d.c.fill(d.context);
}

void Canvas::disc(Point center, double radius, const Color& color) {
  const Drawing& d = *drawing_;
  d.set(color);
  d.c.new_path(d.context);
  d.c.arc(d.context, center.x, center.y, radius, 0, 2 * std::numbers::pi);
  d.c.fill(d.context);
}

void Canvas::text(Point at, const std::string& line, const TextStyle& style) {
  const Drawing& d = *drawing_;
  const double width = style.align == Align::kLeft ? 0 : text_width(line, style);
  d.set(style);
  d.c.save(d.context);
  d.c.translate(d.context, at.x, at.y);
  if (style.upwards) d.c.rotate(d.context, -std::numbers::pi / 2);
  d.c.move_to(d.context, style.align == Align::kRight ? -width : -width / 2, 0);
  d.c.show_text(d.context, drawable(line).c_str());
  d.c.restore(d.context);
}

double Canvas::text_width(const std::string& line, const TextStyle& style) {
  const Drawing& d = *drawing_;
  cairo_text_extents_t extents{};
  d.set(style);
  d.c.text_extents(d.context, drawable(line).c_str(), &extents);
  return extents.x_advance;
}

std::string Canvas::finish(const std::string& title, const std::string& description) {
  Drawing& d = *drawing_;
  require(d.c.status(d.context));
  if (d.format == ImageFormat::kPng) {
    require(d.c.surface_write_to_png_stream(d.surface, append, &d.bytes));
  }
  d.c.surface_finish(d.surface);
  require(d.c.surface_status(d.surface));
  if (d.format == ImageFormat::kSvg) describe(d.bytes, title, description);
  return std::move(d.bytes);
}

}  // namespace lilt::plot
