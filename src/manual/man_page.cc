// Pages of the manual, in the macros of man(7).
#include <algorithm>
#include <cstdint>

#include "manual/command.h"

namespace lilt::manual {
namespace {

// A character of UTF-8, of which `at` is the first byte, as roff names it; moves to the next one.
std::string unicode_escape(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  std::uint32_t code = first & (0x3FU >> more);
  for (int i = 0; i < more && at + 1 < text.size(); ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[++at]) & 0x3FU);
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string hex;
  for (; code > 0 || hex.size() < 4; code >>= 4) hex.insert(hex.begin(), kDigits[code & 15]);
  return "\\[u" + hex + "]";
}

// Text that roff shows as it is.
std::string escaped(std::string_view text) {
  std::string roff;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool begins_line = at == 0 || text[at - 1] == '\n';
    if (begins_line && (c == '.' || c == '\'')) roff += "\\&";
    switch (c) {
      case '\\':
        roff += "\\e";
        break;
      case '-':
        roff += "\\-";
        break;
      case '\'':
        roff += "\\(aq";
        break;
      case '"':
        roff += "\\(dq";
        break;
      case '`':
        roff += "\\(ga";
        break;
      case '^':
        roff += "\\(ha";
        break;
      case '~':
        roff += "\\(ti";
        break;
      default:
        roff += (c & 0x80) == 0 ? std::string(1, c) : unicode_escape(text, at);
    }
  }
  return roff;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string full_name(const Command& command) {
  return command.name.empty() ? "lilt" : "lilt " + command.name;
}

// What stands before an option's help: "-n, --number N".
std::string heading(const Option& option, bool is_argument) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) {
    names.push_back(is_argument ? italic(name) : bold(name));
  }
  std::string text = joined(names, ", ");
  if (!is_argument && !option.value.empty()) text += " " + italic(option.value);
  return text + (option.takes_many ? " \\&..." : "");
}

std::string entries(const std::vector<Option>& options, bool are_arguments) {
  std::string text;
  for (const Option& option : options) {
    text += ".TP\n" + heading(option, are_arguments) + "\n" + escaped(option.help) + "\n";
  }
  return text;
}

// Under the headings that help has, in its order.
std::string options_section(const Command& command) {
  std::vector<std::string> groups;
  for (const Option& option : command.options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  std::string text;
  for (const std::string& group : groups) {
    std::vector<Option> of_group;
    std::copy_if(command.options.begin(), command.options.end(), std::back_inserter(of_group),
                 [&](const Option& option) { return option.group == group; });
    text += group == "Options" ? ".SH OPTIONS\n" : ".SS " + escaped(group) + "\n";
    text += entries(of_group, false);
  }
  return text;
}

std::string synopsis(const Command& command) {
  std::string text = ".SH SYNOPSIS\n" + bold(full_name(command)) + " [" + italic("options") + "]";
  if (!command.commands.empty()) text += " " + italic("command") + " ...";
  for (const Option& argument : command.arguments) {
    std::string name = italic(argument.names.front()) + (argument.takes_many ? " \\&..." : "");
    text += argument.is_required ? " " + name : " [" + name + "]";
  }
  return text + "\n";
}

std::string commands_section(const Command& command) {
  if (command.commands.empty()) return {};
  std::string text = ".SH COMMANDS\n";
  for (const Command& below : command.commands) {
    text += ".TP\n" + bold(full_name(below)) + "\n" + escaped(below.summary) + ".\n";
    text += "See\n.BR " + escaped(page_name(below)) + " (1).\n";
  }
  return text;
}

// What help ends with: sentences, and the examples among them.
struct Ending {
  std::string sentences, examples;
};

Ending ending_of(const Command& command) {
  Ending ending;
  std::string rest = command.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string line = rest.substr(0, end);
    rest.erase(0, end + 1);
    if (line.starts_with("  ")) {
      ending.examples += escaped(line.substr(2)) + "\n";
      continue;
    }
    for (const char* heading : {"Examples:", "Example:"}) {
      if (line.ends_with(heading)) line.erase(line.size() - std::string_view(heading).size());
    }
    while (line.ends_with(' ')) line.pop_back();
    if (!line.empty()) ending.sentences += escaped(line) + "\n";
  }
  return ending;
}

std::string see_also(const Command& command) {
  const std::size_t space = command.name.rfind(' ');
  const std::string above =
      space == std::string::npos ? "lilt" : "lilt-" + command.name.substr(0, space);
  return command.name.empty() ? "" : ".SH SEE ALSO\n.BR " + escaped(above) + " (1)\n";
}

constexpr const char* kExitStatus =
    ".SH EXIT STATUS\n"
    ".TP\n0\nSuccess.\n"
    ".TP\n1\nThe work failed, or what was checked is wrong.\n"
    ".TP\n2\nThe command line was wrong.\n";

}  // namespace

std::string page_name(const Command& command) {
  return command.name.empty() ? "lilt" : "lilt-" + replaced(command.name, " ", "-");
}

std::string man_page(const Command& command, const std::string& version, const std::string& day) {
  std::string title = page_name(command);
  for (char& c : title) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  const Ending ending = ending_of(command);
  std::string page =
      ".TH " + escaped(title) + " 1 " + day + " \"Lilt " + escaped(version) + "\" \"Lilt\"\n";
  std::string summary = command.summary;
  if (summary.ends_with('.')) summary.pop_back();
  page += ".SH NAME\n" + escaped(page_name(command)) + " \\- " + escaped(summary) + "\n";
  page += synopsis(command);
  if (!ending.sentences.empty()) page += ".SH DESCRIPTION\n" + ending.sentences;
  page += commands_section(command);
  if (!command.arguments.empty()) page += ".SH ARGUMENTS\n" + entries(command.arguments, true);
  page += options_section(command);
  if (!ending.examples.empty()) page += ".SH EXAMPLES\n.nf\n" + ending.examples + ".fi\n";
  return page + kExitStatus + see_also(command);
}

}  // namespace lilt::manual
