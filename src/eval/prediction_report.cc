#include "eval/prediction_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "base/text.h"

namespace lilt::eval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

void add_interval(Json& json, const std::string& key, const std::optional<Interval>& of) {
  json[key + "_low"] = of ? Json(of->low) : Json();
  json[key + "_high"] = of ? Json(of->high) : Json();
}

void add_figures(Json& json, const Prediction& m) {
  const corpus::Figures& f = m.likelihood.total;
  json["tunes"] = f.tunes;
  json["characters"] = f.characters;
  json["unknown"] = f.unknown;
  json["notes"] = f.notes;
  json["bits_per_character"] = f.bits_per_character();
  add_interval(json, "bits_per_character", m.confidence.bits_per_character);
  json["body_bits_per_character"] = f.body_bits_per_character();
  json["bits_per_note"] = f.bits_per_note();
  add_interval(json, "bits_per_note", m.confidence.bits_per_note);
  json["foretold_notes"] = m.notes.foretold.notes;
  json["bits_per_foretold_note"] = m.notes.foretold.bits_per_note();
  json["new_notes"] = m.notes.fresh.notes;
  json["bits_per_new_note"] = m.notes.fresh.bits_per_note();
  json["perplexity"] = f.perplexity();
}

Json comparison_json(std::span<const Prediction> all) {
  Json models = Json::array();
  for (const Prediction& m : all) {
    const bool is_first = &m == &all.front();
    Json& json = models.emplace_back();
    json["model"] = m.model;
    json["parameters"] = m.parameters;
    add_figures(json, m);
    json["bits_per_note_difference"] = is_first ? Json() : Json(difference(m, all.front()));
    add_interval(json, "bits_per_note_difference",
                 is_first ? std::nullopt : m.confidence.difference);
  }
  return models;
}

std::string plus_minus(const std::optional<Interval>& of) {
  return of ? fmt::format(" ± {:.4f}", of->half_width()) : "";
}

std::string figures_text(const Prediction& m) {
  const corpus::Figures& f = m.likelihood.total;
  std::string text;
  const auto row = [&](const char* what, const std::string& value, const std::string& more = "") {
    text += fmt::format("{:<28}{:>12}{}\n", what, value, more);
  };
  row("tunes", grouped(f.tunes));
  row("characters", grouped(f.characters));
  row("unknown characters", grouped(f.unknown));
  row("notes and rests", grouped(f.notes));
  row("bits per character", fmt::format("{:.4f}", f.bits_per_character()),
      plus_minus(m.confidence.bits_per_character));
  row("body bits per character", fmt::format("{:.4f}", f.body_bits_per_character()));
  row("bits per note", fmt::format("{:.4f}", f.bits_per_note()),
      plus_minus(m.confidence.bits_per_note));
  const auto split = [&](const char* what, const NoteFigures& notes) {
    row(what, fmt::format("{:.4f}", notes.bits_per_note()), "  of " + grouped(notes.notes));
  };
  split("… of foretold notes", m.notes.foretold);
  split("… of new notes", m.notes.fresh);
  row("perplexity", fmt::format("{:.4f}", f.perplexity()));
  return text;
}

// The last so many parts of a path.
fs::path ending(const fs::path& path, std::ptrdiff_t parts) {
  fs::path ending;
  for (auto part = path.end(); parts > 0 && part != path.begin(); --parts) {
    --part;
    ending = ending.empty() ? *part : *part / ending;
  }
  return ending;
}

// As much of the end of a path as tells it from the other models.
std::string short_name(const fs::path& path, std::span<const Prediction> all) {
  for (std::ptrdiff_t parts = 1;; ++parts) {
    const fs::path name = ending(path, parts);
    const bool is_unambiguous = std::ranges::none_of(all, [&](const Prediction& other) {
      const fs::path another = fs::path(other.model).lexically_normal();
      return another != path && ending(another, parts) == name;
    });
    if (is_unambiguous || name == path) return escaped(name.string());
  }
}

using Row = std::array<std::string, 6>;

std::size_t width_of(const std::string& text) {
  return std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });  // not the rest
}

// The first column to the left, figures to the right.
std::string text_of(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width_of(row[i]), ' ');
      line += i == 0 ? row[i] + space : "  " + space + row[i];
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string comparison_text(std::span<const Prediction> all) {
  std::vector<Row> rows = {
      {"model", "parameters", "bits/char", "body bits/char", "bits/note", "difference"}};
  for (const Prediction& m : all) {
    const corpus::Figures& f = m.likelihood.total;
    rows.push_back(
        {short_name(fs::path(m.model).lexically_normal(), all), grouped(m.parameters),
         fmt::format("{:.4f}", f.bits_per_character()),
         fmt::format("{:.4f}", f.body_bits_per_character()),
         fmt::format("{:.4f}", f.bits_per_note()) + plus_minus(m.confidence.bits_per_note),
         &m == &all.front() ? ""
                            : fmt::format("{:+.4f}", difference(m, all.front())) +
                                  plus_minus(m.confidence.difference)});
  }
  return text_of(rows);
}

}  // namespace

Json to_json(std::span<const Prediction> predictions) {
  if (predictions.size() > 1) return comparison_json(predictions);
  Json json;
  add_figures(json, predictions.front());
  return json;
}

std::string table_of(std::span<const Prediction> predictions) {
  return predictions.size() == 1 ? figures_text(predictions.front()) : comparison_text(predictions);
}

}  // namespace lilt::eval
