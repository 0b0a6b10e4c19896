#include "cli/mistake.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"

namespace lilt::cli {
namespace {

// The command that the arguments came to: get of lilt corpus get.
const CLI::App& innermost(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.front());
}

std::string no_option(const CLI::App& command, const std::string& argument) {
  const std::string name = argument.substr(0, argument.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& known : option->get_lnames()) names.push_back("--" + known);
    for (const std::string& known : option->get_snames()) names.push_back("-" + known);
  }
  return fmt::format("no option {}{}", name, did_you_mean(name, names));
}

// Arguments that are no part of the command, or its command that is not there.
std::string surplus_mistake(const CLI::App& command, const std::vector<std::string>& surplus) {
  const auto is_option = [](const std::string& argument) {
    return argument.size() > 1 && argument[0] == '-';
  };
  const auto option = std::find_if(surplus.begin(), surplus.end(), is_option);
  if (option != surplus.end()) return no_option(command, *option);
  if (!command.get_subcommands({}).empty()) {
    if (!surplus.empty()) return no_command(command, surplus.front());
    return fmt::format("expected one of the commands {}", fmt::join(command_names(command), ", "));
  }
  return surplus.empty() ? "" : "expected no more arguments, found " + surplus.front();
}

// An option without its value, or an argument: "expected --out FILE, found nothing".
std::string nothing_found(const CLI::Option& option) {
  const std::string name = option.get_positional() ? "" : option.get_name() + " ";
  return fmt::format("expected {}{}, found nothing", name, option.get_type_name());
}

// CLI11 begins what it says of numbers of values with the name of their option, and leaves out the
// dashes where a flag has one.
std::string number_mistake(const CLI::App& command, const std::string& text) {
  const CLI::Option* option = command.get_option_no_throw(text.substr(0, text.find(':')));
  if (option == nullptr) {
    return fmt::format("expected --{} alone, found a value with it",
                       text.substr(0, text.find(' ')));
  }
  if (option->count() < 2) return nothing_found(*option);
  return fmt::format("expected {} once, found it {} times", option->get_name(), option->count());
}

std::string missing(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_required() && option->count() == 0) return nothing_found(*option);
  }
  return {};
}

std::string contradiction(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    for (const CLI::Option* other : option->get_excludes()) {
      if (option->count() == 0 || other->count() == 0) continue;
      return fmt::format("expected either {} or {}, found both", option->get_name(),
                         other->get_name());
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::string no_command(const CLI::App& parent, const std::string& name) {
  const std::string meant = did_you_mean(name, command_names(parent));
  return fmt::format("no command {}{}", name, meant.empty() ? "; --help lists them" : meant);
}

std::string mistake(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = innermost(app);
  const auto is = [&](CLI::ExitCodes code) {
    return error.get_exit_code() == static_cast<int>(code);
  };
  std::string text = surplus_mistake(command, command.remaining());
  if (text.empty() && is(CLI::ExitCodes::RequiredError)) text = missing(command);
  if (text.empty() && is(CLI::ExitCodes::ExcludesError)) text = contradiction(command);
  if (text.empty() && is(CLI::ExitCodes::ArgumentMismatch)) {
    text = number_mistake(command, error.what());
  }
  return text.empty() ? error.what() : text;
}

}  // namespace lilt::cli
