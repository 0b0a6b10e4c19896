#include "abc/header.h"

#include <algorithm>
#include <utility>

namespace lilt::abc {
namespace {

std::size_t rank_of(char letter) {
  const std::size_t place = kHeaderOrder.find(letter);
  return place == std::string_view::npos ? kHeaderOrder.size() - 2 : place;
}

}  // namespace

std::string_view Header::field(char letter) const {
  for (const HeaderLine& line : lines) {
    if (line.letter == letter) return line.text;
  }
  return {};
}

void Header::set(char letter, std::string text) {
  for (HeaderLine& line : lines) {
    if (line.letter == letter) {
      line.text = std::move(text);
      return;
    }
  }
  add(letter, std::move(text));
}

void Header::add(char letter, std::string text) {
  const auto comes_later = [&](const HeaderLine& line) {
    return rank_of(line.letter) > rank_of(letter);
  };
  lines.insert(std::find_if(lines.begin(), lines.end(), comes_later), {letter, std::move(text)});
}

std::string Header::text() const {
  std::string all;
  for (const HeaderLine& line : lines) all += std::string(1, line.letter) + ":" + line.text + "\n";
  return all;
}

PartedTune part_tune(std::string_view text) {
  PartedTune parted;
  while (text.size() >= 2 && text[1] == ':') {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parted.header.lines.push_back({text[0], std::string(text.substr(2, end - 2))});
    text.remove_prefix(std::min(end + 1, text.size()));
    if (parted.header.lines.back().letter == 'K') break;
  }
  parted.music = text;
  return parted;
}

}  // namespace lilt::abc
