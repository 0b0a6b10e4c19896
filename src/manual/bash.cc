// Completion for bash: one function that knows all commands.
#include "manual/command.h"

namespace lilt::manual {
namespace {

// What is the same whatever the commands are. `at` is the command that the words have come to.
constexpr const char* kBeginning = R"(# bash completion for lilt, made from its options.

# Offers those of the words that begin with $1, after $2, as they have to be typed.
_lilt_offer() {
  local begun=$1 before=$2 word
  shift 2
  for word; do
    [[ $word == "$begun"* ]] || continue
    [[ $quote ]] || printf -v word %q "$word"
    COMPREPLY+=("$before$word")
  done
}

# Of a list with commas the last part.
_lilt_offer_list() {
  local before=
  [[ $cur == *,* ]] && before=${cur%,*},
  compopt -o nospace 2>/dev/null
  _lilt_offer "${cur##*,}" "$before" "$@"
}

_lilt() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} quote= at= word
  local words=("${COMP_WORDS[@]:1:COMP_CWORD - 1}")
  COMPREPLY=()
  # --key=D comes as three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ $cur == [\"\']* ]]; then
    quote=${cur:0:1} cur=${cur:1}
  fi
  [[ ${words[0]-} == help ]] && words=("${words[@]:1}")
  for word in "${words[@]}"; do
    case "$at:$word" in
)";

// How the words of a command line lead from command to command.
std::string ways(const Command& program) {
  std::vector<std::string> patterns;
  for (const Command* command : all_of(program)) {
    for (const Command& below : command->commands) {
      const std::string word = below.name.substr(below.name.rfind(' ') + 1);
      patterns.push_back(quoted(command->name + ":" + word));
    }
  }
  return "      " + joined(patterns, " | ") + ") at=${at:+$at }$word ;;\n      *) break ;;\n";
}

// Shell code that completes the value, for which the words are `cur`.
std::string action(const Option& option) {
  switch (completion_of(option)) {
    case Completion::kFiles:
      return "compopt -o default 2>/dev/null";
    case Completion::kFolders:
      return "compopt -o dirnames 2>/dev/null";
    case Completion::kNothing:
      return ":";
    case Completion::kWords:
      break;
  }
  std::vector<std::string> words;
  for (const std::string& word : option.suggestions) words.push_back(quoted(word));
  return (option.is_list ? "_lilt_offer_list " : "_lilt_offer \"$cur\" '' ") + joined(words, " ");
}

// "command:option" → what completes its value.
std::string values(const Command& program) {
  std::string text;
  for (const Command* command : all_of(program)) {
    for (const Option& option : command->options) {
      if (option.value.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) {
        patterns.push_back(quoted(command->name + ":" + name));
      }
      text += "    " + joined(patterns, " | ") + ") " + action(option) + " ;;\n";
    }
  }
  return text;
}

// The command → its options, and what completes its arguments.
std::string commands(const Command& program) {
  std::string text;
  for (const Command* command : all_of(program)) {
    std::vector<std::string> names, below;
    for (const Option& option : command->options) {
      for (const std::string& name : option.names) names.push_back(name);
    }
    for (const Command& one : command->commands) {
      below.push_back(one.name.substr(one.name.rfind(' ') + 1));
    }
    std::string argument = ":";
    if (!below.empty()) argument = "_lilt_offer \"$cur\" '' " + joined(below, " ");
    if (!command->arguments.empty()) argument = action(command->arguments.front());
    if (command->name.empty()) argument += " help";
    text += "    " + quoted(command->name) + ")\n";
    text += "      options='" + joined(names, " ") + "'\n";
    text += "      [[ $cur == -* ]] || " + argument + " ;;\n";
  }
  return text;
}

}  // namespace

std::string bash_completion(const Command& program) {
  return kBeginning + ways(program) +
         "    esac\n"
         "  done\n"
         "  case \"$at:$prev\" in\n" +
         values(program) +
         "    *) _lilt_command ;;\n"
         "  esac\n"
         "}\n\n"
         "# What stands by itself: an option, or an argument of the command.\n"
         "_lilt_command() {\n"
         "  local options\n"
         "  case $at in\n" +
         commands(program) +
         "  esac\n"
         "  # shellcheck disable=SC2086\n"
         "  [[ $cur == -* ]] && _lilt_offer \"$cur\" '' $options\n"
         "}\n\n"
         "complete -F _lilt lilt\n";
}

}  // namespace lilt::manual
