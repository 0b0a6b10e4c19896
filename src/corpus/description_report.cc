#include "corpus/description_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace lilt::corpus {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShown = 12;  // values of a table

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

std::string row(const std::string& what, std::uint64_t count, std::uint64_t of) {
  return fmt::format("{:<28}{:>12}{:>9.1f}%\n", what, grouped(count),
                     of == 0 ? 0.0 : 100 * static_cast<double>(count) / static_cast<double>(of));
}

std::string rows_of(const char* title, const Tally& tally, const char* none, std::uint64_t tunes) {
  const auto rows = tally.sorted();
  if (rows.empty()) return "";
  std::string text = fmt::format("\n{}\n", title);
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [value, count] = rows[i];
    // A single value more is shown rather than called "others".
    if (i < kShown || rows.size() == kShown + 1) {
      text += row("  " + (value.empty() ? none : escaped(value)), count, tunes);
    } else {
      others += count;
    }
  }
  if (others > 0) text += row(fmt::format("  {} others", rows.size() - kShown), others, tunes);
  return text;
}

}  // namespace

Json to_json(const Description& d) {
  return {{"tunes", d.tunes},
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
          {"last_notes", to_json(d.last_notes)},
          {"problems", to_json(d.problems)},
          {"alphabet_size", d.alphabet.size()},
          {"alphabet", alphabet_of(d)}};
}

std::string table_of(const Description& d) {
  std::string text = fmt::format("{:<28}{:>12}\n", "tunes", grouped(d.tunes));
  text += row("correct", d.correct, d.tunes);
  text += row("with chord symbols", d.with_chord_symbols, d.tunes);
  if (d.several_voices > 0) text += row("with several voices", d.several_voices, d.tunes);
  if (d.latin1 > 0) text += row("not UTF-8, read as Latin-1", d.latin1, d.tunes);
  text += fmt::format("{:<28}{:>12}\n", "distinct characters", grouped(d.alphabet.size()));

  text += fmt::format("\n{:<28}{:>12}{:>10}{:>10}{:>10}{:>10}\n", "of a tune", "all", "smallest",
                      "median", "mean", "largest");
  const auto add = [&](const char* what, const Distribution& x) {
    text += fmt::format("{:<28}{:>12}{:>10}{:>10}{:>10.1f}{:>10}\n", what, grouped(x.sum()),
                        grouped(x.smallest()), grouped(x.median()), x.mean(), grouped(x.largest()));
  };
  add("  characters", d.characters);
  add("  notes as written", d.notes);
  add("  bars as written", d.bars);

  text += rows_of("keys", d.keys, "none", d.tunes);
  text += rows_of("last notes, above the tonic", d.last_notes, "none", d.tunes);
  text += rows_of("metres", d.metres, "none", d.tunes);
  text += rows_of("rhythm types (R:)", d.rhythms, "none given", d.tunes);
  text += rows_of("tunes in which was found", d.problems, "", d.tunes);
  return text;
}

}  // namespace lilt::corpus
