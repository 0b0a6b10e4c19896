// lilt corpus describe: what a collection consists of.

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/corpus_files.h"
#include "corpus/description_report.h"

namespace lilt::cli {
namespace {

struct DescribeCommand {
  std::vector<std::string> files;
  bool json = false;
};

int run_describe(const DescribeCommand& c) {
  const Result<corpus::Description> description =
      corpus::describe_files(c.files, watch_on_console());
  if (!description) return report(description.error());
  if (c.json) {
    print_json(corpus::to_json(*description));
  } else {
    fmt::print("{}", corpus::table_of(*description));
  }
  return kSuccess;
}

}  // namespace

void add_corpus_describe(CLI::App& corpus, const Registrar& registrar) {
  auto c = std::make_shared<DescribeCommand>();
  CLI::App* command = corpus.add_subcommand(
      "describe", "Tunes, keys, metres, rhythm types, lengths, correctness, characters");
  add_files_option(command, c->files);
  command->add_flag("--json", c->json, "Print JSON");
  command->footer(
      "All files together. \"-\" is standard input. Example:\n"
      "  lilt corpus describe nottingham.abc --json");
  registrar(command, [c] { return run_describe(*c); });
}

}  // namespace lilt::cli
