// lilt eval: how well models predict tunes they have not seen.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/eval_tunes.h"
#include "corpus/learning_text.h"
#include "eval/confidence.h"
#include "eval/likelihood.h"
#include "infer/weights.h"
#include "model/model_file.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct EvalCommand {
  std::string model;
  std::vector<std::string> rest;  // further models, then tunes
  std::string dialect;
  EvalTunesCommand tunes;
  bool json = false;
  bool eight_bit = false;
  std::size_t threads = default_threads();

  [[nodiscard]] bool compares_tunes() const {
    return !(tunes.tunes.empty() && tunes.against.empty() && tunes.held_out.empty() &&
             tunes.report.empty());
  }
};

struct Arguments {
  std::vector<std::string> models, files;

  [[nodiscard]] bool compares() const { return models.size() > 1; }
};

// What a model makes of the tunes.
struct Measured {
  std::string path;
  std::size_t parameters = 0;
  eval::Likelihood likelihood;
  eval::Confidence confidence;
};

bool is_model(const std::string& path) { return path.ends_with(".safetensors"); }

Result<Arguments> arguments_of(const EvalCommand& c) {
  const auto first_file = std::ranges::find_if_not(c.rest, is_model);
  Arguments arguments{{c.model}, {first_file, c.rest.end()}};
  arguments.models.insert(arguments.models.end(), c.rest.begin(), first_file);
  if (arguments.files.empty() && !c.rest.empty() && !is_model(c.model)) {
    return Error{ErrorCode::kOption,
                 "expected models before tunes, found " + c.model + " before " + c.rest.front()};
  }
  if (arguments.files.empty()) {
    return Error{ErrorCode::kOption, "expected tunes in ABC notation after " +
                                         arguments.models.back() + ", found none"};
  }
  const auto late = std::ranges::find_if(arguments.files, is_model);
  if (late != arguments.files.end()) {
    return Error{ErrorCode::kOption,
                 "expected models before tunes, found " + *late + " behind " + arguments.files[0]};
  }
  const auto once = std::ranges::find_if(arguments.files, [](const fs::path& path) {
    std::error_code none;
    return fs::is_other(path, none) || fs::is_fifo(path, none);
  });
  if (!arguments.compares() || once == arguments.files.end()) return arguments;
  return Error{ErrorCode::kOption,
               "expected files, which every model can read anew, found " + *once};
}

// The tunes as this model reads them. Beside others one that tells no dialects apart may be asked
// for any.
Result<corpus::TuneSet> tunes_for(const ModelView& model, const Arguments& arguments,
                                  const std::string& dialect_name) {
  const TextConfig& text = model.config.text;
  const bool is_told = !arguments.compares() || !text.dialects.empty();
  const Result<std::uint8_t> dialect = find_dialect(text, is_told ? dialect_name : kAnyDialect);
  if (!dialect) return dialect.error();
  return corpus::read_tunes_for(model.config, model.vocabulary, arguments.files, *dialect);
}

// Calls progress(share) with the share of the characters that are done.
template <class Progress>
Result<Measured> measure(const std::string& path, const Arguments& arguments, const EvalCommand& c,
                         Progress&& progress) {
  const FileBytes file(path);
  const Result<ModelView> model = view_model(file.bytes(), path);
  if (!model) return model.error();
  const Result<corpus::TuneSet> tunes = tunes_for(*model, arguments, c.dialect);
  if (!tunes) return tunes.error();

  const auto precision = c.eight_bit ? infer::Precision::kEightBit : infer::Precision::kSingle;
  const auto in_model = [&](Error error) {
    error.place.source = path;
    return error;
  };
  const Result<infer::Weights> weights = infer::Weights::of(*model, precision);
  if (!weights) return in_model(weights.error());
  const auto report_share = [&](std::size_t done) {
    progress(static_cast<double>(done) / static_cast<double>(tunes->tokens.size()));
  };
  Result<eval::Likelihood> likelihood = eval::measure_likelihood(
      *weights, *tunes, model->vocabulary.token(U'\n'), c.threads, report_share);
  if (!likelihood) return in_model(likelihood.error());
  return Measured{path, parameter_layout(model->config).count, *std::move(likelihood), {}};
}

Result<std::vector<Measured>> measure_all(const Arguments& arguments, const EvalCommand& c) {
  std::vector<Measured> all;
  StatusLine status;
  for (const std::string& path : arguments.models) {
    Result<Measured> measured = measure(path, arguments, c, [&](double share) {
      share =
          (static_cast<double>(all.size()) + share) / static_cast<double>(arguments.models.size());
      status.show(fmt::format("{} {:3.0f} %", bar(share, 30), 100 * share));
    });
    if (!measured) return measured.error();
    all.push_back(*std::move(measured));
    const std::size_t tunes = all.front().likelihood.tunes.size();
    if (all.back().likelihood.tunes.size() == tunes) continue;
    return Error{ErrorCode::kCorpus,
                 fmt::format("expected the {} tunes that {} reads, found {}; the models cannot be "
                             "compared on them",
                             tunes, all.front().path, all.back().likelihood.tunes.size()),
                 {.source = path}};
  }
  return all;
}

void add_confidence(std::vector<Measured>& all) {
  std::vector<std::vector<corpus::Figures>> tunes;
  for (const Measured& m : all) tunes.push_back(m.likelihood.tunes);
  const std::vector<eval::Confidence> confidence = eval::confidence_of(tunes);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].confidence = confidence[i];
}

// Bits per note less those of the first model.
double difference(const Measured& model, const Measured& first) {
  return model.likelihood.total.bits_per_note() - first.likelihood.total.bits_per_note();
}

void add_interval(Json& json, const std::string& key, const std::optional<eval::Interval>& of) {
  json[key + "_low"] = of ? Json(of->low) : Json();
  json[key + "_high"] = of ? Json(of->high) : Json();
}

void add_figures(Json& json, const Measured& m) {
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
  json["perplexity"] = f.perplexity();
}

Json comparison_json(const std::vector<Measured>& all) {
  Json models = Json::array();
  for (const Measured& m : all) {
    const bool is_first = &m == &all.front();
    Json& json = models.emplace_back();
    json["model"] = m.path;
    json["parameters"] = m.parameters;
    add_figures(json, m);
    json["bits_per_note_difference"] = is_first ? Json() : Json(difference(m, all.front()));
    add_interval(json, "bits_per_note_difference",
                 is_first ? std::nullopt : m.confidence.difference);
  }
  return models;
}

void print_json(const std::vector<Measured>& all) {
  Json json;
  if (all.size() == 1) {
    add_figures(json, all.front());
  } else {
    json = comparison_json(all);
  }
  fmt::print("{}\n", json.dump(2, ' ', true, Json::error_handler_t::replace));
}

std::string plus_minus(const std::optional<eval::Interval>& of) {
  return of ? fmt::format(" ± {:.4f}", of->half_width()) : "";
}

void print_figures(const Measured& m) {
  const corpus::Figures& f = m.likelihood.total;
  const auto row = [](const char* what, const std::string& value, const std::string& more = "") {
    fmt::print("{:<28}{:>12}{}\n", what, value, more);
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
  row("perplexity", fmt::format("{:.4f}", f.perplexity()));
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
std::string short_name(const fs::path& path, const std::vector<Measured>& all) {
  for (std::ptrdiff_t parts = 1;; ++parts) {
    const fs::path name = ending(path, parts);
    const bool is_unambiguous = std::ranges::none_of(all, [&](const Measured& other) {
      const fs::path another = fs::path(other.path).lexically_normal();
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
void print_rows(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width_of(row[i]), ' ');
      line += i == 0 ? row[i] + space : "  " + space + row[i];
    }
    fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
  }
}

void print_comparison(const std::vector<Measured>& all) {
  std::vector<Row> rows = {
      {"model", "parameters", "bits/char", "body bits/char", "bits/note", "difference"}};
  for (const Measured& m : all) {
    const corpus::Figures& f = m.likelihood.total;
    rows.push_back(
        {short_name(fs::path(m.path).lexically_normal(), all), grouped(m.parameters),
         fmt::format("{:.4f}", f.bits_per_character()),
         fmt::format("{:.4f}", f.body_bits_per_character()),
         fmt::format("{:.4f}", f.bits_per_note()) + plus_minus(m.confidence.bits_per_note),
         &m == &all.front() ? ""
                            : fmt::format("{:+.4f}", difference(m, all.front())) +
                                  plus_minus(m.confidence.difference)});
  }
  print_rows(rows);
}

void print_text(const std::vector<Measured>& all) {
  all.size() == 1 ? print_figures(all.front()) : print_comparison(all);
}

// Whether the options fit together, of which there are those for models and those for tunes.
Status check_options(const EvalCommand& c) {
  if (c.compares_tunes()) {
    if (!c.model.empty() || !c.dialect.empty()) {
      return Error{ErrorCode::kOption, "expected --tunes without a model, found " +
                                           (c.model.empty() ? "--dialect" : c.model)};
    }
    if (!c.tunes.tunes.empty() && !c.tunes.against.empty()) return success();
    return Error{ErrorCode::kOption, "expected --tunes FILE… and --against FILE… together"};
  }
  if (!c.model.empty() && !c.rest.empty()) return success();
  return Error{ErrorCode::kOption,
               "expected a model and tunes in ABC notation, or --tunes and --against"};
}

int run_eval(const EvalCommand& c) {
  if (Status s = check_options(c); !s) return report(s.error());
  if (c.compares_tunes()) {
    EvalTunesCommand tunes = c.tunes;
    tunes.json = c.json;
    return run_eval_tunes(tunes);
  }
  const Result<Arguments> arguments = arguments_of(c);
  if (!arguments) return report(arguments.error());
  Result<std::vector<Measured>> all = measure_all(*arguments, c);
  if (!all) return report(all.error());
  add_confidence(*all);
  c.json ? print_json(*all) : print_text(*all);
  return kSuccess;
}

}  // namespace

void add_eval(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<EvalCommand>();
  CLI::App* command = app.add_subcommand(
      "eval", "Measure how well models predict tunes, or compare composed tunes with real ones");
  command->add_option("model", c->model, "The model file")->type_name("MODEL");
  command
      ->add_option("files", c->rest, "Further models (*.safetensors), then tunes in ABC notation")
      ->type_name("FILE");
  const auto files = [&](const char* name, std::vector<std::string>& into, const char* what) {
    command->add_option(name, into, what)->type_name("FILE")->group("Comparing tunes");
  };
  files("--tunes", c->tunes.tunes, "Composed tunes, to be compared with real ones");
  files("--against", c->tunes.against, "The real tunes, those that the model learnt");
  files("--held-out", c->tunes.held_out, "Further real tunes, to tell how far real ones differ");
  command->add_option("-o,--out", c->tunes.report, "Write a page with plots, report.html")
      ->type_name("FILE")
      ->group("Comparing tunes");
  command
      ->add_option("--dialect", c->dialect,
                   "The collection of the model that the tunes are like (default: its first)")
      ->type_name("NAME");
  command->add_flag("--json", c->json, "Print JSON");
  command->add_flag("--eight-bit", c->eight_bit, "With the 8-bit weights of composing");
  add_threads_option(command, c->threads);
  command->footer(
      "Every tune is predicted from a fresh state. Bits per note are those of the tune's body\n"
      "over its notes and rests. A character that the model never learnt is charged 20 bits.\n"
      "± is half of a 95 % interval over tunes; differences are those to the first model.\n"
      "Examples:\n"
      "  lilt eval model/best.safetensors held-out.abc --json\n"
      "  lilt eval small.safetensors large.safetensors held-out.abc\n"
      "  lilt eval --tunes composed.abc --against learnt.abc -o report.html");
  registrar(command, [c] { return run_eval(*c); });
}

}  // namespace lilt::cli
