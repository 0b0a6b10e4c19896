#include "cli/describe.h"

#include "cli/field_options.h"
#include "cli/help.h"

namespace lilt::cli {
namespace {

manual::Option described_option(CLI::Option& option) {
  manual::Option o;
  if (option.get_positional()) {
    o.names = {option.get_name(true)};
  } else {
    for (const std::string& name : option.get_snames()) o.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) o.names.push_back("--" + name);
  }
  o.help = HelpFormatter().make_option_desc(&option);
  o.group = option.get_group();
  if (option.get_type_size() != 0) o.value = option.get_type_name();
  o.suggestions = suggestions_of(option);
  o.is_list = option.get_delimiter() == ',' ||
              option.get_multi_option_policy() == CLI::MultiOptionPolicy::Join;
  o.takes_many = option.get_expected_max() == CLI::detail::expected_max_vector_size && !o.is_list;
  o.is_required = option.get_required();
  return o;
}

manual::Command described_command(CLI::App& app, const std::string& name) {
  manual::Command command{.name = name, .summary = app.get_description(), .text = app.get_footer()};
  for (CLI::Option* option : app.get_options()) {
    (option->get_positional() ? command.arguments : command.options)
        .push_back(described_option(*option));
  }
  for (CLI::App* below : app.get_subcommands({})) {
    const std::string path = name.empty() ? below->get_name() : name + " " + below->get_name();
    command.commands.push_back(described_command(*below, path));
  }
  return command;
}

}  // namespace

manual::Command described(CLI::App& app) { return described_command(app, ""); }

}  // namespace lilt::cli
