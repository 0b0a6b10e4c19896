// lilt compose: new tunes as asked for.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "abc/book.h"
#include "base/environment_error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/compose_part.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"
#include "cli/models.h"
#include "cli/publishing.h"
#include "cli/shard.h"
#include "compose/driver.h"
#include "compose/likes.h"
#include "compose/range.h"
#include "compose/series.h"
#include "compose/suggestions.h"
#include "score/publisher.h"
#include "score/source.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;
using compose::Piece;
using score::Kind;

// What a folder gets when nothing is said: what is written, seen and heard.
const std::vector<Kind> kUsualKinds = {Kind::kAbc, Kind::kMidi, Kind::kSvg, Kind::kPdf, Kind::kWav};

struct ComposeCommand {
  compose::Request request;
  std::optional<std::uint64_t> seed;
  std::string file;  // to be continued or rewritten
  std::string like;  // tunes to be like
  bool says_number = false;
  std::string model;
  score::Publication publication{.output = "-", .usual_kinds = kUsualKinds};
  bool json = false;
  std::optional<Shard> shard;
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

std::string text_of(const std::string& file) {
  std::string text;
  read_blocks(file == "-" ? "" : file, [&](std::string_view block) { text.append(block); });
  return text;
}

// What --start says, or what is in the file of that name.
Result<std::string> read_start(const std::string& start) {
  std::error_code none;
  const bool is_file = start == "-" ||
                       start.ends_with(".abc") ||  // meant as one, even if it is not there
                       (start.find('\n') == std::string::npos && fs::is_regular_file(start, none));
  if (!is_file) return start;
  std::string text = text_of(start);
  std::erase(text, '\r');
  if (abc::valid_utf8_size(text) == text.size()) return text;
  return Error{ErrorCode::kEncoding, "expected UTF-8", {.source = start}};
}

// Whether the tunes go to standard output, as ABC.
bool is_text_alone(const ComposeCommand& c) { return c.publication.output == "-"; }

// What does not go with --shard; "" where all does.
std::string not_of_parts(const ComposeCommand& c) {
  const score::Publication& p = c.publication;
  if (is_text_alone(c)) return "standard output";
  if (fs::is_regular_file(p.output)) return p.output + ", which is a file";
  if (!p.formats.empty()) return "--format";
  if (p.instrument != score::kUsualInstrument) return "--instrument";
  if (p.tempo) return "--tempo";
  return c.json ? "--json" : "";
}

Status check_publication(const ComposeCommand& c) {
  const score::Publication& p = c.publication;
  const bool asks_for_files =
      !p.formats.empty() || p.tempo || p.instrument != score::kUsualInstrument;
  if (const std::string found = not_of_parts(c); c.shard && !found.empty()) {
    return wrong(
        "expected a folder as -o with --shard, for parts in ABC, and none of --format, "
        "--instrument, --tempo and --json, found " +
        found);
  }
  if (is_text_alone(c) && asks_for_files) {
    return wrong(
        "expected a folder or a file as -o with --format, --instrument or --tempo, found "
        "standard output");
  }
  if (c.json && !is_text_alone(c)) return wrong("expected --json or -o, found both");
  return success();
}

Status check(const ComposeCommand& c) {
  const compose::GivenWish& given = c.request.given;
  const bool asks = given.goes_on || given.harmonise || given.vary || !given.rewrite.empty();
  if (!c.file.empty() && !asks) {
    return wrong("expected `rewrite`, `vary`, `continue` or `harmonise` with " + c.file);
  }
  if (!c.file.empty() && !c.like.empty())
    return wrong("expected --like or " + c.file + ", not both");
  if (c.file.empty() && asks) return wrong("expected a file with the tune, found none");
  return check_publication(c);
}

// Reads the files that the request is about.
Status complete(ComposeCommand& c) {
  if (Status s = check(c); !s) return s;
  compose::Request& request = c.request;
  if (!c.file.empty()) {
    Result<std::string> tune = read_given_tune(c.file);
    if (!tune) return tune.error();
    request.given.tune = *std::move(tune);
  }
  Result<std::string> start = read_start(request.wishes.start);
  if (!start) return start.error();
  request.wishes.start = *std::move(start);
  // All parts have to have the same.
  request.seed = c.seed.value_or(c.shard ? compose::Request().seed : std::random_device{}());
  return success();
}

// --- Where pieces go

// Pieces as they come, then, for what needs all of them, after the last.
class Output {
 public:
  virtual ~Output() = default;
  virtual void take(const Piece& piece) = 0;
  virtual void finish() = 0;
};

class JsonOutput : public Output {
 public:
  void take(const Piece& piece) override {
    fmt::print("{}{}", is_first_ ? "[\n" : ",\n", to_json(piece));
    is_first_ = false;
  }
  void finish() override { fmt::print("{}", is_first_ ? "[]\n" : "\n]\n"); }

 private:
  bool is_first_ = true;
};

// Files as the pieces come; a book of all when they are there.
class PublishedOutput : public Output {
 public:
  static Result<std::unique_ptr<Output>> open(const ComposeCommand& c) {
    auto output = std::unique_ptr<PublishedOutput>(new PublishedOutput);
    auto publisher = score::Publisher::open(c.publication, output->view_.listener());
    if (!publisher) return publisher.error();
    output->publisher_ = *std::move(publisher);
    if (Status s = output->publisher_->expect(c.request.number); !s) return s.error();
    return std::unique_ptr<Output>(std::move(output));
  }

  void take(const Piece& piece) override {
    std::string_view text = piece.text;
    text.remove_suffix(1);  // the empty line is the book's
    require(publisher_->add(piece.tune, text));
  }

  void finish() override {
    require(publisher_->finish());
    view_.finish();
  }

 private:
  PublishedOutput() = default;

  void require(const Status& status) {
    if (!status) {
      throw EnvironmentError(publisher_->destination().path.string(), status.error().message);
    }
  }

  PublishingView view_;
  std::unique_ptr<score::Publisher> publisher_;
};

// Tunes as they come, in a file that is there when all of them are.
class PartOutput : public Output {
 public:
  explicit PartOutput(const TunePart& part)
      : part_(part), writer_(part.open()), tunes_(part.written()) {}

  void take(const Piece& piece) override {
    writer_.write(part_.text_of(piece));
    ++tunes_;
  }

  void finish() override {
    if (tunes_ < part_.tunes()) {
      tell("They are kept; the same command goes on from there");
      return;
    }
    writer_.commit();
    tell_parts(part_);
  }

  // Says where a part is that is whole, and how many are.
  static void tell_parts(const TunePart& part) {
    fmt::print("{}\n", escaped(part.path().lexically_normal().string()));
    tell(fmt::format("Part {} of {}: {}; {} of {} are there", grouped(part.shard().part),
                     grouped(part.shard().of), counted(part.tunes(), "tune"),
                     grouped(part.whole_parts()), counted(part.shard().of, "part")));
  }

 private:
  const TunePart& part_;
  ResumedWriter writer_;
  std::size_t tunes_;
};

Result<std::unique_ptr<Output>> open_output(const ComposeCommand& c,
                                            const std::optional<TunePart>& part) {
  if (part) return std::unique_ptr<Output>(std::make_unique<PartOutput>(*part));
  if (c.json) return std::unique_ptr<Output>(std::make_unique<JsonOutput>());
  return PublishedOutput::open(c);
}

int say_whole(const TunePart& part) {
  tell("This part is there already");
  PartOutput::tell_parts(part);
  return kSuccess;
}

// --- What a person sees

void tell_likeness(const Piece& piece) {
  const compose::Likeness& known = *piece.likeness;
  const likeness::NoveltyReport& report = known.novelty;
  const std::string run = report.longest_run < likeness::kWindow
                              ? fmt::format("fewer than {}", likeness::kWindow)
                              : std::to_string(report.longest_run);
  std::string nearest = "none";
  if (report.nearest) {
    nearest = fmt::format("{} ({:.0f} % of its windows)", escaped(known.nearest),
                          100 * report.similarity);
  }
  tell(
      fmt::format("{}. {}: longest run of known notes {}, known windows {:.0f} %, nearest {}; "
                  "newer than {:.0f} % of real tunes; {:.2f} bits per note, typicality {:.2f}",
                  piece.number, escaped(score::title_of(piece.tune)), run, 100 * report.share_known,
                  nearest, known.newer_than, piece.bits_per_note, known.typicality));
}

void tell_figures(const ComposeCommand& c, const compose::Request& asked,
                  const compose::Progress& progress) {
  const std::uint64_t seed = asked.seed_of(asked.first);
  std::string text = fmt::format("Seed {}", seed);
  if (progress.pieces > 1) text += fmt::format(" to {}", seed + progress.pieces - 1);
  if (asked.first > 1) {
    text += fmt::format(" (--seed {} --first {})", asked.seed, asked.first);
  }
  if (progress.drawn > progress.pieces) {
    text += fmt::format("; kept {} of {} drawn", counted(progress.pieces, "tune"),
                        grouped(progress.drawn));
  }
  tell(text);
  const bool is_seen = ::isatty(STDOUT_FILENO) == 1 && is_text_alone(c) && !c.json;
  if (!is_seen || progress.pieces != 1) return;
  const std::string again = c.seed ? "" : fmt::format("--seed {} ", c.request.seed);
  tell("To see and hear it, add to what you typed: " + again + "-o out");
}

// Shows how far it is, and hands the pieces on.
class Desk : public compose::Sink {
 public:
  Desk(Output& output, const ComposeCommand& c)
      : output_(output), tells_likeness_(c.request.report) {
    if (c.shard) what_ = fmt::format("Part {} of {}", grouped(c.shard->part), grouped(c.shard->of));
  }

  bool take(const Piece& piece) override {
    if (!has_pieces_) {
      for (const std::string& remark : piece.plan->remarks) complain(remark);
    }
    status_.clear();
    output_.take(piece);
    has_pieces_ = true;
    if (tells_likeness_) tell_likeness(piece);
    return true;
  }

  void drew(const compose::Progress& progress) override {
    const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
    if (elapsed < 1) return;
    const double share = static_cast<double>(progress.pieces) / static_cast<double>(progress.of);
    status_.show(fmt::format("{} {} {} of {}, {}", what_, bar(share, 30), grouped(progress.pieces),
                             grouped(progress.of), duration(elapsed)));
  }

  [[nodiscard]] bool has_pieces() const { return has_pieces_; }

 private:
  using Clock = std::chrono::steady_clock;

  Output& output_;
  std::string what_ = "Composing";
  bool tells_likeness_, has_pieces_ = false;
  Clock::time_point start_ = Clock::now();
  StatusLine status_;
};

// --- The run

// An error of the given tune or of the model, as one of its file.
Error with_file(const ComposeCommand& c, const fs::path& model, Error error) {
  if (error.code == ErrorCode::kOption) return error;
  const bool is_of_tune = error.place.field == "tune";
  error.place.source = is_of_tune ? c.file : model.string();
  if (is_of_tune) error.place.field.clear();
  return error;
}

// Waits until the pieces are there, or Ctrl-C is pressed, which stops the waiting.
template <class Wait>
auto until_interrupted(Wait&& wait) {
  std::stop_source stop;
  const std::jthread watch([&stop](const std::stop_token& enough) {
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    while (!enough.stop_requested() && !is_interrupted()) {
      ended.wait_for(lock, enough, std::chrono::milliseconds(50), is_interrupted);
    }
    stop.request_stop();
  });
  return wait(stop.get_token());
}

// Reads the model, and says which it is where it was found in this folder.
Result<compose::Model> open_model(const ComposeCommand& c, const fs::path& path) {
  const bool is_found = c.model.empty() && is_own_model(path, ".");
  if (is_found) tell("Model " + escaped(path.string()));
  Result<compose::Model> model = compose::Model::open(Bytes::of(FileBytes(path)));
  if (!model && is_found) {
    tell("This is a model of your own training; name another with --model");
  }
  return model;
}

// Composes what is asked for, and hands it to the output.
int compose_into(Output& output, const ComposeCommand& c, const compose::Request& asked,
                 const compose::Likes& likes, const compose::Model& model) {
  catch_interrupts();
  Desk desk(output, c);
  const std::size_t tunes = asked.number * compose::candidates(asked, model.has_critic());
  compose::Driver driver(model, std::min(c.threads, tunes));
  compose::Progress progress;
  try {
    const auto done = until_interrupted([&](const std::stop_token& stop) {
      return compose::compose_pieces(driver, asked, likes, desk, stop);
    });
    if (!done) return report(done.error());
    progress = *done;
  } catch (...) {  // a full disk, Ctrl-C while a program runs: what there is can be had again
    if (desk.has_pieces()) tell(fmt::format("Seed {}", c.request.seed));
    throw;
  }
  tell_figures(c, asked, progress);
  output.finish();
  if (progress.pieces == progress.of) return kSuccess;
  throw EnvironmentError("interrupted", fmt::format("composed {} of {}", grouped(progress.pieces),
                                                    counted(progress.of, "tune")));
}

// The part that is asked for: what it is part of is recorded in its folder.
Result<TunePart> find_part(const ComposeCommand& c, const compose::Request& asked,
                           const fs::path& model, const std::string& like) {
  return TunePart::find(c.publication.output, *c.shard,
                        {.request = asked,
                         .model = sha256(FileBytes(model).text()),
                         .like = c.like.empty() ? "" : sha256(like)});
}

int run_compose(ComposeCommand& c) {
  if (Status s = complete(c); !s) return report(s.error());
  const fs::path path = find_model(c.model, ".");
  const Result<compose::Model> model = open_model(c, path);
  if (!model) return report(model.error(), path.string());
  compose::Request asked = c.request;
  // Programs that read JSON get what is known.
  asked.report = asked.report || (c.json && model->knows_tunes());
  if (Status s = compose::check(asked, *model); !s) return report(with_file(c, path, s.error()));
  compose::Likes likes(asked);
  const std::string like = c.like.empty() ? "" : text_of(c.like);
  if (!c.like.empty()) {
    likes = compose::likes_of(asked, like, *model, complain);
    if (likes.size() == 0) {
      return report(Error{ErrorCode::kFormat, "expected tunes to be like, found none"}, c.like);
    }
    if (!c.says_number) asked.number = c.request.number = likes.size();
  }
  std::optional<TunePart> part;
  if (c.shard) {
    const Result<TunePart> found = find_part(c, asked, path, like);
    if (!found) return report(found.error());
    part = *found;
    if (part->is_whole()) return say_whole(*part);
    asked = part->rest(asked);
  }
  const Result<std::unique_ptr<Output>> output = open_output(c, part);
  if (!output) return report(output.error());
  if (asked.number == 0) {  // all was composed, but not yet called whole
    (*output)->finish();
    return kSuccess;
  }
  return compose_into(**output, c, asked, likes, *model);
}

}  // namespace

void add_compose(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<ComposeCommand>();
  CLI::App* command = app.add_subcommand("compose", "Compose new tunes, every one correct");
  command->add_option("file", c->file, "A tune in ABC notation; - is standard input")
      ->type_name("FILE");
  command
      ->add_option("-o,--output", c->publication.output,
                   "A folder, which gets files of each tune, or one file, its kind by its ending\n"
                   "(default: ABC on standard output)")
      ->type_name("OUT");
  add_publication_options(command, c->publication, "default: abc,mid,svg,pdf,wav");
  command->add_flag("--json", c->json, "Print JSON: each tune with its figures");
  add_fields(command, c->request,
             {{"number", "-n,--number"}, {"meter", "--meter,--metre"}, {"tune", ""}, {"seed", ""}});
  for (CLI::Option* option : command->get_options()) {
    suggest(option, compose::suggestions(option->get_single_name()));
  }
  command
      ->add_option("--like", c->like,
                   "A tune for each of these, in ABC: with its key, metre, rhythm and bars")
      ->type_name("FILE")
      ->group("What it is to be");
  command
      ->add_flag(
          "--no-chords", [&c = *c](std::int64_t) { c.request.wishes.chords = "off"; },
          "The same as --chords off")
      ->excludes(command->get_option("--chords"))
      ->group("What it is to be");
  add_field(command,
            Field{.name = "seed", .help = "Draw the same tunes again", .group = "How it is drawn"},
            c->seed);
  command->add_option("--model", c->model, "The model (default: your own in model/, or Lilt's)")
      ->type_name("FILE")
      ->group("How it is drawn");
  add_threads_option(command, c->threads);
  add_shard_option(command, c->shard,
                   "Compose part K of N parts of the tunes, in ABC, to a file in the folder of -o\n"
                   "(default seed: 1); a part that is there is not composed again")
      ->group("Which");
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
      "  lilt compose tune.abc --rewrite 5-8\n"
      "  lilt compose -n 10000000 --shard 3/1000 -o tunes");
  registrar(command, [c, command] {
    c->says_number = command->count("--number") > 0;
    return run_compose(*c);
  });
}

}  // namespace lilt::cli
