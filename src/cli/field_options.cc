#include "cli/field_options.h"

#include <algorithm>

namespace lilt::cli {
namespace {

constexpr std::size_t kWidth = 76;  // of a line of help, beside the option's name

// The text with line ends in place of spaces, so that lines are no longer than kWidth.
std::string wrapped(std::string text) {
  std::size_t start = text.rfind('\n') + 1;  // npos + 1 is 0
  while (text.size() - start > kWidth) {
    const std::size_t space = text.rfind(' ', start + kWidth);
    if (space == std::string::npos || space <= start) break;
    text[space] = '\n';
    start = space + 1;
  }
  return text;
}

}  // namespace

std::string option_name(std::string_view field) {
  std::string name = "--" + std::string(field);
  std::replace(name.begin(), name.end(), '_', '-');
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string field_help(const Field& field, const std::string& choices,
                       const std::string& otherwise) {
  std::string notes = choices;
  if (!otherwise.empty()) notes += (notes.empty() ? "default: " : "; default: ") + otherwise;
  return wrapped(std::string(field.help) + (notes.empty() ? "" : " (" + notes + ")"));
}

void refuse(const std::string& option, const Error& error) {
  throw CLI::ValidationError(option.substr(option.rfind(',') + 1), error.message);
}

}  // namespace lilt::cli
