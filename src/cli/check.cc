// lilt check: what is wrong with tunes.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "abc/book.h"
#include "abc/check.h"
#include "base/environment_error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct CheckCommand {
  std::vector<std::string> files;
  bool json = false;
  bool quiet = false;
  bool errors_only = false;
};

// The text of the first field of that letter in the header of a tune.
std::string_view header_field(std::string_view tune, char letter) {
  for (std::size_t at = 0; at < tune.size();) {
    const std::size_t end = std::min(tune.find('\n', at), tune.size());
    const std::string_view line = tune.substr(at, end - at);
    if (line.size() >= 2 && line[1] == ':') {
      if (line[0] == letter) {
        const std::size_t begin = std::min(line.find_first_not_of(" \t", 2), line.size());
        const std::size_t last = line.find_last_not_of(" \t");
        return line.substr(begin, std::max(last + 1, begin) - begin);
      }
      if (line[0] == 'K') break;
    }
    at = end + 1;
  }
  return {};
}

// Reads files, prints what is wrong with their tunes, and counts.
class Checker {
 public:
  explicit Checker(const CheckCommand& command) : command_(command) {}

  void check(const std::string& file) {
    const bool is_input = file == "-";
    file_ = is_input ? "-" : file;
    said_encoding_ = false;
    abc::BookReader book([&](abc::BookTune& tune) { check_tune(book, tune); });
    std::uint64_t bytes = 0;
    try {
      read_blocks(is_input ? std::string() : file, [&](std::string_view block) {
        book.feed(block);
        bytes += block.size();
        show_progress(bytes);
      });
    } catch (const EnvironmentError& error) {
      unreadable_ = true;
      status_.print("lilt: " + escaped(error.what()));
      return;
    }
    book.finish();
    if (book.tunes() == 0) {
      has_empty_file_ = true;
      print({}, 1, 1, {abc::Code::kNoTune});
    }
  }

  int finish() {
    status_.clear();
    if (!command_.quiet) {
      tell(fmt::format("{} of {} {} wrong; {}, {}", grouped(wrong_), counted(tunes_, "tune"),
                       tunes_ == 1 ? "is" : "are", counted(errors_, "error"),
                       counted(warnings_, "warning")));
    }
    return wrong_ > 0 || unreadable_ || has_empty_file_ || errors_ > 0 ? kFailure : kSuccess;
  }

 private:
  static std::string counted(std::size_t number, const char* what) {
    return grouped(number) + " " + what + (number == 1 ? "" : "s");
  }

  void show_progress(std::uint64_t bytes) {
    if (Clock::now() - start_ < std::chrono::seconds(1)) return;
    status_.show(fmt::format("{}: {} MB, {} so far", escaped(file_), bytes / 1'000'000,
                             counted(tunes_, "tune")));
  }

  void check_tune(const abc::BookReader& book, const abc::BookTune& tune) {
    if (book.tunes() == 1 && !book.file_header().empty()) {
      print_all({}, book.file_header(), 1, abc::check_file_header(book.file_header()));
    }
    std::vector<abc::Problem> problems = abc::check_tune(tune.text, book.file_header());
    if (!tune.is_separate) problems.push_back({abc::Code::kFieldOrder, 0, 1});
    if (tune.not_utf8 && !said_encoding_) {
      said_encoding_ = true;
      const auto at = static_cast<std::uint32_t>(*tune.not_utf8);
      problems.push_back({abc::Code::kEncoding, at, at + 1});
    }
    if (tune.is_cut) {
      const auto end = static_cast<std::uint32_t>(tune.text.size());
      problems.push_back({abc::Code::kTuneTooLong, end, end});
    }
    abc::put_in_order(problems);
    ++tunes_;
    const std::size_t errors = errors_;
    print_all(tune.text, tune.text, tune.line, problems);
    if (errors_ > errors) ++wrong_;
  }

  void print_all(std::string_view tune, std::string_view text, std::uint64_t first_line,
                 const std::vector<abc::Problem>& problems) {
    abc::PlaceFinder places(text);
    for (const abc::Problem& problem : problems) {
      const abc::TextPlace place = places.find(problem.begin);
      print(tune, first_line + place.line - 1, place.column, problem);
    }
  }

  void print(std::string_view tune, std::uint64_t line, std::uint64_t column,
             const abc::Problem& problem) {
    const bool is_error = severity(problem.code) == abc::Severity::kError;
    ++(is_error ? errors_ : warnings_);
    if (command_.quiet || (command_.errors_only && !is_error)) return;
    status_.clear();
    const char* severity = is_error ? "error" : "warning";
    if (!command_.json) {
      fmt::print("{}:{}:{}: {}: {} [{}]\n", escaped(file_), line, column, severity,
                 escaped(describe(problem)), name(problem.code));
      return;
    }
    nlohmann::ordered_json json = {{"file", file_},
                                   {"line", line},
                                   {"column", column},
                                   {"severity", severity},
                                   {"code", name(problem.code)},
                                   {"message", describe(problem)},
                                   {"tune", nullptr},
                                   {"title", nullptr}};
    if (!tune.empty()) {
      json["tune"] = header_field(tune, 'X');
      json["title"] = header_field(tune, 'T');
    }
    fmt::print("{}\n", json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
  }

  const CheckCommand& command_;
  std::string file_;
  bool said_encoding_ = false;
  std::size_t tunes_ = 0, wrong_ = 0, errors_ = 0, warnings_ = 0;
  bool unreadable_ = false, has_empty_file_ = false;
  Clock::time_point start_ = Clock::now();
  StatusLine status_;
};

int run_check(const CheckCommand& c) {
  Checker checker(c);
  if (c.files.empty()) checker.check("-");
  for (const std::string& file : c.files) checker.check(file);
  return checker.finish();
}

}  // namespace

void add_check(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<CheckCommand>();
  CLI::App* command = app.add_subcommand("check", "Diagnose tunes in ABC notation");
  command->add_option("files", c->files, "Files of tunes; - or none is standard input")
      ->type_name("FILE");
  command->add_flag("--json", c->json, "Print a JSON object for each line");
  command->add_flag("--errors", c->errors_only, "Print errors only, no warnings");
  command->add_flag("-q,--quiet", c->quiet, "Print nothing; only the exit code tells");
  command->footer(
      "Prints file:line:column: error|warning: what was expected and found [code], one a line.\n"
      "The exit code is 1 when a tune is wrong; warnings alone leave it 0.\n"
      "Examples:\n"
      "  lilt check tunes.abc\n"
      "  lilt compose | lilt check --quiet && echo fine");
  registrar(command, [c] { return run_check(*c); });
}

}  // namespace lilt::cli
