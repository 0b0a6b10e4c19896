// lilt check: what is wrong with tunes.

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "abc/book_check.h"
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

// Reads files, prints what is wrong with their tunes, and counts.
class Checker {
 public:
  explicit Checker(const CheckCommand& command) : command_(command) {}

  void check(const std::string& file) {
    file_ = file;
    shown_file_ = escaped(file);
    abc::BookChecker book([this](const abc::Finding& finding) { take(finding); });
    std::uint64_t bytes = 0;
    try {
      read_blocks(file == "-" ? std::string() : file, [&](std::string_view block) {
        book.feed(block);
        bytes += block.size();
        if (Clock::now() - start_ < std::chrono::seconds(1)) return;
        status_.show(fmt::format("{}: {} MB, {}", shown_file_, bytes / 1'000'000,
                                 counted(tunes_ + book.tunes(), "tune")));
      });
      book.finish();
    } catch (const EnvironmentError& error) {
      failed_ = true;
      status_.clear();
      complain(error.what());
    }
    tunes_ += book.tunes();
    wrong_ += book.wrong_tunes();
  }

  int finish() {
    status_.clear();
    if (!command_.quiet) {
      tell(fmt::format("{} of {} {} wrong; {}, {}", grouped(wrong_), counted(tunes_, "tune"),
                       wrong_ == 1 || tunes_ == 1 ? "is" : "are", counted(errors_, "error"),
                       counted(warnings_, "warning")));
    }
    return errors_ > 0 || failed_ ? kFailure : kSuccess;
  }

 private:
  void take(const abc::Finding& finding) {
    const abc::Problem& problem = finding.problem;
    const bool is_error = severity(problem.code) == abc::Severity::kError;
    ++(is_error ? errors_ : warnings_);
    if (command_.quiet || (command_.errors_only && !is_error)) return;
    status_.clear();
    const char* severity = is_error ? "error" : "warning";
    if (command_.json) {
      print_json(finding, severity);
    } else {
      fmt::print("{}:{}:{}: {}: {} [{}]\n", shown_file_, finding.line, finding.column, severity,
                 escaped(describe(problem)), name(problem.code));
    }
  }

  void print_json(const abc::Finding& finding, const char* severity) {
    nlohmann::ordered_json json = {{"file", file_},
                                   {"line", finding.line},
                                   {"column", finding.column},
                                   {"severity", severity},
                                   {"code", name(finding.problem.code)},
                                   {"message", describe(finding.problem)},
                                   {"tune", nullptr},
                                   {"title", nullptr}};
    if (finding.tune != nullptr) {
      json["tune"] = abc::header_field(finding.tune->text, 'X');
      json["title"] = abc::header_field(finding.tune->text, 'T');
    }
    // ASCII, so that nothing in it reaches a terminal raw.
    fmt::print("{}\n", json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
  }

  const CheckCommand& command_;
  std::string file_, shown_file_;
  std::size_t tunes_ = 0, wrong_ = 0, errors_ = 0, warnings_ = 0;
  bool failed_ = false;
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
