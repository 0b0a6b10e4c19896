// lilt render: tunes as sheet music, MIDI, recordings.

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "abc/book.h"
#include "abc/transpose.h"
#include "base/environment_error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "score/file_name.h"
#include "score/instrument.h"
#include "score/kind.h"
#include "score/render.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;
using score::Kind;
using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kBeforeProgress{1};
constexpr std::size_t kMostWarnings = 10;

struct RenderCommand {
  std::string file;
  std::string output;
  std::vector<std::string> formats;
  std::string numbers;
  std::string positions;
  std::string instrument = "flute";
  std::optional<double> tempo;
  bool no_chords = false;
  int semitones = 0;
  std::string paper = "a4";
  std::string sound_font;
};

// A tune that was chosen, as text: a book of them takes little memory.
struct ChosenTune {
  std::string text;
  std::string label;  // for messages: "tune 7 (The Butterfly)"
};

struct Range {
  std::uint64_t first = 0, last = 0;
};

// "3,7-9", or nothing if the text is something else.
std::optional<std::vector<Range>> parse_ranges(std::string_view text) {
  std::vector<Range> ranges;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    Range range;
    auto parsed = std::from_chars(at, end, range.first);
    if (parsed.ec != std::errc()) return std::nullopt;
    range.last = range.first;
    if (parsed.ptr != end && *parsed.ptr == '-') {
      parsed = std::from_chars(parsed.ptr + 1, end, range.last);
      if (parsed.ec != std::errc() || range.last < range.first) return std::nullopt;
    }
    ranges.push_back(range);
    if (parsed.ptr == end) return ranges;
    if (*parsed.ptr != ',') return std::nullopt;
    at = parsed.ptr + 1;
  }
  return std::nullopt;
}

bool contains(const std::vector<Range>& ranges, std::uint64_t number) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return number >= range.first && number <= range.last;
  });
}

// Which tunes of the file are wanted, by X: or by their place; all where neither is asked for.
struct Selection {
  std::optional<std::vector<Range>> numbers, positions;

  [[nodiscard]] bool takes(const std::string& number, std::uint64_t position) const {
    if (positions) return contains(*positions, position);
    if (!numbers) return true;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc() && end == number.data() + number.size() &&
           contains(*numbers, value);
  }
};

Result<std::optional<std::vector<Range>>> ranges_of(const char* option, const std::string& text) {
  if (text.empty()) return std::optional<std::vector<Range>>();
  auto ranges = parse_ranges(text);
  if (ranges) return ranges;
  return Error{ErrorCode::kOption,
               fmt::format("{}: expected numbers such as 3 or 2,5-8, found {}", option, text)};
}

// Where files go, and of which kinds.
struct Destination {
  std::vector<Kind> kinds;
  bool is_folder = false;
  bool is_standard_output = false;
  fs::path path;
};

Result<std::vector<Kind>> kinds_of(const RenderCommand& c) {
  std::vector<Kind> kinds;
  for (const std::string& format : c.formats) {
    const auto kind = score::find_kind(format);
    if (!kind) {
      return Error{ErrorCode::kOption,
                   fmt::format("--format: expected {}, found {}", score::endings(), format)};
    }
    if (std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) kinds.push_back(*kind);
  }
  return kinds;
}

Result<Destination> destination_of(const RenderCommand& c) {
  const Result<std::vector<Kind>> kinds = kinds_of(c);
  if (!kinds) return kinds.error();
  Destination to{.kinds = *kinds, .path = c.output};
  std::error_code none;
  to.is_standard_output = c.output == "-";
  to.is_folder = !to.is_standard_output && (c.output.ends_with('/') || to.kinds.size() > 1 ||
                                            fs::is_directory(to.path, none));
  if (to.is_folder) {
    if (!to.kinds.empty()) return to;
    return Error{ErrorCode::kOption,
                 "-o names a folder: say with --format what to write, such as --format svg,mid"};
  }
  if (to.kinds.empty()) {
    const std::string ending = to.path.extension().string();
    const auto kind = score::find_kind(ending.empty() ? ending : ending.substr(1));
    if (kind) {
      to.kinds = {*kind};
      return to;
    }
    return Error{ErrorCode::kOption,
                 fmt::format("-o: expected a name that ends with {}, found {}; or say --format",
                             score::endings(), c.output)};
  }
  if (to.is_standard_output && to.kinds.size() > 1) {
    return Error{ErrorCode::kOption, "-o -: expected one kind in --format, found several"};
  }
  if (!to.is_standard_output && fs::exists(to.path, none) && !fs::is_regular_file(to.path, none)) {
    return Error{ErrorCode::kOption,
                 fmt::format("-o: expected a file or a folder, found {}", c.output)};
  }
  return to;
}

// Reads the file; the tunes that are wanted.
Result<std::vector<ChosenTune>> choose_tunes(const RenderCommand& c, const Selection& selection) {
  std::vector<ChosenTune> chosen;
  std::uint64_t tunes = 0;
  const std::string name = c.file == "-" ? "standard input" : c.file;
  std::optional<abc::BookReader> book;
  book.emplace([&](abc::BookTune& tune) {
    ++tunes;
    std::string text = book->file_header() + tune.text;
    const abc::Tune read = abc::read_tune(text).tune;
    const std::string number = read.field(U'X');
    if (!selection.takes(number, tunes)) return;
    const std::string title = score::title_of(read);
    chosen.push_back(
        {std::move(text), fmt::format("tune {}{}", number.empty() ? std::to_string(tunes) : number,
                                      title.empty() ? "" : " (" + title + ")")});
  });
  read_blocks(c.file == "-" ? std::string() : c.file,
              [&](std::string_view block) { book->feed(block); });
  book->finish();
  if (tunes == 0) {
    return Error{ErrorCode::kFormat,
                 name + ": expected a tune, which begins with a line such as X:1; found none"};
  }
  if (chosen.empty()) {
    return Error{ErrorCode::kFormat,
                 fmt::format("{}: none of its {} is the one asked for", name,
                             tunes == 1 ? "one tune" : grouped(tunes) + " tunes")};
  }
  return chosen;
}

class RenderRun {
 public:
  RenderRun(const RenderCommand& command, Destination to, score::RenderOptions options)
      : command_(command),
        to_(std::move(to)),
        renderer_(std::move(options), [this] { return go_on(); }) {}

  // The exit code.
  int run(const std::vector<ChosenTune>& tunes) {
    total_ = tunes.size();
    if (to_.is_folder) {
      to_folder(tunes);
    } else if (score::holds_many(to_.kinds[0])) {
      to_book(tunes);
    } else {
      to_numbered(tunes);
    }
    status_.clear();
    if (warnings_ > kMostWarnings) {
      tell(fmt::format("lilt: {} more such warnings", grouped(warnings_ - kMostWarnings)));
    }
    return failed_ ? kFailure : kSuccess;
  }

 private:
  // The tune, if there is anything in it to render. What is wrong with it is told once.
  std::optional<abc::Tune> prepare(const ChosenTune& chosen) {
    abc::Reading reading = abc::read_tune(chosen.text);
    const auto errors = std::count_if(
        reading.problems.begin(), reading.problems.end(),
        [](const auto& problem) { return severity(problem.code) == abc::Severity::kError; });
    if (errors > 0) {
      warn(fmt::format("{}: {} in its notation, rendered as well as {}; see lilt check",
                       chosen.label, errors == 1 ? "a mistake" : grouped(errors) + " mistakes",
                       errors == 1 ? "it allows" : "they allow"));
    }
    abc::Tune& tune = reading.tune;
    if (command_.semitones != 0) abc::transpose(tune, command_.semitones);
    if (command_.no_chords) {
      for (abc::Voice& voice : tune.voices) {
        for (abc::Element& element : voice.elements) element.chord_symbols.clear();
      }
    }
    if (Status s = score::check_source(tune); !s) {
      leave_out(chosen, s.error());
      return std::nullopt;
    }
    return std::move(tune);
  }

  void leave_out(const ChosenTune& chosen, const Error& error) {
    failed_ = true;
    status_.clear();
    complain(fmt::format("{}: {}; left out", chosen.label, error.message));
  }

  void warn(const std::string& text) {
    if (++warnings_ > kMostWarnings) return;
    status_.clear();
    complain(text);
  }

  // All tunes in one file.
  void to_book(const std::vector<ChosenTune>& chosen) {
    std::vector<abc::Tune> tunes;
    for (const ChosenTune& one : chosen) {
      if (auto tune = prepare(one)) tunes.push_back(std::move(*tune));
      if (is_interrupted()) throw EnvironmentError("interrupted", "no file was written");
    }
    if (tunes.empty()) return;
    work_ =
        fmt::format("Writing {}", tunes.size() == 1 ? "a tune" : grouped(tunes.size()) + " tunes");
    write(to_.path, renderer_.make_book(tunes, to_.kinds[0]));
  }

  // One file a tune: the name that was given, or with several tunes numbered ones.
  void to_numbered(const std::vector<ChosenTune>& chosen) {
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      begin(i);
      if (const auto tune = prepare(chosen[i])) {
        write(score::numbered_path(to_.path, i, chosen.size()),
              renderer_.make(*tune, to_.kinds[0]));
      }
    }
  }

  void to_folder(const std::vector<ChosenTune>& chosen) {
    score::FileNames names;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      begin(i);
      const auto tune = prepare(chosen[i]);
      if (!tune) continue;
      const std::string name = names.next(score::title_of(*tune));
      for (const Kind kind : to_.kinds) {
        write(to_.path / fmt::format("{}.{}", name, score::ending(kind)),
              renderer_.make(*tune, kind));
      }
    }
  }

  void begin(std::size_t tune) {
    if (is_interrupted()) throw EnvironmentError("interrupted", "the files so far are whole");
    done_ = tune;
    work_ = "Writing";
    go_on();
  }

  // Writes what was made, and prints where it is.
  void write(const fs::path& path, const Result<std::string>& made) {
    if (!made) {
      failed_ = true;
      status_.clear();
      complain(made.error().to_string());
      return;
    }
    if (to_.is_standard_output) {
      if (std::fwrite(made->data(), 1, made->size(), stdout) != made->size()) {
        throw EnvironmentError("standard output",
                               std::string("cannot be written: ") + std::strerror(errno));
      }
      return;
    }
    write_file_atomically(path, *made);
    status_.clear();
    fmt::print("{}\n", escaped(path.lexically_normal().string()));
  }

  // Called while a program runs: shows how far the work is.
  bool go_on() {
    if (is_interrupted()) return false;
    if (Clock::now() - start_ < kBeforeProgress) return true;
    const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
    if (total_ > 1 && work_ == "Writing") {
      const double share = static_cast<double>(done_) / static_cast<double>(total_);
      status_.show(fmt::format("{}  {} {} of {}, {}", work_, bar(share, 30), grouped(done_),
                               grouped(total_), duration(elapsed)));
    } else {
      status_.show(fmt::format("{}  {}", work_, duration(elapsed)));
    }
    return true;
  }

  const RenderCommand& command_;
  Destination to_;
  score::Renderer renderer_;
  Clock::time_point start_ = Clock::now();
  std::size_t total_ = 0, done_ = 0, warnings_ = 0;
  std::string work_ = "Writing";
  bool failed_ = false;
  StatusLine status_;
};

int run_render(const RenderCommand& c) {
  const Result<Destination> to = destination_of(c);
  if (!to) return report(to.error());
  const auto numbers = ranges_of("--tune", c.numbers);
  if (!numbers) return report(numbers.error());
  const auto positions = ranges_of("--index", c.positions);
  if (!positions) return report(positions.error());
  const auto instrument = score::find_instrument(c.instrument);
  if (!instrument) {
    return report({ErrorCode::kOption,
                   fmt::format("--instrument: expected {}, any other name of General MIDI or a "
                               "number from 1 to 128, found {}",
                               score::usual_instruments(), c.instrument)});
  }
  const score::RenderOptions options{
      .instrument = *instrument,
      .beats_per_minute = c.tempo,
      .paper = c.paper == "letter" ? score::Paper::kLetter : score::Paper::kA4,
      .sound_font = c.sound_font};
  score::require_for(to->kinds, options);
  const Result<std::vector<ChosenTune>> tunes = choose_tunes(c, {*numbers, *positions});
  if (!tunes) return report(tunes.error());
  if (to->is_standard_output && tunes->size() > 1 && !score::holds_many(to->kinds[0])) {
    return report({ErrorCode::kOption,
                   fmt::format("-o -: expected one tune for {}, found {}; choose one with --tune",
                               score::ending(to->kinds[0]), grouped(tunes->size()))});
  }
  catch_interrupts();
  return RenderRun(c, *to, options).run(*tunes);
}

// A list in lines that fit.
std::string lines_of(const std::string& list) {
  constexpr std::size_t kMost = 80;
  std::string lines, line;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(", ", at), list.size() - 1) + 1;
    const std::string word = list.substr(at, end - at);
    if (line.size() + word.size() + 3 > kMost) lines += std::exchange(line, {}) + "\n";
    line += (line.empty() ? "  " : " ") + word;
    at = end + 1;
  }
  return lines + line + "\n";
}

}  // namespace

void add_render(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<RenderCommand>();
  CLI::App* command =
      app.add_subcommand("render", "Make sheet music, MIDI or a recording of tunes");
  command->add_option("file", c->file, "Tunes in ABC notation; - is standard input")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("-o,--output", c->output,
                   "The file to write, its kind by its ending; a folder (DIR/) gets a file for\n"
                   "each tune; - is standard output")
      ->required()
      ->type_name("OUT");
  command
      ->add_option("--format", c->formats,
                   "What to write, as endings: needed for a folder, where there may be several")
      ->delimiter(',')
      ->type_name("LIST");
  CLI::Option* numbers =
      command->add_option("--tune", c->numbers, "Only the tunes with these X: numbers: 3 or 2,5-8")
          ->type_name("NUMBERS");
  command->add_option("--index", c->positions, "Only these tunes, counted from 1 in the file")
      ->type_name("NUMBERS")
      ->excludes(numbers);
  command
      ->add_option("--instrument", c->instrument,
                   "Who plays: one of those below, a name of General MIDI or its number")
      ->capture_default_str()
      ->type_name("NAME");
  command
      ->add_option("--tempo", c->tempo,
                   "Beats a minute (default: the tune's Q: field, else usual for its rhythm)")
      ->check(CLI::Range(score::kSlowest, score::kFastest));
  command->add_flag("--no-chords", c->no_chords, "Leave out chord symbols and accompaniment");
  command->add_option("--transpose", c->semitones, "Semitones by which all is moved up or down")
      ->check(CLI::Range(-24, 24))
      ->type_name("N");
  command->add_option("--paper", c->paper, "a4 or letter")
      ->check(CLI::IsMember({"a4", "letter"}))
      ->capture_default_str();
  command
      ->add_option("--soundfont", c->sound_font,
                   "The SoundFont to play with (default: the best one installed)")
      ->type_name("FILE");
  command->footer(
      "Kinds: " + score::endings() +
      ".\n"
      "pdf and abc take all tunes into one file, pdf as a book with contents; of the other kinds\n"
      "each tune becomes a file, OUT-1.svg and so on. Prints the names of the files.\n"
      "Instruments:\n" +
      lines_of(score::usual_instruments()) +
      "Examples:\n"
      "  lilt render tune.abc -o tune.pdf\n"
      "  lilt render tunes.abc --tune 12 -o tune.mp3 --instrument fiddle --tempo 110\n"
      "  lilt render tunes.abc -o tunes/ --format svg,mid\n"
      "  lilt compose | lilt render - -o new.wav");
  registrar(command, [c] { return run_render(*c); });
}

}  // namespace lilt::cli
