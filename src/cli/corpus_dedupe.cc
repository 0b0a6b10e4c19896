// lilt corpus dedupe: each tune once, in whatever keys and under whatever titles it is there.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/corpus_files.h"
#include "corpus/fingerprint.h"

namespace lilt::cli {
namespace {

struct DedupeCommand {
  std::vector<std::string> files;
  std::string output;
  bool by_family = false;
  bool report = false;
};

struct Place {
  std::uint32_t file = 0, line = 0;
  std::uint32_t completeness = 0;
};

// Of two tunes with the same melody the one that says more is kept: correct before not, then by
// chord symbols, then by fields.
std::uint32_t completeness(const abc::Reading& reading) {
  std::size_t chords = 0;
  for (const abc::Voice& voice : reading.tune.voices) {
    for (const abc::Element& element : voice.elements) chords += element.chord_symbols.size();
  }
  const auto fields = std::count_if(reading.tune.header.begin(), reading.tune.header.end(),
                                    [](const abc::Field& field) { return !field.text.empty(); });
  return (reading.is_correct() ? 1U << 31 : 0U) |
         static_cast<std::uint32_t>(std::min<std::size_t>(chords, 0x7FFF)) << 16 |
         static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(fields, 0xFFFF));
}

std::string title_of(const corpus::TuneText& tune) {
  const std::string title = abc::read_tune(tune.text).tune.field(U'T');
  return title.empty() ? "(no title)" : title;
}

int run_dedupe(const DedupeCommand& c) {
  if (Status s = require_files(c.files); !s) return report(s.error());

  std::vector<Place> places;
  const auto look = [&](const corpus::TuneText& tune, const abc::Reading& reading) {
    places.push_back({static_cast<std::uint32_t>(tune.file), static_cast<std::uint32_t>(tune.line),
                      completeness(reading)});
  };
  const Result<corpus::Families> found = find_families(c.files, look);
  if (!found) return report(found.error());
  const corpus::Families& families = *found;

  const auto group = [&](std::size_t tune) {
    return c.by_family ? families.family(tune) : families.original(tune);
  };
  // The tune that stands for each group, by the number of the group's first tune.
  std::vector<std::uint32_t> chosen(places.size());
  for (std::uint32_t i = 0; i < places.size(); ++i) {
    std::uint32_t& best = chosen[group(i)];
    if (group(i) == i || places[i].completeness > places[best].completeness) best = i;
  }

  const bool writes = !c.report || !c.output.empty();
  std::optional<TuneOutput> output;
  if (writes) output.emplace(c.output);
  std::size_t number = 0, kept = 0;
  bool changed = false;
  const auto place = [&](std::size_t tune) {
    return fmt::format("{}:{}", c.files[places[tune].file], places[tune].line);
  };
  const auto take = [&](const corpus::TuneText& tune) {
    const std::size_t i = number++;
    changed = changed || i >= places.size() || places[i].line != tune.line;
    if (changed) return;
    const std::size_t best = chosen[group(i)];
    if (best == i) {
      ++kept;
      if (writes) output->write(tune.text);
    }
    if (!c.report) return;
    const std::size_t other = best != i ? best : chosen[group(families.family(i))];
    if (other == i) return;
    const bool same = families.original(i) == families.original(other);
    fmt::print("{}: {}: {} {}\n", place(i), title_of(tune),
               same ? "same tune as" : "same family as", place(other));
  };
  if (Status s = for_each_tune(c.files, "Writing", take); !s) return report(s.error());
  if (changed || number != places.size()) {
    return report(files_changed());
  }
  if (writes) output->commit();
  tell(fmt::format("{} tunes, {} different, in {} families; {} left out", grouped(places.size()),
                   grouped(families.originals()), grouped(families.families()),
                   grouped(places.size() - kept)));
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
