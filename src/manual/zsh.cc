// Completion for zsh: a function for each command, with _arguments.
#include "manual/command.h"

namespace lilt::manual {
namespace {

std::string function_of(const Command& command) {
  return command.name.empty() ? "_lilt" : "_lilt_" + replaced(command.name, " ", "_");
}

// With a backslash before each of the characters.
std::string escaped(std::string text, std::string_view characters) {
  text = replaced(std::move(text), "\\", "\\\\");
  for (const char c : characters) {
    text = replaced(std::move(text), std::string(1, c), std::string("\\") + c);
  }
  return text;
}

// What follows the message of a value: "_files".
std::string action(const Option& option) {
  switch (completion_of(option)) {
    case Completion::kFiles:
      return "_files";
    case Completion::kFolders:
      return "_files -/";
    case Completion::kNothing:
      return " ";
    case Completion::kWords:
      break;
  }
  std::vector<std::string> words;
  for (const std::string& word : option.suggestions) {
    words.push_back(escaped(word, " |'\"&;()<>$`*?[]:"));
  }
  if (option.is_list) return "_values -s , value " + joined(words, " ");
  return "(" + joined(words, " ") + ")";
}

// "':FILE:_files'", of options and arguments.
std::string value(const Option& option) {
  const std::string name = option.value.empty() ? option.names.front() : option.value;
  return ":" + escaped(name, ":") + ":" + action(option);
}

std::string option_line(const Option& option) {
  std::string rest = "[" + escaped(brief(option), "[]") + "]";
  if (!option.value.empty()) rest += (option.takes_many ? ":*-*" : "") + value(option);
  std::string line = "    ";
  if (option.names.size() == 1) return line + quoted(option.names.front() + rest) + " \\\n";
  // One of them is enough.
  return line + quoted("(" + joined(option.names, " ") + ")") + "{" + joined(option.names, ",") +
         "}" + quoted(rest) + " \\\n";
}

std::string arguments(const Command& command) {
  std::string text;
  for (const Option& argument : command.arguments) {
    text += "    " +
            quoted((argument.takes_many    ? "*"
                    : argument.is_required ? ""
                                           : ":") +
                   value(argument)) +
            " \\\n";
  }
  return text;
}

// Of a command that has commands of its own.
std::string group_function(const Command& command, const std::string& options) {
  const std::string function = function_of(command);
  std::string names, cases;
  for (const Command& below : command.commands) {
    const std::string word = below.name.substr(below.name.rfind(' ') + 1);
    names += "      " + quoted(word + ":" + escaped(below.summary, ":")) + "\n";
    cases += "      " + word + ") " + function_of(below) + " ;;\n";
  }
  if (command.name.empty()) {
    names += "      'help:Tell more about a command'\n";
    cases += "      help) _lilt ;;\n";
  }
  return function + "() {\n  local curcontext=$curcontext state line\n  typeset -A opt_args\n" +
         "  local -a commands\n  _arguments -C \\\n" + options +
         "    '1:command:->command' \\\n    '*::argument:->argument'\n" +
         "  case $state in\n    command)\n      commands=(\n" + names +
         "      )\n      _describe command commands ;;\n" +
         "    argument)\n      case $line[1] in\n" + cases + "      esac ;;\n  esac\n}\n\n";
}

std::string function_text(const Command& command) {
  std::string options;
  for (const Option& option : command.options) options += option_line(option);
  if (!command.commands.empty()) return group_function(command, options);
  return function_of(command) + "() {\n  _arguments -s \\\n" + options + arguments(command) +
         "    && return 0\n}\n\n";
}

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string text = "#compdef lilt\n# zsh completion for lilt, made from its options.\n\n";
  for (const Command* command : all_of(program)) text += function_text(*command);
  // Whether it is loaded when it is first called, or has been read.
  return text + "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n  _lilt \"$@\"\n" +
         "else\n  compdef _lilt lilt\nfi\n";
}

}  // namespace lilt::manual
