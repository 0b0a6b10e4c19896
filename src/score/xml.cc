#include "score/xml.h"

#include <algorithm>

#include "base/text.h"

namespace lilt::score {

std::string xml_text(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(step.bytes, 1));
    text.remove_prefix(character.size());
    if (step.bytes == 0 || step.code_point == 0xFFFE || step.code_point == 0xFFFF ||
        (step.code_point < 0x20 && character != "\t" && character != "\n")) {
      continue;
    }
    if (character == "&") {
      safe += "&amp;";
    } else if (character == "<") {
      safe += "&lt;";
    } else if (character == ">") {
      safe += "&gt;";
    } else if (character == "\"") {
      safe += "&quot;";
    } else {
      safe += character;
    }
  }
  return safe;
}

void XmlWriter::line(std::string_view text) {
  text_.append(open_.size(), ' ').append(text).append("\n");
}

void XmlWriter::open(std::string_view name, std::string_view attributes) {
  line("<" + std::string(name) + (attributes.empty() ? "" : " ") + std::string(attributes) + ">");
  open_.emplace_back(name);
}

void XmlWriter::close() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  line("</" + name + ">");
}

void XmlWriter::leaf(std::string_view name, std::string_view text, std::string_view attributes) {
  line("<" + std::string(name) + (attributes.empty() ? "" : " ") + std::string(attributes) + ">" +
       xml_text(text) + "</" + std::string(name) + ">");
}

void XmlWriter::empty(std::string_view name, std::string_view attributes) {
  line("<" + std::string(name) + (attributes.empty() ? "" : " ") + std::string(attributes) + "/>");
}

}  // namespace lilt::score
