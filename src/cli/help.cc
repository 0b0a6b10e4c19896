#include "cli/help.h"

#include "cli/field_options.h"

namespace lilt::cli {

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::string type = option->get_type_name();
  std::string text = type.empty() ? "" : " " + type;
  if (option->get_expected_max() == CLI::detail::expected_max_vector_size) text += " ...";
  return option->get_type_size() == 0 ? "" : text;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  std::string notes;
  const std::string known = option->get_default_str();
  if (!known.empty()) notes = "default: " + known;
  for (const CLI::Option* other : option->get_excludes()) {
    notes += (notes.empty() ? "not beside " : "; not beside ") + other->get_name();
  }
  return option_help(option->get_description(), notes);
}

}  // namespace lilt::cli
