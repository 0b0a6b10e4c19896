// lilt corpus describe: what a collection consists of.

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/corpus_files.h"
#include "corpus/description.h"

namespace lilt::cli {
namespace {

using corpus::Description;
using corpus::Distribution;
using corpus::Tally;
using Json = nlohmann::ordered_json;

constexpr std::size_t kShown = 12;  // values of a table

struct DescribeCommand {
  std::vector<std::string> files;
  bool json = false;
};

std::string alphabet_of(const Description& d) {
  std::string text;
  for (const char32_t c : d.alphabet) append_utf8(text, c);
  return text;
}

Json to_json(const Tally& tally) {
  Json json = Json::object();
  for (const auto& [value, count] : tally.sorted()) json[value] = count;
  return json;
}

Json to_json(const Distribution& d) {
  return {{"total", d.sum()},
          {"smallest", d.smallest()},
          {"median", d.median()},
          {"mean", d.mean()},
          {"largest", d.largest()}};
}

void print_json(const Description& d) {
  const Json json = {{"tunes", d.tunes},
                     {"correct", d.correct},
                     {"with_chord_symbols", d.with_chord_symbols},
                     {"several_voices", d.several_voices},
                     {"latin1", d.latin1},
                     {"characters", to_json(d.characters)},
                     {"notes", to_json(d.notes)},
                     {"bars", to_json(d.bars)},
                     {"keys", to_json(d.keys)},
                     {"metres", to_json(d.metres)},
                     {"rhythms", to_json(d.rhythms)},
                     {"problems", to_json(d.problems)},
                     {"alphabet_size", d.alphabet.size()},
                     {"alphabet", alphabet_of(d)}};
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

void print_row(const std::string& what, std::uint64_t count, std::uint64_t of) {
  fmt::print("{:<28}{:>12}{:>9.1f}%\n", what, grouped(count),
             of == 0 ? 0.0 : 100 * static_cast<double>(count) / static_cast<double>(of));
}

void print_tally(const char* title, const Tally& tally, const char* none, std::uint64_t tunes) {
  const auto rows = tally.sorted();
  if (rows.empty()) return;
  fmt::print("\n{}\n", title);
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [value, count] = rows[i];
    // A single value more is shown rather than called "others".
    if (i < kShown || rows.size() == kShown + 1) {
      print_row("  " + (value.empty() ? std::string(none) : value), count, tunes);
    } else {
      others += count;
    }
  }
  if (others > 0) print_row(fmt::format("  {} others", rows.size() - kShown), others, tunes);
}

void print_table(const Description& d) {
  fmt::print("{:<28}{:>12}\n", "tunes", grouped(d.tunes));
  print_row("correct", d.correct, d.tunes);
  print_row("with chord symbols", d.with_chord_symbols, d.tunes);
  if (d.several_voices > 0) print_row("with several voices", d.several_voices, d.tunes);
  if (d.latin1 > 0) print_row("not UTF-8, read as Latin-1", d.latin1, d.tunes);
  fmt::print("{:<28}{:>12}\n", "distinct characters", grouped(d.alphabet.size()));

  fmt::print("\n{:<28}{:>12}{:>10}{:>10}{:>10}{:>10}\n", "of a tune", "all", "smallest", "median",
             "mean", "largest");
  const auto row = [](const char* what, const Distribution& x) {
    fmt::print("{:<28}{:>12}{:>10}{:>10}{:>10.1f}{:>10}\n", what, grouped(x.sum()),
               grouped(x.smallest()), grouped(x.median()), x.mean(), grouped(x.largest()));
  };
  row("  characters", d.characters);
  row("  notes as written", d.notes);
  row("  bars as written", d.bars);

  print_tally("keys", d.keys, "none", d.tunes);
  print_tally("metres", d.metres, "none", d.tunes);
  print_tally("rhythm types (R:)", d.rhythms, "none given", d.tunes);
  print_tally("tunes in which was found", d.problems, "", d.tunes);
}

int run_describe(const DescribeCommand& c) {
  Description description;
  const auto look = [&](const corpus::TuneText& tune) {
    description.add(tune, abc::read_tune(tune.text));
  };
  if (Status s = for_each_tune(c.files, "Describing", look); !s) return report(s.error());
  c.json ? print_json(description) : print_table(description);
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
