#include "cli/cli.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>
#include <thread>

#include "base/environment_error.h"
#include "cli/command.h"

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

}  // namespace

int report(const Error& error) {
  fmt::print(stderr, "lilt: {}\n", error.to_string());
  return error.code == ErrorCode::kOption ? kUsage : kFailure;
}

std::size_t default_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

void add_threads_option(CLI::App* command, std::size_t& threads) {
  command->add_option("--threads", threads, "Threads to use (default: all cores)")
      ->check(CLI::Range(1, 1024));
}

int run(int argc, char** argv) {
  CLI::App app{"Lilt learns folk music written in ABC notation and composes new tunes."};
  app.footer(
      "Examples:\n"
      "  lilt train tunes.abc --valid-share 0.1   learn from a collection\n"
      "  lilt sample --seed 'X:1' --len 400       draw characters from what was learnt\n"
      "  lilt eval model/best.safetensors new.abc how well it predicts other tunes\n"
      "`lilt COMMAND --help` tells more about each.");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  app.get_formatter()->label("UINT", "N");
  app.get_formatter()->label("FLOAT", "X");

  std::function<int()> chosen;
  const Registrar registrar = [&chosen](CLI::App* command, std::function<int()> run_command) {
    refuse_negative_numbers(command);
    command->callback([&chosen, run_command = std::move(run_command)] { chosen = run_command; });
  };
  add_train(app, registrar);
  add_sample(app, registrar);
  add_eval(app, registrar);
  add_info(app, registrar);
  add_bench(app, registrar);

  if (const int code = parse(app, argc, argv); code != kSuccess) return code < 0 ? kSuccess : code;
  try {
    return chosen();
  } catch (const EnvironmentError& e) {
    fmt::print(stderr, "lilt: {}\n", e.what());
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "lilt: not enough memory; try a smaller text or model\n");
  } catch (const std::exception& e) {
    fmt::print(stderr, "lilt: {}\n", e.what());
  }
  return kFailure;
}

}  // namespace lilt::cli
