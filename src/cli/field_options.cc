#include "cli/field_options.h"

#include <algorithm>

namespace lilt::cli {
namespace {

constexpr std::size_t kWidth = 76;  // of a line of help, beside the option's name

bool is_field_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string option_name(std::string_view field) {
  std::string name = "--" + std::string(field);
  std::replace(name.begin(), name.end(), '_', '-');
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string with_option_names(std::string_view text) {
  std::string options;
  while (true) {
    const std::size_t begin = text.find('`');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('`', begin + 1);
    if (end == std::string_view::npos) return options.append(text);
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    options.append(text.substr(0, begin));
    if (is_field_name(name)) {
      options += option_name(name);
      text.remove_prefix(end + 1);
    } else {
      options += '`';
      text.remove_prefix(begin + 1);
    }
  }
}

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

std::string option_error_text(Error error) {
  if (!error.place.field.empty()) error.place.field = option_name(error.place.field);
  return with_option_names(error.to_string());
}

std::string option_help(std::string_view help, const std::string& notes) {
  if (notes.empty()) return wrapped(std::string(help));
  if (!help.ends_with(')')) return wrapped(std::string(help) + " (" + notes + ")");
  std::string text(help);
  std::replace(text.begin(), text.end(), '\n', ' ');  // to be wrapped anew
  return wrapped(text.insert(text.rfind('(') + 1, notes + "; "));
}

std::string field_help(const Field& field, const std::string& choices,
                       const std::string& otherwise) {
  std::string notes = choices;
  if (!otherwise.empty()) notes += (notes.empty() ? "default: " : "; default: ") + otherwise;
  return option_help(field.help, notes);
}

// CLI11 has no place for them but a validator, which is not active.
constexpr const char* kSuggestions = "suggestions";

void suggest(CLI::Option* option, const std::string& values) {
  if (values.empty()) return;
  option->check(CLI::Validator(values).name(kSuggestions).active(false));
}

std::vector<std::string> suggestions_of(CLI::Option& option) {
  std::string list;
  try {
    list = option.get_validator(kSuggestions)->active(true).get_description();
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
  if (const std::size_t last = list.rfind(" or "); last != std::string::npos) {
    list.replace(last, 4, ", ");
  }
  std::vector<std::string> values;
  for (std::size_t end; (end = list.find(", ")) != std::string::npos; list.erase(0, end + 2)) {
    values.push_back(list.substr(0, end));
  }
  values.push_back(list);
  return values;
}

void refuse(const std::string& option, const Error& error) {
  throw CLI::ValidationError(option.substr(option.rfind(',') + 1), error.message);
}

}  // namespace lilt::cli
