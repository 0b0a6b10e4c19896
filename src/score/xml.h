// XML, as text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lilt::score {

// Text between tags or quotes: & < > " become entities; what XML 1.0 does not allow is left out.
[[nodiscard]] std::string xml_text(std::string_view text);

// Writes elements, indented. Attributes are given as they are to be written: `number="1"`.
class XmlWriter {
 public:
  void open(std::string_view name, std::string_view attributes = {});
  void close();
  void leaf(std::string_view name, std::string_view text, std::string_view attributes = {});
  void leaf(std::string_view name, long long number) { leaf(name, std::to_string(number)); }
  void empty(std::string_view name, std::string_view attributes = {});
  // A line as it is.
  void line(std::string_view text);

  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
  std::vector<std::string> open_;
};

}  // namespace lilt::score
