// lilt compose: new tunes as asked for.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "abc/book.h"
#include "base/environment_error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/compose_run.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "cli/interrupt.h"
#include "cli/models.h"
#include "cli/publishing.h"
#include "compose/range.h"
#include "compose/wishes.h"
#include "corpus/learning_text.h"
#include "likeness/known_tensors.h"
#include "model/model_file.h"
#include "score/publisher.h"
#include "score/source.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using score::Kind;

constexpr std::size_t kMostTunes = 1'000'000;
constexpr std::size_t kBestOfRewriting = 8;
constexpr const char* kUsualRange = "G3-D6";
// What a folder gets when nothing is said: what is written, seen and heard.
const std::vector<Kind> kUsualKinds = {Kind::kAbc, Kind::kMidi, Kind::kSvg, Kind::kPdf, Kind::kWav};

struct ComposeCommand {
  std::string file;  // to be continued or rewritten
  std::string model;
  std::string dialect;
  compose::Wishes wishes;
  std::string chords;
  std::string rewrite;
  bool goes_on = false;
  std::optional<std::size_t> best_of;
  double newer_than = 0;
  compose::WritingOptions writing;
  std::size_t tunes = 1;
  std::optional<std::uint64_t> seed;
  score::Publication publication{.output = "-", .usual_kinds = kUsualKinds};
  bool json = false, report = false;
  std::size_t threads = default_threads();
};

// --- What is asked for

Error wrong(const std::string& message) { return {ErrorCode::kOption, message}; }

// The first tune of a file, or of standard input.
Result<std::string> read_given_tune(const std::string& file) {
  std::vector<std::string> tunes;
  std::optional<abc::BookReader> book;
  book.emplace([&](abc::BookTune& tune) {
    if (tunes.size() < 2) tunes.push_back(book->file_header() + tune.text);
  });
  read_blocks(file == "-" ? std::string() : file,
              [&](std::string_view block) { book->feed(block); });
  book->finish();
  if (tunes.empty()) {
    return Error{ErrorCode::kFormat,
                 "expected a tune, which begins with a line such as X:1; found none",
                 {.source = file}};
  }
  if (tunes.size() > 1) tell("lilt: " + escaped(file) + " has several tunes; this is the first");
  return tunes[0];
}

// What --start says, or what is in the file of that name.
Result<std::string> read_start(const std::string& start) {
  std::error_code none;
  const bool is_file =
      start == "-" || (start.find('\n') == std::string::npos && fs::is_regular_file(start, none));
  if (!is_file) return start;
  std::string text;
  read_blocks(start == "-" ? std::string() : start,
              [&](std::string_view block) { text.append(block); });
  std::erase(text, '\r');
  if (abc::valid_utf8_size(text) == text.size()) return text;
  return Error{ErrorCode::kEncoding, "expected UTF-8", {.source = start}};
}

// "5-8" or "5".
std::optional<std::pair<int, int>> parse_bars(const std::string& text) {
  int first = 0, last = 0;
  const char* const end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, first);
  if (parsed.ec != std::errc()) return std::nullopt;
  if (parsed.ptr == end) return std::pair(first, first);
  if (*parsed.ptr != '-') return std::nullopt;
  parsed = std::from_chars(parsed.ptr + 1, end, last);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return std::pair(first, last);
}

Result<compose::Plan> plan_of(ComposeCommand& c, const abc::Alphabet& alphabet) {
  if (c.chords == "on") c.wishes.chord_symbols = abc::ChordSymbols::kSome;
  if (c.chords == "off") c.wishes.chord_symbols = abc::ChordSymbols::kNone;
  if (c.rewrite.empty() && !c.goes_on) {
    if (!c.file.empty()) return wrong("expected --rewrite or --continue with " + c.file);
    Result<std::string> start = read_start(c.wishes.start);
    if (!start) return start.error();
    c.wishes.start = *std::move(start);
    // What is given may lie anywhere.
    if (c.wishes.range.empty() && c.wishes.start.empty()) c.wishes.range = kUsualRange;
    return compose::make_plan(c.wishes, alphabet);
  }
  const auto bars = c.goes_on ? std::pair(1, 1) : parse_bars(c.rewrite);
  if (!bars) return wrong("expected --rewrite of bars such as 5-8, found " + c.rewrite);
  if (c.file.empty()) return wrong("expected a file with the tune, found none");
  const Result<std::string> tune = read_given_tune(c.file);
  if (!tune) return tune.error();
  Result<compose::Plan> plan =
      c.goes_on ? compose::plan_continuation(*tune, c.wishes, alphabet)
                : compose::plan_rewriting(*tune, bars->first, bars->second, c.wishes, alphabet);
  if (plan || !plan.error().place.source.empty()) return plan;
  Error error = plan.error();
  if (error.code != ErrorCode::kOption) error.place.source = c.file;
  return error;
}

// Whether the tunes go to standard output, as ABC.
bool is_text_alone(const ComposeCommand& c) { return c.publication.output == "-"; }

Status check(const ComposeCommand& c) {
  if (Status s = compose::validate(c.writing.sampling); !s) return s;
  if (c.tunes == 0 || c.tunes > kMostTunes) {
    return wrong("expected 1 to 1000000 tunes (-n), found " + std::to_string(c.tunes));
  }
  if (c.best_of && (*c.best_of == 0 || *c.best_of > 1000)) {
    return wrong("expected a --best-of from 1 to 1000, found " + std::to_string(*c.best_of));
  }
  if (!(c.newer_than >= 0 && c.newer_than < 100)) {
    return wrong("expected a --novel of at least 0 and less than 100");
  }
  if (!(c.writing.repetition >= 0 && c.writing.repetition <= 100)) {
    return wrong("expected a --repetition from 0 to 100");
  }
  if (c.seed && *c.seed > std::numeric_limits<std::uint64_t>::max() - (c.tunes - 1)) {
    return wrong("expected a --seed to which the number of tunes can be added, found " +
                 std::to_string(*c.seed));
  }
  const score::Publication& p = c.publication;
  if (is_text_alone(c) &&
      (!p.formats.empty() || p.tempo || p.instrument != score::kUsualInstrument)) {
    return wrong(
        "expected a folder or a file as -o with --format, --instrument or --tempo, found " +
        p.output);
  }
  if (c.json && !is_text_alone(c)) return wrong("expected --json or -o, found both");
  return success();
}

// --- Where tunes go

// Tunes as they come, then, for what needs all of them or takes its time, after the last.
class Output {
 public:
  virtual ~Output() = default;
  virtual void take(const ComposedTune& tune) = 0;
  virtual void finish() {}
};

class JsonOutput : public Output {
 public:
  explicit JsonOutput(const likeness::Novelty* novelty, const likeness::StyleProfile* style)
      : novelty_(novelty), style_(style) {}

  void take(const ComposedTune& tune) override {
    const abc::Tune read = abc::read_tune(tune.text).tune;
    Json& json = tunes_.emplace_back();
    json["number"] = tune.number;
    json["seed"] = tune.seed;
    json["title"] = read.field(U'T');
    json["abc"] = tune.text;
    json["bits_per_note"] = tune.composition.bits_per_note();
    json["drawn"] = tune.composition.drawn;
    if (novelty_ != nullptr) {
      const likeness::NoveltyReport report = novelty_->report(read);
      json["longest_run"] = report.longest_run;
      json["share_known"] = report.share_known;
      json["nearest"] = report.nearest ? Json(novelty_->title(*report.nearest)) : Json();
      json["similarity"] = report.similarity;
      json["novelty_percentile"] = novelty_->percentile(report);
    }
    if (style_ != nullptr) json["typicality"] = style_->typicality(read);
  }

  void finish() override {
    fmt::print("{}\n", tunes_.dump(2, ' ', true, Json::error_handler_t::replace));
  }

 private:
  const likeness::Novelty* novelty_;
  const likeness::StyleProfile* style_;
  Json tunes_ = Json::array();
};

// ABC as it comes; other files when all are composed.
class PublishedOutput : public Output {
 public:
  static Result<std::unique_ptr<Output>> open(const ComposeCommand& c) {
    auto output = std::unique_ptr<PublishedOutput>(new PublishedOutput);
    auto publisher = score::Publisher::open(c.publication, output->view_.listener());
    if (!publisher) return with_option_name(publisher.error());
    output->publisher_ = *std::move(publisher);
    if (Status s = output->publisher_->expect(c.tunes); !s) return with_option_name(s.error());
    return std::unique_ptr<Output>(std::move(output));
  }

  void take(const ComposedTune& tune) override {
    std::string text = tune.text.substr(0, tune.text.size() - 1);  // the empty line is the book's
    if (publisher_->is_text()) return add(text);
    texts_.push_back(std::move(text));
  }

  void finish() override {
    for (const std::string& text : texts_) add(text);
    require(publisher_->finish());
    view_.finish();
  }

 private:
  PublishedOutput() = default;

  void add(const std::string& text) { require(publisher_->add(abc::read_tune(text).tune, text)); }

  void require(const Status& status) {
    if (!status) {
      throw EnvironmentError(publisher_->destination().path.string(), status.error().message);
    }
  }

  PublishingView view_;
  std::unique_ptr<score::Publisher> publisher_;
  std::vector<std::string> texts_;
};

// --- The run

// What a model knows of the tunes that it learnt, as far as it is asked for.
struct Knowledge {
  std::optional<likeness::Novelty> titles, novelty;
  std::optional<likeness::StyleProfile> style;
};

Result<Knowledge> knowledge_of(const ModelView& model, const ComposeCommand& c,
                               std::size_t best_of) {
  Knowledge knowledge;
  const bool asks = c.newer_than > 0 || c.report;
  if (!likeness::has_known_tunes(model.file)) {
    if (!asks) return knowledge;
    return Error{ErrorCode::kFormat,
                 "expected a model that knows the tunes it learnt, for --novel and --report; add "
                 "them with: lilt export MODEL -o OUT --known FILE…"};
  }
  Result<likeness::Novelty> tunes = asks || c.json ? likeness::read_known_tunes(model.file)
                                                   : likeness::read_known_titles(model.file);
  if (!tunes) return tunes.error();
  (asks || c.json ? knowledge.novelty : knowledge.titles) = *std::move(tunes);
  if (best_of == 1 && !c.json && !c.report) return knowledge;
  Result<likeness::StyleProfile> style = likeness::read_known_style(model.file);
  if (!style) return style.error();
  knowledge.style = *std::move(style);
  return knowledge;
}

void tell_about(const ComposedTune& tune, const likeness::Novelty& novelty,
                const likeness::StyleProfile& style) {
  const abc::Tune read = abc::read_tune(tune.text).tune;
  const likeness::NoveltyReport report = novelty.report(read);
  const std::string run = report.longest_run < likeness::kWindow
                              ? fmt::format("fewer than {}", likeness::kWindow)
                              : std::to_string(report.longest_run);
  std::string nearest = "none";
  if (report.nearest) {
    nearest = fmt::format("{} ({:.0f} % of its windows)", escaped(novelty.title(*report.nearest)),
                          100 * report.similarity);
  }
  tell(fmt::format(
      "{}. {}: longest run of known notes {}, known windows {:.0f} %, nearest {}; "
      "newer than {:.0f} % of real tunes; {:.2f} bits per note, typicality {:.2f}",
      tune.number, escaped(score::title_of(read)), run, 100 * report.share_known, nearest,
      novelty.percentile(report), tune.composition.bits_per_note(), style.typicality(read)));
}

template <class T>
const T* pointer(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

std::string plural(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", grouped(count), what, count == 1 ? "" : "s");
}

void tell_figures(const ComposeCommand& c, const ComposeFigures& figures, std::uint64_t seed) {
  std::string text = fmt::format("Seed {}", seed);
  if (figures.tunes > 1) text += fmt::format(" to {}", seed + figures.tunes - 1);
  if (figures.drawn > figures.tunes) {
    text +=
        fmt::format("; kept {} of {} drawn", plural(figures.tunes, "tune"), grouped(figures.drawn));
  }
  tell(text);
  const bool is_seen = ::isatty(STDOUT_FILENO) == 1 && is_text_alone(c) && !c.json;
  if (!is_seen || figures.tunes != 1) return;
  tell(fmt::format("To see and hear it, add to what you typed: --seed {} -o out", seed));
}

int run_compose(ComposeCommand& c) {
  if (Status s = check(c); !s) return report(s.error());
  const std::optional<fs::path> shipped = shipped_model();
  if (c.model.empty() && !shipped) {
    throw EnvironmentError("models/folk.safetensors",
                           "no model here; name one with --model, or train one: lilt train");
  }
  const fs::path path = c.model.empty() ? *shipped : fs::path(c.model);
  const FileBytes file(path);
  const Result<ModelView> model = view_model(file.bytes(), path.string());
  if (!model) return report(model.error());
  Result<abc::Alphabet> alphabet = abc::Alphabet::of(model->vocabulary.characters());
  if (!alphabet) return report(alphabet.error());
  const Result<std::uint8_t> dialect = corpus::find_dialect(model->config.text, c.dialect);
  if (!dialect) return report(dialect.error());
  c.writing.dialect = *dialect;
  const Result<compose::Plan> plan = plan_of(c, *alphabet);
  if (!plan) return report(plan.error());
  const std::size_t best_of = c.best_of.value_or(plan->is_rewriting ? kBestOfRewriting : 1);
  const auto report_file = [&](Error error) {
    error.place.source = path.string();
    return report(error);
  };
  const Result<Knowledge> knowledge = knowledge_of(*model, c, best_of);
  if (!knowledge) return report_file(knowledge.error());
  const Result<infer::Weights> weights = infer::Weights::of(*model, infer::Precision::kEightBit);
  if (!weights) return report_file(weights.error());

  std::unique_ptr<Output> output;
  if (c.json) {
    output = std::make_unique<JsonOutput>(pointer(knowledge->novelty), pointer(knowledge->style));
  } else {
    Result<std::unique_ptr<Output>> made = PublishedOutput::open(c);
    if (!made) return report(made.error());
    output = *std::move(made);
  }

  catch_interrupts();
  const std::uint64_t seed = c.seed.value_or(std::random_device{}());
  const auto* novelty = pointer(knowledge->novelty);
  const Workbench bench{*weights,  model->vocabulary,
                        *alphabet, *plan,
                        c.writing, novelty != nullptr ? novelty : pointer(knowledge->titles),
                        novelty,   pointer(knowledge->style)};
  const Result<ComposeFigures> figures = compose_tunes(
      bench, {seed, c.tunes, best_of, c.newer_than, c.threads}, [&](const ComposedTune& tune) {
        output->take(tune);
        if (c.report) tell_about(tune, *novelty, *knowledge->style);
      });
  if (!figures) return report(figures.error());
  output->finish();
  tell_figures(c, *figures, seed);
  if (figures->tunes == c.tunes) return kSuccess;
  throw EnvironmentError("interrupted", fmt::format("composed {} of {}", grouped(figures->tunes),
                                                    plural(c.tunes, "tune")));
}

// Says more than CLI11 does of what it cannot read.
CLI::Validator whole_number_from(int least) {
  return CLI::Validator(
      [least](const std::string& text) {
        int number = 0;
        const char* const end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), end, number);
        if (parsed.ec == std::errc() && parsed.ptr == end && number >= least) return std::string();
        return fmt::format("expected a whole number from {} on, found {}", least, text);
      },
      "");
}

void add_wishes(CLI::App* command, ComposeCommand& c) {
  compose::Wishes& w = c.wishes;
  const char* group = "What it is to be";
  const CLI::Validator not_empty(
      [](const std::string& text) {
        return text.empty() ? std::string("expected something, found nothing") : std::string();
      },
      "");
  const auto add = [&](const char* name, std::string& value, const char* help, const char* type) {
    // What is empty was asked for by mistake, such as by a script, and not to be passed over.
    command->add_option(name, value, help)->group(group)->type_name(type)->check(not_empty);
  };
  add("--key", w.key, "D, Am, Gdor, \"E minor\" …", "KEY");
  add("--meter,--metre", w.metre, "6/8, 4/4, C| …", "METRE");
  add("--rhythm", w.rhythm, "jig, reel, waltz …: the text of R:", "NAME");
  command->add_option("--bars", w.bars, "Bars as written: repeats once, each ending by itself")
      ->check(whole_number_from(1))
      ->type_name("N")
      ->group(group);
  add("--form", w.form, "AABB: sections of equal length, 8 bars each unless --bars says", "FORM");
  add("--unit", w.unit, "Unit note length (default: 1/8)", "LENGTH");
  add("--title", w.title, "Its title (default: the model's)", "TEXT");
  add("--range", w.range, "D4-B5 (C4 is middle C), whistle, flute, pipes … (default: G3-D6)",
      "RANGE");
  command->add_option("--chords", c.chords, "Chord symbols: on or off (default: as it comes)")
      ->check(CLI::IsMember({"on", "off"}))
      ->type_name("WHETHER")
      ->group(group);
  command
      ->add_flag(
          "--no-chords", [&c](std::int64_t) { c.chords = "off"; }, "The same as --chords off")
      ->group(group);
  add("--start", w.start, "How it begins: ABC, or a file with it; - is standard input", "ABC");
}

void add_given(CLI::App* command, ComposeCommand& c) {
  const char* group = "From a tune that there is";
  command->add_option("file", c.file, "A tune in ABC notation; - is standard input")
      ->type_name("FILE");
  CLI::Option* rewrite =
      command->add_option("--rewrite", c.rewrite, "Write these bars anew, keep all others: 5-8")
          ->type_name("BARS")
          ->group(group);
  command
      ->add_flag("--continue", c.goes_on,
                 "Go on where it ends, by 8 bars or up to --bars of the whole")
      ->excludes(rewrite)
      ->group(group);
}

void add_drawing(CLI::App* command, ComposeCommand& c) {
  const char* group = "How it is drawn";
  compose::SamplingOptions& s = c.writing.sampling;
  s.temperature = 0.95;
  command->add_option("--seed", c.seed, "Draw the same tunes again")->group(group);
  command
      ->add_option("--temperature", s.temperature,
                   "Below 1 more cautious, above 1 bolder; 0 always the most probable")
      ->capture_default_str()
      ->group(group);
  command->add_option("--top-k", s.top_k, "Only the K most probable characters; 0: all")
      ->capture_default_str()
      ->group(group);
  command->add_option("--top-p", s.top_p, "Only the fewest characters whose probabilities reach P")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--repetition", c.writing.repetition,
                   "Nats by which repeating the bar before becomes less probable")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--best-of", c.best_of,
                   "Keep the best of K, by bits per note and style (default: 1; of\n"
                   "--rewrite 8)")
      ->type_name("K")
      ->group(group);
  command
      ->add_option("--novel", c.newer_than,
                   "Draw until it is newer than P % of real tunes are to the others")
      ->type_name("P")
      ->group(group);
  command->add_option("--model", c.model, "The model (default: the one that comes with Lilt)")
      ->type_name("FILE")
      ->group(group);
  command->add_option("--dialect", c.dialect, "The collection to sound like (default: its first)")
      ->type_name("NAME")
      ->group(group);
}

}  // namespace

void add_compose(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<ComposeCommand>();
  CLI::App* command = app.add_subcommand("compose", "Compose new tunes, every one correct");
  command->add_option("-n,--number", c->tunes, "How many tunes")->capture_default_str();
  command
      ->add_option("-o,--output", c->publication.output,
                   "A folder, which gets files of each tune, or one file, its kind by its ending\n"
                   "(default: ABC on standard output)")
      ->type_name("OUT");
  add_publication_options(command, c->publication, "default: abc,mid,svg,pdf,wav");
  command->add_flag("--report", c->report, "Tell how new and how typical each tune is");
  command->add_flag("--json", c->json, "Print JSON: each tune with its figures");
  add_wishes(command, *c);
  add_given(command, *c);
  add_drawing(command, *c);
  add_threads_option(command, c->threads);
  command->footer(
      "Tune number i of several has the seed of the first plus i − 1: any can be had again alone.\n"
      "Instruments for --range: " +
      compose::instruments() +
      ".\n"
      "Examples:\n"
      "  lilt compose\n"
      "  lilt compose --key D --meter 6/8 --rhythm jig -o out\n"
      "  lilt compose -n 10 --form AABB --range whistle --best-of 8 -o tunes.pdf\n"
      "  lilt compose --key G --meter 4/4 --start 'G2BG dGBG|'\n"
      "  lilt compose tune.abc --rewrite 5-8");
  registrar(command, [c] { return run_compose(*c); });
}

}  // namespace lilt::cli
