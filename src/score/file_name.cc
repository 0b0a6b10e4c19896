#include "score/file_name.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace lilt::score {
namespace {

constexpr std::string_view kReplaced = " /\\:*?\"<>|'`$&;!~#%()[]{}";
constexpr std::array<std::string_view, 4> kReserved = {"con", "prn", "aux", "nul"};

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return low;
}

// Windows takes CON, NUL, COM1 … for devices, whatever ending follows.
bool is_reserved(std::string_view name) {
  const std::string low = lower(name.substr(0, name.find('.')));
  if (std::find(kReserved.begin(), kReserved.end(), low) != kReserved.end()) return true;
  return low.size() == 4 && (low.starts_with("com") || low.starts_with("lpt")) && low[3] >= '0' &&
         low[3] <= '9';
}

}  // namespace

std::string safe_file_name(std::string_view title) {
  std::string name;
  while (!title.empty()) {
    const Utf8Step step = decode_utf8(title);
    const std::string_view character = title.substr(0, std::max<std::size_t>(step.bytes, 1));
    title.remove_prefix(character.size());
    const bool is_space = step.code_point == U'\t' || step.code_point == 0xA0;
    if (step.bytes == 0 || (!is_printable(step.code_point) && !is_space)) continue;
    const bool replaced = is_space || kReplaced.find(character) != std::string_view::npos;
    if (replaced && (name.empty() || name.back() == '_')) continue;
    if (name.empty() && (character == "." || character == "-")) continue;
    if (name.size() + character.size() > kLongestName) break;
    name += replaced ? "_" : character;
  }
  name.erase(name.find_last_not_of("._") + 1);
  if (name.empty()) return "tune";
  return is_reserved(name) ? "_" + name : name;
}

std::string FileNames::next(std::string_view title) {
  const std::string name = safe_file_name(title);
  std::size_t& number = last_number_[lower(name)];
  std::string numbered = name;
  while (!taken_.insert(lower(numbered)).second) {
    number = std::max<std::size_t>(number, 1) + 1;
    numbered = name + "-" + std::to_string(number);
  }
  return numbered;
}

}  // namespace lilt::score
