#include "cli/cli.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <thread>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"

namespace lilt::cli {
namespace {

constexpr const char* kVersion = "lilt " LILT_VERSION;

// CLI11 would read -1 as a huge unsigned number; no number of ours may be negative.
void refuse_negative_numbers(CLI::App* command) {
  const CLI::Validator not_negative(
      [](const std::string& text) {
        return text.rfind('-', 0) == 0 ? "expected a number that is not negative, found " + text
                                       : std::string();
      },
      "");
  for (CLI::Option* option : command->get_options()) {
    const std::string type = option->get_type_name();
    if (type.rfind("UINT", 0) == 0 || type.rfind("FLOAT", 0) == 0) {
      option->check(not_negative);
    }
  }
}

int parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return kSuccess;
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    return code == 0 ? -1 : kUsage;  // --help and --version have been answered
  }
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

}  // namespace

namespace {

// Libraries name fields; people type options: "top_k" and `top_k` become "--top-k".
Error with_options(Error error) {
  if (!error.place.field.empty()) error.place.field = option_name(error.place.field);
  std::string& text = error.message;
  for (std::size_t begin = 0; (begin = text.find('`', begin)) != std::string::npos;) {
    const std::size_t end = text.find('`', begin + 1);
    if (end == std::string::npos) break;
    const std::string option = option_name(text.substr(begin + 1, end - begin - 1));
    text.replace(begin, end + 1 - begin, option);
    begin += option.size();
  }
  return error;
}

}  // namespace

int report(const Error& error) {
  complain(with_options(error).to_string());
  return error.code == ErrorCode::kOption ? kUsage : kFailure;
}

std::size_t default_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

void add_threads_option(CLI::App* command, std::size_t& threads) {
  command->add_option("--threads", threads, "Threads to use (default: all cores)")
      ->check(CLI::Range(1, 1024));
}

int run(int argc, char** argv) {
  keep_standard_streams();
  CLI::App app{"Lilt learns folk music written in ABC notation and composes new tunes."};
  app.footer(
      "Examples:\n"
      "  lilt train tunes.abc --valid-share 0.1   learn from a collection\n"
      "  lilt sample --seed 'X:1' --len 400       draw characters from what was learnt\n"
      "  lilt eval model/best.safetensors new.abc how well it predicts other tunes\n"
      "  lilt check tunes.abc                     what is wrong with tunes\n"
      "  lilt render tune.abc -o tune.pdf         sheet music, MIDI or a recording\n"
      "  lilt plot . -o curves.svg                draw how training went\n"
      "`lilt COMMAND --help` tells more about each.");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(0, 1);  // what is missing is told below, after any other mistake
  app.get_formatter()->label("UINT", "N");
  app.get_formatter()->label("FLOAT", "X");

  std::function<int()> chosen;
  const Registrar registrar = [&chosen](CLI::App* command, std::function<int()> run_command) {
    refuse_negative_numbers(command);
    command->callback([&chosen, run_command = std::move(run_command)] { chosen = run_command; });
  };
  add_train(app, registrar);
  add_sample(app, registrar);
  add_compose(app, registrar);
  add_eval(app, registrar);
  add_check(app, registrar);
  add_render(app, registrar);
  add_export(app, registrar);
  add_info(app, registrar);
  add_plot(app, registrar);
  add_bench(app, registrar);
  add_corpus(app, registrar);

  const auto is_named = [&](CLI::App* command) { return command->check_name(argv[1]); };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_named).empty()) {
    complain(fmt::format("expected a command, found \"{}\"; lilt --help lists them", argv[1]));
    return kUsage;
  }
  if (const int code = parse(app, argc, argv); code != kSuccess) {
    return code < 0 ? flush_output(kSuccess) : code;
  }
  if (!chosen) {
    complain("expected a command; lilt --help lists them");
    return kUsage;
  }
  try {
    return flush_output(chosen());
  } catch (const std::bad_alloc&) {
    complain("not enough memory; try a smaller text or model");
  } catch (const std::exception& e) {
    complain(e.what());
  }
  return kFailure;
}

}  // namespace lilt::cli
