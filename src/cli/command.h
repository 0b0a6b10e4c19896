// What the commands have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"

namespace lilt::cli {

inline constexpr int kSuccess = 0, kFailure = 1, kUsage = 2;

// Adds a command whose `run` gives the exit code; it is called once the command line is parsed.
using Registrar = std::function<void(CLI::App* command, std::function<int()> run)>;

void add_train(CLI::App& app, const Registrar& registrar);
void add_sweep(CLI::App& app, const Registrar& registrar);
void add_sample(CLI::App& app, const Registrar& registrar);
void add_compose(CLI::App& app, const Registrar& registrar);
void add_eval(CLI::App& app, const Registrar& registrar);
void add_check(CLI::App& app, const Registrar& registrar);
void add_export(CLI::App& app, const Registrar& registrar);
void add_import(CLI::App& app, const Registrar& registrar);
void add_info(CLI::App& app, const Registrar& registrar);
void add_plot(CLI::App& app, const Registrar& registrar);
void add_bench(CLI::App& app, const Registrar& registrar);
void add_corpus(CLI::App& app, const Registrar& registrar);
void add_render(CLI::App& app, const Registrar& registrar);
void add_book(CLI::App& app, const Registrar& registrar);
void add_studio(CLI::App& app, const Registrar& registrar);

// The program with all its commands. Parsing sets what the command that was chosen runs.
[[nodiscard]] std::unique_ptr<CLI::App> all_commands(std::function<int()>& chosen);

// Reports an error, of `source` if that is told, on standard error, with options in place of the
// fields that it names; the exit code that goes with it.
int report(Error error, const std::string& source = {});

// What parsing arguments has thrown, in a sentence.
[[nodiscard]] std::string parse_mistake(const CLI::App& app, const CLI::ParseError& error);

// The number of threads to use unless told otherwise.
[[nodiscard]] std::size_t default_threads();

// Adds --threads.
void add_threads_option(CLI::App* command, std::size_t& threads);

}  // namespace lilt::cli
