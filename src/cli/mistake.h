// What is wrong with a command line, in words of ours.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace lilt::cli {

// A sentence of what parsing the arguments has thrown.
[[nodiscard]] std::string mistake(const CLI::App& app, const CLI::ParseError& error);

// That a command has none of this name, and which one may be meant.
[[nodiscard]] std::string no_command(const CLI::App& parent, const std::string& name);

// The names of its commands.
[[nodiscard]] std::vector<std::string> command_names(const CLI::App& app);

}  // namespace lilt::cli
