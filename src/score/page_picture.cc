#include "score/page_picture.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "score/xml.h"

namespace lilt::score {
namespace {

constexpr std::array<std::string_view, 12> kElements = {"circle", "defs", "ellipse", "g",
                                                        "line",   "path", "polygon", "polyline",
                                                        "rect",   "text", "tspan",   "use"};
constexpr std::array<std::string_view, 22> kAttributes = {
    "cx",           "cy",     "d",           "dx",        "dy",    "fill",
    "height",       "points", "r",           "rx",        "ry",    "stroke-dasharray",
    "stroke-width", "stroke", "text-anchor", "transform", "width", "x",
    "x1",           "x2",     "y",           "y1"};
// abcm2ps reckons with the widths of Times and Helvetica.
constexpr std::string_view kSerif = "Liberation Serif, Times New Roman, Times, serif";
constexpr std::string_view kSans = "Liberation Sans, Arial, Helvetica, sans-serif";
constexpr std::string_view kMono = "Liberation Mono, Courier New, monospace";

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Numbers, paths, colours, transformations: nothing that could lead anywhere.
bool is_plain(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return is_letter(c) || is_digit(c) || is_space(c) ||
           std::string_view(".,()#+-%").find(c) != std::string_view::npos;
  });
}

bool is_name(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-';
  });
}

double number_of(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::size_t count_of(std::string_view text) {
  std::size_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

struct Tag {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  bool opens = false, closes = false;

  [[nodiscard]] std::string_view attribute(std::string_view wanted) const {
    for (const auto& [attribute, value] : attributes) {
      if (attribute == wanted) return value;
    }
    return {};
  }
};

// Reads what stands between < and >, and the >.
class TagReader {
 public:
  explicit TagReader(std::string_view text) : text_(text) {}

  // Nothing where the text is malformed.
  std::optional<Tag> read() {
    Tag tag{.opens = true};
    if (take('/')) std::swap(tag.opens, tag.closes);
    tag.name = word();
    if (tag.name.empty()) return std::nullopt;
    for (;;) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (take('/')) tag.closes = true;
      if (take('>')) return tag;
      const std::string_view name = word();
      if (name.empty() || !take('=') || !take('"')) return std::nullopt;
      const std::size_t end = text_.find('"', at_);
      if (end == std::string_view::npos) return std::nullopt;
      tag.attributes.emplace_back(name, text_.substr(at_, end - at_));
      at_ = end + 1;
    }
  }

  [[nodiscard]] std::size_t size() const { return at_; }

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) ||
                                  text_[at_] == ':' || text_[at_] == '-')) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// "font:bold italic 16.00px serif" as attributes.
std::string font_attributes(std::string_view style) {
  constexpr std::string_view kFont = "font:";
  if (!style.starts_with(kFont)) return {};
  style.remove_prefix(kFont.size());
  std::string attributes;
  while (!style.empty()) {
    const std::string_view word = style.substr(0, style.find(' '));
    if (word == "bold") {
      attributes += " font-weight=\"bold\"";
    } else if (word == "italic" || word == "oblique") {
      attributes += " font-style=\"italic\"";
    } else if (word.ends_with("px") && is_plain(word)) {
      attributes.append(" font-size=\"").append(word.substr(0, word.size() - 2)).append("\"");
      style.remove_prefix(std::min(style.size(), word.size() + 1));
      break;
    }
    style.remove_prefix(std::min(style.size(), word.size() + 1));
  }
  const auto names = [&](std::string_view family) {
    return style.find(family) != std::string_view::npos;
  };
  const bool is_sans = names("sans") || names("Sans") || names("Helvetica") || names("Arial");
  const bool is_mono = names("mono") || names("Mono") || names("Courier");
  attributes.append(" font-family=\"").append(is_mono ? kMono : is_sans ? kSans : kSerif);
  return attributes + "\"";
}

// The text of an element: entities that XML knows stay, everything else is escaped.
std::string page_text(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t mark = text.find('&');
    safe += xml_text(text.substr(0, mark));
    if (mark == std::string_view::npos) break;
    text.remove_prefix(mark);
    const std::string_view entity = text.substr(0, text.find(';') + 1);
    constexpr std::array<std::string_view, 5> kKnown = {"&amp;", "&lt;", "&gt;", "&quot;",
                                                        "&apos;"};
    if (is_one_of(kKnown, entity)) {
      safe += entity;
      text.remove_prefix(entity.size());
    } else {
      safe += "&amp;";
      text.remove_prefix(1);
    }
  }
  return safe;
}

class PictureReader {
 public:
  PictureReader(std::string_view file, std::string_view prefix) : file_(file), prefix_(prefix) {}

  std::optional<PagePicture> read() {
    for (std::size_t at = 0; at < file_.size();) {
      const std::size_t next = std::min(file_.find('<', at), file_.size());
      if (in_text_ > 0) svg_ += page_text(file_.substr(at, next - at));
      at = next;
      if (at == file_.size()) break;
      const std::size_t size = read_markup(file_.substr(at + 1));
      if (size == 0) return std::nullopt;
      at += 1 + size;
    }
    if (!is_over_ || depth_ != 0) return std::nullopt;
    picture_.svg = std::move(svg_);
    return std::move(picture_);
  }

 private:
  // The bytes behind < that it has read; 0: malformed.
  std::size_t read_markup(std::string_view rest) {
    if (rest.starts_with("!--")) return behind(rest, "-->");
    if (rest.starts_with("!") || rest.starts_with("?")) return behind(rest, ">");
    if (rest.starts_with("style")) return behind(rest, "</style>");
    if (rest.starts_with("title")) return behind(rest, "</title>");
    TagReader reader(rest);
    const std::optional<Tag> tag = reader.read();
    if (!tag) return 0;
    take(*tag);
    return reader.size();
  }

  static std::size_t behind(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    return at == std::string_view::npos ? 0 : at + mark.size();
  }

  void take(const Tag& tag) {
    if (tag.name == "svg") return tag.opens ? begin(tag) : end();
    if (tag.name == "abc") return note(tag);
    if (!is_one_of(kElements, tag.name) || picture_.width <= 0) return;
    depth_ += static_cast<int>(tag.opens) - static_cast<int>(tag.closes);
    if (tag.name == "text") in_text_ += static_cast<int>(tag.opens) - static_cast<int>(tag.closes);
    svg_.append(tag.opens ? "<" : "</").append(tag.name);
    if (tag.opens) write_attributes(tag);
    svg_ += tag.opens && tag.closes ? "/>" : ">";
  }

  void begin(const Tag& tag) {
    picture_.width = number_of(tag.attribute("width"));
    picture_.height = number_of(tag.attribute("height"));
    const std::string width(whole_number(picture_.width)), height(whole_number(picture_.height));
    svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height +
           "\" width=\"" + width + "\" height=\"" + height +
           "\" fill=\"currentColor\" xml:space=\"preserve\">";
  }

  static std::string whole_number(double number) {
    return std::to_string(static_cast<long>(std::clamp(number, 0.0, 1e6) + 0.999));
  }

  void end() {
    svg_ += "</svg>\n";
    is_over_ = true;
  }

  void note(const Tag& tag) {
    if (tag.attribute("type").size() != 1) return;
    const auto number = [&](std::string_view name) { return number_of(tag.attribute(name)); };
    picture_.references.push_back(
        {.kind = tag.attribute("type")[0],
         .line = count_of(tag.attribute("row")),
         .byte = count_of(tag.attribute("col")),
         .box = {number("x"), number("y"), number("width"), number("height")}});
  }

  void write_attributes(const Tag& tag) {
    for (const auto& [name, value] : tag.attributes) {
      if (name == "class") {
        if (value == "stroke") svg_ += " stroke=\"currentColor\" fill=\"none\"";
      } else if (name == "style") {
        svg_ += font_attributes(value);
      } else if (name == "id" && is_name(value)) {
        svg_.append(" id=\"").append(prefix_).append(value).append("\"");
      } else if (name == "xlink:href" && value.starts_with("#") && is_name(value.substr(1))) {
        svg_.append(" href=\"#").append(prefix_).append(value.substr(1)).append("\"");
      } else if (is_one_of(kAttributes, name) && is_plain(value)) {
        svg_.append(" ").append(name).append("=\"").append(value).append("\"");
      }
    }
  }

  std::string_view file_, prefix_;
  std::string svg_;
  PagePicture picture_;
  int depth_ = 0, in_text_ = 0;
  bool is_over_ = false;
};

}  // namespace

std::optional<PagePicture> read_page_picture(std::string_view file, std::string_view prefix) {
  return PictureReader(file, prefix).read();
}

}  // namespace lilt::score
