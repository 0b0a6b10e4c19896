#include "manual/command.h"

#include <algorithm>

namespace lilt::manual {

Completion completion_of(const Option& option) {
  if (!option.suggestions.empty()) return Completion::kWords;
  if (option.value == "DIR") return Completion::kFolders;
  for (const char* file : {"FILE", "OUT", "MODEL", "LOG", "DIR|URL"}) {
    if (option.value == file) return Completion::kFiles;
  }
  return Completion::kNothing;
}

std::string brief(const Option& option) {
  std::string text = option.help;
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (!text.ends_with(')')) return text;
  std::size_t depth = 0, at = text.size();
  do {
    --at;
    if (text[at] == ')') ++depth;
    if (text[at] == '(') --depth;
  } while (at > 0 && depth > 0);
  return at == 0 ? text : text.substr(0, text.find_last_not_of(' ', at - 1) + 1);
}

std::vector<const Command*> all_of(const Command& command) {
  std::vector<const Command*> all = {&command};
  for (const Command& below : command.commands) {
    const std::vector<const Command*> more = all_of(below);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) text.append(text.empty() ? "" : between).append(part);
  return text;
}

std::string quoted(std::string_view text) {
  return "'" + replaced(std::string(text), "'", "'\\''") + "'";
}

}  // namespace lilt::manual
