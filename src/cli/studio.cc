// lilt studio: a page in the browser to compose with.

#include "studio/studio.h"

#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/environment_error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"
#include "cli/models.h"
#include "studio/address.h"
#include "studio/book.h"

namespace lilt::cli {
namespace {

// "LILT" on a telephone's keys.
constexpr std::uint16_t kUsualPort = 5458;

struct StudioCommand {
  std::optional<std::uint16_t> port;
  std::string address = "127.0.0.1";
  std::string book, model;
  bool no_browser = false;
  std::size_t threads = default_threads();
};

// The usual port where none is named, or another where that is taken: by another studio.
std::unique_ptr<studio::Server> open_server(const StudioCommand& c) {
  studio::ServerOptions options;
  options.headers = studio::safe_headers();
  options.address = c.address;
  options.port = c.port.value_or(kUsualPort);
  try {
    return std::make_unique<studio::Server>(options);
  } catch (const EnvironmentError&) {
    if (c.port) throw;
  }
  options.port = 0;
  return std::make_unique<studio::Server>(options);
}

// Where there is no browser to open, its address has been shown.
void open_browser(const std::string& address) {
  std::string program = "xdg-open", argument = address;
  char* arguments[] = {program.data(), argument.data(), nullptr};
  pid_t child = 0;
  ::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ);
}

// What was typed for --address, in its usual spelling.
void read_address_option(const std::string& text, std::string& address) {
  const std::optional<std::string> read = studio::read_address(text);
  if (!read) {
    throw CLI::ValidationError(
        "--address", fmt::format("expected an IP address such as 0.0.0.0, found \"{}\"", text));
  }
  address = *read;
}

// Who but this machine's user can reach the studio, and how.
void warn_of_others(const studio::Guard& guard, const std::string& address) {
  if (studio::is_loopback(address)) return;
  complain(fmt::format(
      "warning: {} is not for this machine alone: whoever reaches it over the network, and has or "
      "overhears the token (what is sent is not encrypted), can use the studio, change the tune "
      "book and let this machine work",
      address));
  for (const std::string& link : guard.addresses_for_others()) tell("for others: " + link);
}

// Where the book lies, and what is taught beside it.
std::filesystem::path book_folder(const std::string& book) {
  if (!book.empty()) return std::filesystem::absolute(book).parent_path();
  return studio::usual_book().parent_path();
}

// The usual one first; the one that comes with Lilt is always there to go on from.
void add_models(const std::string& named, studio::Studio& studio) {
  const std::filesystem::path usual = find_model(named, ".");
  studio.models.add(usual.stem().string(), usual);
  const std::optional<std::filesystem::path> shipped = shipped_model();
  if (shipped && !studio.models.find(shipped->stem().string())) {
    studio.models.add(shipped->stem().string(), *shipped);
  }
  studio.teaching.look_after();
}

// Reads the model while the browser opens, so that the first tune does not wait for it. What is
// wrong with it is told to who composes.
void warm_up(studio::Studio& studio) {
  try {
    const Result<std::shared_ptr<studio::Composer>> composer = studio.models.composer("");
    if (!composer) return;
    const compose::Model& model = (*composer)->model();
    static_cast<void>(model.titles());
    static_cast<void>(model.title_words());
    static_cast<void>(model.novelty());
    static_cast<void>(model.style());
    static_cast<void>(model.critic());
  } catch (const std::exception&) {
  }
}

int run_studio(const StudioCommand& c) {
  studio::Studio studio(c.threads, book_folder(c.book));
  studio.version = LILT_VERSION;
  add_models(c.model, studio);
  studio.book = std::make_unique<studio::SharedBook>(
      c.book.empty() ? studio::usual_book() : std::filesystem::path(c.book));
  // A book that was named is to be one: told here, and not by the page when a tune is to be kept.
  if (!c.book.empty()) {
    if (Status s = studio.book->with([](studio::Book&) {}); !s) return report(s.error());
  }

  const std::unique_ptr<studio::Server> server = open_server(c);
  const studio::Guard guard(studio::new_token(), c.address, server->port());
  studio::StudioSite site(guard, studio);
  catch_interrupts();
  server->start(site);
  const std::jthread warm([&studio] { warm_up(studio); });
  fmt::print("{}\n", guard.address());
  std::fflush(stdout);
  warn_of_others(guard, c.address);
  tell("Ctrl-C ends the studio");
  if (!c.no_browser) open_browser(guard.address());
  while (!is_interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return kSuccess;
}

}  // namespace

void add_studio(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<StudioCommand>();
  CLI::App* command = app.add_subcommand("studio", "Compose in the browser, on a page of its own");
  add_field(command,
            Field{.name = "port",
                  .help = "Where it listens (default: 5458, or another that is free)",
                  .least = 1},
            c->port);
  command
      ->add_option_function<std::string>(
          "--address", [c](const std::string& text) { read_address_option(text, c->address); },
          "The IP address at which it listens: 0.0.0.0 or :: for all that this\n"
          "machine has, so that others can reach it (default: 127.0.0.1, for\n"
          "this machine alone)")
      ->type_name("ADDR");
  command
      ->add_option("--book", c->book,
                   "The tune book (default: lilt/tunes.db under XDG_DATA_HOME,\n"
                   "or ~/.local/share/lilt/tunes.db)")
      ->type_name("FILE");
  command->add_flag("--no-browser", c->no_browser, "Print the address, open no browser");
  command->add_option("--model", c->model, "The model (default: your own in model/, or Lilt's)")
      ->type_name("FILE");
  add_threads_option(command, c->threads);
  command->footer("Prints the address to open, and answers until it is stopped with Ctrl-C.");
  registrar(command, [c] { return run_studio(*c); });
}

}  // namespace lilt::cli
