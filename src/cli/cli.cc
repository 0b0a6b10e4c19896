#include "cli/cli.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <set>
#include <thread>
#include <vector>

#include "base/nearest.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "cli/help.h"
#include "cli/launch.h"

namespace lilt::cli {
namespace {

constexpr const char* kVersion = "lilt " LILT_VERSION;
constexpr const char* kFooter =
    "Examples:\n"
    "  lilt compose --key D --rhythm jig -o out new tunes, as notes, sheet music and sound\n"
    "  lilt train tunes.abc --valid-share 0.1   learn from a collection\n"
    "  lilt sweep sweep.txt -o runs             many trainings, as a file says\n"
    "  lilt sample --seed 'X:1' --len 400       draw characters from what was learnt\n"
    "  lilt eval model/best.safetensors new.abc how well it predicts other tunes\n"
    "  lilt check tunes.abc                     what is wrong with tunes\n"
    "  lilt render tune.abc -o tune.pdf         sheet music, MIDI or a recording\n"
    "  lilt plot . -o curves.svg                draw how training went\n"
    "  lilt book search kesh                    find tunes that you keep\n"
    "`lilt help COMMAND` tells more about each.";

// What goes wrong in scripts: a value of a flag (--json=yes), an empty name (-o "$OUT").
void refuse_slips(CLI::App* command) {
  const std::set<std::string> names = {"FILE", "DIR", "OUT", "MODEL", "LOG"};
  for (CLI::Option* option : command->get_options()) {
    if (option->get_items_expected_max() == 0) option->disable_flag_override();
    if (names.count(option->get_type_name()) == 0) continue;
    option->check(CLI::Validator(
        [](const std::string& name) {
          return std::string(name.empty() ? "expected a name, found nothing" : "");
        },
        ""));
  }
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::string no_command(const CLI::App& parent, const std::string& name) {
  const std::string meant = did_you_mean(name, command_names(parent));
  return fmt::format("no command {}{}", name, meant.empty() ? "; --help lists them" : meant);
}

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

// An option that must be there and is not, or two of which only one may be; CLI11 looks for them in
// the same order.
std::string missing_or_contradicting(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_required() && option->count() == 0) return nothing_found(*option);
    for (const CLI::Option* other : option->get_excludes()) {
      if (option->count() == 0 || other->count() == 0) continue;
      return fmt::format("expected either {} or {}, found both", option->get_name(),
                         other->get_name());
    }
  }
  return {};
}

// kSuccess: go on; -1: --help and --version have been answered.
int parse(CLI::App& app, std::vector<std::string> arguments) {
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
    return kSuccess;
  } catch (const CLI::Success& e) {
    app.exit(e);
    return -1;
  } catch (const CLI::ParseError& e) {
    complain(parse_mistake(app, e));
    return kUsage;
  }
}

// `lilt help compose` is `lilt compose --help`.
std::vector<std::string> without_help_command(std::vector<std::string> arguments) {
  if (arguments.empty() || arguments.front() != "help") return arguments;
  arguments.erase(arguments.begin());
  arguments.emplace_back("--help");
  return arguments;
}

// Opens what is closed, or a file of ours would take its place and be written to by mistake.
// Standard output then fails, as it did when it was closed.
void keep_standard_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    ::open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

// What was printed may have waited in a buffer until now.
int flush_output(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  complain(std::string("standard output: cannot be written: ") + std::strerror(errno));
  return kFailure;
}

void add_commands(CLI::App& app, std::function<int()>& chosen) {
  const Registrar registrar = [&chosen](CLI::App* command, std::function<int()> run_command) {
    refuse_slips(command);
    command->callback([&chosen, run_command = std::move(run_command)] { chosen = run_command; });
  };
  for (auto* add :
       {add_train, add_sweep, add_sample, add_compose, add_eval, add_check, add_render, add_import,
        add_export, add_info, add_plot, add_bench, add_corpus, add_book, add_studio}) {
    add(app, registrar);
  }
}

int execute(const std::function<int()>& command) {
  try {
    return flush_output(command());
  } catch (const std::bad_alloc&) {
    complain("not enough memory; try a smaller text or model");
  } catch (const std::exception& e) {
    complain(with_option_names(e.what()));
  }
  return kFailure;
}

}  // namespace

std::string parse_mistake(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = innermost(app);
  const auto is = [&](CLI::ExitCodes code) {
    return error.get_exit_code() == static_cast<int>(code);
  };
  std::string text = surplus_mistake(command, command.remaining());
  if (text.empty() && (is(CLI::ExitCodes::RequiredError) || is(CLI::ExitCodes::ExcludesError))) {
    text = missing_or_contradicting(command);
  } else if (text.empty() && is(CLI::ExitCodes::ArgumentMismatch)) {
    text = number_mistake(command, error.what());
  }
  return text.empty() ? error.what() : text;
}

int report(Error error, const std::string& source) {
  if (!source.empty()) error.place.source = source;
  complain(option_error_text(error));
  return error.code == ErrorCode::kOption ? kUsage : kFailure;
}

std::size_t default_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

void add_threads_option(CLI::App* command, std::size_t& threads) {
  add_field(command, {.name = "threads", .help = "", .least = 1, .most = 1024}, threads)
      ->description("Threads to use (1 to 1024; default: all cores)");
}

std::unique_ptr<CLI::App> all_commands(std::function<int()>& chosen) {
  auto app = std::make_unique<CLI::App>(
      "Lilt learns folk music written in ABC notation and composes new tunes.", "lilt");
  app->formatter(std::make_shared<HelpFormatter>());
  app->footer(kFooter);
  app->set_version_flag("--version", kVersion);
  app->require_subcommand(0, 1);  // what is missing is told by run(), after any other mistake
  add_commands(*app, chosen);
  return app;
}

int run(int argc, char** argv, JoinRanks join) {
  keep_standard_streams();
  set_join(join);
  std::function<int()> chosen;
  const std::unique_ptr<CLI::App> app = all_commands(chosen);

  const std::vector<std::string> arguments =
      without_help_command({argv + std::min(argc, 1), argv + argc});
  const std::vector<std::string> names = command_names(*app);
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (!first.empty() && first[0] != '-' &&
      std::find(names.begin(), names.end(), first) == names.end()) {
    complain(no_command(*app, first));
    return kUsage;
  }
  if (const int code = parse(*app, arguments); code != kSuccess) {
    return code < 0 ? flush_output(kSuccess) : code;
  }
  if (chosen) return execute(chosen);
  complain("expected a command; lilt --help lists them");
  return kUsage;
}

}  // namespace lilt::cli
