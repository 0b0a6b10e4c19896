// lilt corpus dedupe: each tune once, in whatever keys and under whatever titles it is there.

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "base/text.h"
#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/corpus_files.h"
#include "corpus/dedupe.h"

namespace lilt::cli {
namespace {

struct DedupeCommand {
  std::vector<std::string> files;
  std::string output;
  bool by_family = false;
  bool report = false;
};

void print_relation(const corpus::Relation& r, const std::vector<std::string>& files) {
  fmt::print("{}:{}: {}: {} {}:{}\n", files[r.tune.file], r.tune.line,
             r.title.empty() ? "(no title)" : r.title,
             r.is_same ? "same tune as" : "same family as", files[r.other.file], r.other.line);
}

int run_dedupe(const DedupeCommand& c) {
  corpus::DedupeOptions options{.by_family = c.by_family};
  if (Status s = check_output(c.files, c.output); !s) return report(s.error());
  std::optional<TuneOutput> output;
  if (!c.report || !c.output.empty()) options.keep = output.emplace(c.output).sink();
  if (c.report) {
    options.relate = [&](const corpus::Relation& r) { print_relation(r, c.files); };
  }
  const Result<corpus::DedupeFigures> figures =
      corpus::dedupe(c.files, options, watch_on_console());
  if (!figures) return report(figures.error());
  if (output) output->commit();
  tell(fmt::format("{} tunes, {} different, in {} families; {} left out", grouped(figures->tunes),
                   grouped(figures->different), grouped(figures->families),
                   grouped(figures->tunes - figures->kept)));
  return kSuccess;
}

}  // namespace

void add_corpus_dedupe(CLI::App& corpus, const Registrar& registrar) {
  auto c = std::make_shared<DedupeCommand>();
  CLI::App* command = corpus.add_subcommand(
      "dedupe", "Keep each tune once, in whatever keys and under whatever titles it is there");
  add_files_option(command, c->files);
  command->add_option("-o,--output", c->output, "The file to write (default: standard output)")
      ->type_name("FILE");
  command->add_flag("--families", c->by_family, "Keep one tune of each family");
  command->add_flag("--report", c->report,
                    "Print which tunes are the same and which are of one family; tunes are then "
                    "written with -o only");
  command->footer(fmt::format(
      "Two tunes are the same if their melodies as played are, up to the key and the "
      "unit length;\nthey are of one family if they share {} steps from note to note. "
      "Of the same tunes the most\ncomplete is kept: a correct one, with chord symbols, "
      "with more fields; the first of equals.\n"
      "Example:\n"
      "  lilt corpus dedupe a.abc b.abc -o all.abc --report",
      corpus::kFamilyRun));
  registrar(command, [c] { return run_dedupe(*c); });
}

}  // namespace lilt::cli
