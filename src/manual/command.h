// Commands as they are described to people and to shells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lilt::manual {

// An option, or an argument by its place.
struct Option {
  std::vector<std::string> names;  // "-o", "--output"; of an argument one: "file"
  std::string help;                // a sentence or two, with bounds and default; may have line ends
  std::string group;               // under which heading help shows it
  std::string value;               // what its value is called, such as FILE; "": it has none
  std::vector<std::string> suggestions;  // values that can be completed
  bool is_list = false;                  // a value is several with commas between them
  bool takes_many = false;               // values, one after the other
  bool is_required = false;
};

struct Command {
  std::string name;  // "" of the program itself, "corpus get"
  std::string summary;
  std::string text;  // what help ends with: sentences, then examples, which are indented
  std::vector<Option> options, arguments;
  std::vector<Command> commands;
};

// What a shell can complete a value from.
enum class Completion { kNothing, kWords, kFiles, kFolders };
[[nodiscard]] Completion completion_of(const Option& option);

// Help without what stands in brackets at its end, on one line.
[[nodiscard]] std::string brief(const Option& option);

// The command and those below it, each before its own.
[[nodiscard]] std::vector<const Command*> all_of(const Command& command);

// The text in single quotes, as sh, bash and zsh read it.
[[nodiscard]] std::string quoted(std::string_view text);

[[nodiscard]] std::string replaced(std::string text, std::string_view what, std::string_view by);
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view between);

// A page of the manual in man(7), of the day "2026-01-31".
[[nodiscard]] std::string man_page(const Command& command, const std::string& version,
                                   const std::string& day);
// "lilt-corpus-get".
[[nodiscard]] std::string page_name(const Command& command);

// Scripts that let shells complete command lines.
[[nodiscard]] std::string bash_completion(const Command& program);
[[nodiscard]] std::string zsh_completion(const Command& program);
[[nodiscard]] std::string fish_completion(const Command& program);

}  // namespace lilt::manual
