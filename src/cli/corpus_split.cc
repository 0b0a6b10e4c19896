// lilt corpus split: tunes to learn from, to validate on and to test with.

#include <fmt/format.h>

#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/corpus_files.h"
#include "cli/field_options.h"
#include "corpus/split.h"

namespace lilt::cli {
namespace {

struct SplitCommand {
  std::vector<std::string> files;
  corpus::SplitOptions options;
};

int run_split(const SplitCommand& c) {
  const Result<corpus::SplitFigures> figures =
      corpus::split_files(c.files, c.options, watch_on_console());
  if (!figures) return report(figures.error());
  fmt::print("{:>9}{:>10}{:>9}  {}\n", "tunes", "families", "share", "file");
  for (const corpus::SplitPart& part : figures->parts) {
    fmt::print("{:>9}{:>10}{:>8.2f}%  {}\n", grouped(part.tunes), grouped(part.families),
               100 * static_cast<double>(part.tunes) / static_cast<double>(figures->tunes),
               part.file.lexically_normal().string());
  }
  if (figures->left_out > 0) tell(fmt::format("{} tunes left out", grouped(figures->left_out)));
  return kSuccess;
}

}  // namespace

void add_corpus_split(CLI::App& corpus, const Registrar& registrar) {
  auto c = std::make_shared<SplitCommand>();
  CLI::App* command = corpus.add_subcommand(
      "split", "Share out tunes to learn from, to validate on and to test with, by family");
  add_files_option(command, c->files);
  corpus::SplitOptions& options = c->options;
  add_field(command,
            {.name = "shares",
             .help = "Shares of train.abc, valid.abc and, if three, test.abc; at most 1 together",
             .value = "X,X[,X]",
             .above = 0},
            options.shares);
  CLI::Option* output = command->add_option("-o,--output", options.folder, "The folder to write to")
                            ->capture_default_str()
                            ->type_name("DIR");
  add_field(command, {.name = "seed", .help = "Another seed, another split"}, options.seed);
  command->add_flag("--force", options.force,
                    "Replace files that are there already, without -o too");
  command->footer(
      "Tunes of one family, which share a long run of notes in whatever keys, stay together: what\n"
      "is measured on the held-out tunes would be too good otherwise. The same files, shares and\n"
      "seed give the same split. Files that are there already are replaced in the folder of -o,\n"
      "and in this one only with --force. Example:\n"
      "  lilt corpus split nottingham.abc --shares 0.8,0.1,0.1 -o data --seed 1");
  registrar(command, [c, output] {
    if (output->count() > 0) c->options.force = true;
    return run_split(*c);
  });
}

}  // namespace lilt::cli
