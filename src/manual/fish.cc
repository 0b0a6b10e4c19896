// Completion for fish: a line for each option.
#include "manual/command.h"

namespace lilt::manual {
namespace {

constexpr const char* kBeginning = R"(# fish completion for lilt, made from its options.

# The words between the program and the one that is typed, without help.
function __lilt_words
    set -l words (commandline -opc)
    set -e words[1]
    test "$words[1]" = help; and set -e words[1]
    string join \n -- $words
end

# Whether the command line has come to that command.
function __lilt_at
    set -l words (__lilt_words)
    set -l all (count $argv)
    test (count $words) -ge $all; and test "$words[1..$all]" = "$argv"
end

# Whether nothing stands behind it yet.
function __lilt_ends_at
    set -l words (__lilt_words)
    test "$words" = "$argv"
end

complete -c lilt -f
)";

// In single quotes, as fish reads them.
std::string quoted_for_fish(std::string text) {
  return "'" + replaced(replaced(std::move(text), "\\", "\\\\"), "'", "\\'") + "'";
}

// -a and what a value can be.
std::string words_of(const Option& option) {
  std::vector<std::string> words;
  for (const std::string& word : option.suggestions) words.push_back(quoted_for_fish(word));
  const std::string list = joined(words, " ");
  return " -a " + quoted_for_fish(option.is_list ? "(__fish_append , " + list + ")" : list);
}

// What a value, or an argument, is completed from.
std::string completion(const Option& option) {
  switch (completion_of(option)) {
    case Completion::kFiles:
      return " -r -F";
    case Completion::kFolders:
      return " -x -a '(__fish_complete_directories)'";
    case Completion::kWords:
      return " -x" + words_of(option);
    case Completion::kNothing:
      break;
  }
  return " -x";
}

// Options of the program itself stand before the command.
std::string line_of(const Command& command, const Option& option) {
  const std::string place = command.name.empty() ? "__lilt_ends_at" : "__lilt_at " + command.name;
  std::string line = "complete -c lilt -n '" + place + "'";
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.value.empty()) line += completion(option);
  return line + " -d " + quoted_for_fish(brief(option)) + "\n";
}

std::string lines_below(const Command& command) {
  std::string text;
  for (const Command& below : command.commands) {
    text += "complete -c lilt -n '" +
            (command.name.empty() ? "__lilt_ends_at" : "__lilt_ends_at " + command.name) + "' -a " +
            below.name.substr(below.name.rfind(' ') + 1) + " -d " + quoted_for_fish(below.summary) +
            "\n";
  }
  return text;
}

// Arguments are files for most commands.
std::string argument_line(const Command& command) {
  if (command.arguments.empty()) return {};
  const Option& first = command.arguments.front();
  const std::string line = "complete -c lilt -n '__lilt_at " + command.name + "'";
  switch (completion_of(first)) {
    case Completion::kFiles:
    case Completion::kFolders:
      return line + " -F\n";
    case Completion::kWords:
      return line + words_of(first) + "\n";
    case Completion::kNothing:
      break;
  }
  return {};
}

}  // namespace

std::string fish_completion(const Command& program) {
  std::string text = kBeginning;
  for (const Command* command : all_of(program)) {
    text += lines_below(*command) + argument_line(*command);
    for (const Option& option : command->options) text += line_of(*command, option);
  }
  return text;
}

}  // namespace lilt::manual
