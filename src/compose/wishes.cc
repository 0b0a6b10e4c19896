#include "compose/wishes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "abc/canonical.h"
#include "abc/tune.h"
#include "base/text.h"
#include "compose/range.h"

namespace lilt::compose {
namespace {

using abc::Cursor;

// The metres of dances that have but one.
struct Dance {
  std::string_view rhythm, metre;
};
constexpr std::array<Dance, 9> kDances = {{{"jig", "6/8"},
                                           {"double jig", "6/8"},
                                           {"single jig", "6/8"},
                                           {"slip jig", "9/8"},
                                           {"hop jig", "9/8"},
                                           {"slide", "12/8"},
                                           {"polka", "2/4"},
                                           {"waltz", "3/4"},
                                           {"mazurka", "3/4"}}};
constexpr std::string_view kUsualUnit = "1/8";
constexpr int kMostBars = 10'000;
constexpr int kMoreBars = 8;  // of a tune that goes on
// Fields of an opening: those that decide what is written, and those that are only kept.
constexpr std::string_view kHeard = "XTRMLK", kKept = "COAGDBFHNSZ";

Error wrong(const std::string& message) { return {ErrorCode::kOption, message}; }

// Of what was given to go on from.
Error wrong_tune(const std::string& message) { return {ErrorCode::kFormat, message}; }

Error wrong_start(const std::string& message) { return wrong("--start: " + message); }

std::string shown(std::string_view text) { return "\"" + escaped(shortened(text, 40)) + "\""; }

Cursor after(std::string_view text) {
  Cursor cursor;
  for (const char c : text) cursor.push(static_cast<unsigned char>(c));
  return cursor;
}

// Reads a text where only the dialect's characters may come. Gives how many code points were read.
struct Walked {
  Cursor cursor;
  std::size_t characters = 0;
  bool is_whole = false;
};
Walked walk(Cursor cursor, const std::vector<char32_t>& text, const abc::Requirements& requirements,
            const abc::Alphabet& alphabet) {
  Walked walked{cursor};
  for (const char32_t c : text) {
    if (!next_characters(walked.cursor, requirements, alphabet).contains(c)) return walked;
    walked.cursor.push(c);
    ++walked.characters;
  }
  walked.is_whole = true;
  return walked;
}

// Whether a field may have this text.
bool is_field_text(std::string_view before, std::string_view text, const abc::Alphabet& alphabet) {
  const Result<std::vector<char32_t>> characters = to_code_points(std::string(text) + "\n");
  return characters && walk(after(before), *characters, {}, alphabet).is_whole;
}

// --- The opening: fields, then music

bool is_field_line(std::string_view line) {
  return line.size() >= 2 && line[1] == ':' &&
         ((line[0] >= 'A' && line[0] <= 'Z') || (line[0] >= 'a' && line[0] <= 'z'));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

// Whether two ways of saying it mean the same key or metre.
bool is_same(char field, const std::string& one, const std::string& other) {
  if (one == other) return true;
  if (field == 'K') return abc::parse_key(one).key == abc::parse_key(other).key;
  return field == 'M' && abc::parse_metre(one) && abc::parse_metre(one) == abc::parse_metre(other);
}

// What a field of the opening says must be what was asked for.
Status take_field(char letter, const std::string& text, Wishes& wishes) {
  struct Wish {
    char letter;
    std::string* value;
    const char* option;
  };
  const std::array<Wish, 5> fields = {{{'T', &wishes.title, "--title"},
                                       {'R', &wishes.rhythm, "--rhythm"},
                                       {'M', &wishes.metre, "--meter"},
                                       {'L', &wishes.unit, "--unit"},
                                       {'K', &wishes.key, "--key"}}};
  for (const Wish& wish : fields) {
    if (wish.letter != letter) continue;
    if (text.empty()) {
      return wrong_start(std::string("expected something in the line ") + letter + ":, found none");
    }
    if (!wish.value->empty() && !is_same(letter, *wish.value, text)) {
      return wrong_start(std::string("expected only one value for ") + wish.option + " and " +
                         letter + ":, found " + shown(*wish.value) + " and " + shown(text));
    }
    if (wish.value->empty()) *wish.value = text;
  }
  return success();
}

// A line of the header that the model is not told.
Status keep_field(char letter, const std::string& text, std::vector<std::string>& lines) {
  const std::string field = std::string(1, letter) + ":";
  if (!is_field_text("X:1\nT:a\n" + field, text, {})) {
    return wrong_start("expected text without % \\ $ in the line " + field + ", found " +
                       shown(text));
  }
  lines.push_back(field + text + "\n");
  return success();
}

// In the order of the header.
std::string sorted(std::vector<std::string> lines) {
  const auto comes_first = [](const std::string& a, const std::string& b) {
    return kKept.find(a[0]) < kKept.find(b[0]);
  };
  std::stable_sort(lines.begin(), lines.end(), comes_first);
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

// Moves the fields of the opening to the wishes and to `kept`; the music stays.
Status take_fields(Wishes& wishes, std::string& kept) {
  std::string_view rest = wishes.start;
  std::vector<std::string> lines;
  while (is_field_line(rest)) {
    const char letter = rest[0];
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string text(trimmed(rest.substr(2, end - 2)));
    if (kKept.find(letter) == std::string_view::npos &&
        kHeard.find(letter) == std::string_view::npos) {
      return wrong_start(
          std::string("expected fields among X T C O A G D B F H N S Z R M L K, found ") + letter +
          ":");
    }
    const bool is_kept = kKept.find(letter) != std::string_view::npos;
    if (Status s = is_kept ? keep_field(letter, text, lines) : take_field(letter, text, wishes);
        !s) {
      return s;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  kept = sorted(std::move(lines));
  wishes.start = trimmed(rest);
  return success();
}

// --- Single wishes

Result<abc::Key> parse_wished_key(const std::string& text) {
  const abc::KeyField field = abc::parse_key(text);
  if (field.understood && field.key && field.key->has_tonic && field.octave == 0 &&
      text.find('=') == std::string::npos) {  // a clef would be dropped
    const auto key = abc::make_key(field.key->step, field.key->alter, field.key->mode);
    if (key && *key == *field.key) return *key;
  }
  return wrong(
      "expected a --key such as D, Am or Gdor, with at most seven sharps or flats, found " +
      shown(text));
}

Result<abc::Metre> parse_wished_metre(const Wishes& wishes, const abc::Alphabet& alphabet) {
  const std::optional<abc::Metre> metre = abc::parse_metre(wishes.metre);
  if (!metre || !is_field_text("X:1\nT:a\nM:", metre->to_string(), alphabet)) {
    return wrong(
        "expected a --meter among C, C|, 2/4 … 7/4, 2/2, 3/2, 3/8, 5/8, 6/8, 7/8, 9/8 and "
        "12/8, found " +
        shown(wishes.metre));
  }
  const std::string before = "X:1\nT:a\nR:" + wishes.rhythm + "\nM:";
  if (!wishes.rhythm.empty() && !is_field_text(before, metre->to_string(), alphabet)) {
    return wrong("expected C, 2/4 or 4/4 as the --meter of a hornpipe, found " + wishes.metre);
  }
  return *metre;
}

Status check_text(const char* option, std::string_view before, const std::string& text,
                  const abc::Alphabet& alphabet) {
  constexpr std::size_t kLongest = 100;
  if (text.empty()) return success();
  const Result<std::vector<char32_t>> characters = to_code_points(text);
  if (characters && characters->size() <= kLongest && is_field_text(before, text, alphabet))
    return success();
  return wrong(
      std::string("expected a ") + option +
      " of one line, without % \\ $ and with no more than 100 characters, all of which the "
      "model knows, found " +
      shown(text));
}

Status check_bars(int bars) {
  if (bars >= 0 && bars <= kMostBars) return success();
  return wrong("expected 1 to 10000 --bars, found " + std::to_string(bars));
}

Status take_sounds(const Wishes& wishes, const abc::Alphabet& alphabet,
                   abc::Requirements& requirements) {
  if (!wishes.range.empty()) {
    const Result<abc::PitchRange> range = parse_range(wishes.range);
    if (!range) return range.error();
    requirements.range = *range;
  }
  requirements.chord_symbols = wishes.chord_symbols;
  if (wishes.chord_symbols == abc::ChordSymbols::kSome && !alphabet.characters().contains(U'"')) {
    return wrong("expected a model that can write chord symbols, found one without '\"'");
  }
  return success();
}

std::string metre_of(const std::string& rhythm) {
  for (const Dance& dance : kDances) {
    if (dance.rhythm == rhythm) return std::string(dance.metre);
  }
  return "";
}

Status take_fields_of(const Wishes& wishes, const abc::Alphabet& alphabet, Plan& plan) {
  if (Status s = check_text("--title", "X:1\nT:", wishes.title, alphabet); !s) return s;
  if (Status s = check_text("--rhythm", "X:1\nT:a\nR:", wishes.rhythm, alphabet); !s) return s;
  plan.title = wishes.title;
  plan.requirements.rhythm = wishes.rhythm;
  if (!wishes.key.empty()) {
    const Result<abc::Key> key = parse_wished_key(wishes.key);
    if (!key) return key.error();
    plan.requirements.key = *key;
  }
  if (!wishes.metre.empty()) {
    const Result<abc::Metre> metre = parse_wished_metre(wishes, alphabet);
    if (!metre) return metre.error();
    plan.requirements.metre = *metre;
  }
  const std::string unit = wishes.unit.empty() ? std::string(kUsualUnit) : wishes.unit;
  plan.requirements.unit = abc::parse_unit(unit);
  if (!is_field_text("X:1\nT:a\nM:4/4\nL:", unit, alphabet)) {
    return wrong("expected a --unit of 1/2, 1/4, 1/8 or 1/16, found " + shown(unit));
  }
  return success();
}

Status take_form(const Wishes& wishes, Plan& plan) {
  if (Status s = check_bars(wishes.bars); !s) return s;
  plan.requirements.bars = wishes.bars;
  if (wishes.form.empty()) return success();
  Result<Form> form = parse_form(wishes.form, wishes.bars);
  if (!form) return form.error();
  plan.requirements.form = form->sections;
  plan.form = *std::move(form);
  return success();
}

// The header as far as the opening's music depends on it.
std::string header_of(const abc::Requirements& r) {
  return "X:1\nT:a\n" + (r.rhythm.empty() ? "" : "R:" + r.rhythm + "\n") +
         "M:" + r.metre->to_string() + "\nL:1/" + std::to_string(abc::kWholeNote / *r.unit) +
         "\nK:" + r.key->to_string() + "\n";
}

bool fits(const std::vector<char32_t>& text, const abc::Requirements& requirements,
          const abc::Requirements& less, std::size_t characters) {
  return walk(after(header_of(requirements)), text, less, {}).characters > characters;
}

// The option without which the text could go on behind so many characters, or "".
std::string hindrance(const std::vector<char32_t>& text, const abc::Requirements& requirements,
                      std::size_t characters) {
  struct Relaxed {
    const char* option;
    abc::Requirements requirements;
  };
  std::vector<Relaxed> all;
  const auto without = [&](const char* option) -> abc::Requirements& {
    all.push_back({option, requirements});
    return all.back().requirements;
  };
  without("--range").range = {};
  without("--chords").chord_symbols = abc::ChordSymbols::kAny;
  without("--form").form.clear();
  without("--bars").bars = 0;
  without("--key").key.reset();
  without("--meter").metre.reset();
  without("--unit").unit.reset();
  for (const Relaxed& relaxed : all) {
    if (fits(text, requirements, relaxed.requirements, characters)) return relaxed.option;
  }
  return "";
}

// Some of the characters that can come.
std::string examples(const abc::CharacterSet& set) {
  std::string all;
  for (char32_t c = U'!'; c < 127; ++c) {
    if (set.contains(c)) all.append(all.empty() ? "" : " ").append(1, static_cast<char>(c));
  }
  return all;
}

// Why a text cannot stand there: a mistake, another option, or only not of the dialect.
std::string reason(const Walked& walked, const std::vector<char32_t>& text,
                   const abc::Requirements& requirements, const abc::Alphabet& alphabet) {
  const char32_t c = text[walked.characters];
  const std::string found =
      "character " + std::to_string(walked.characters + 1) + ", " + lilt::describe(c) + ", ";
  if (const std::string option = hindrance(text, requirements, walked.characters);
      !option.empty()) {
    return found + "contradicts " + option;
  }
  abc::Events events;
  Cursor cursor = walked.cursor;
  cursor.push(c, &events);
  for (const abc::Problem& problem : events.problems()) {
    return found + "is wrong: " + abc::describe(problem);
  }
  const std::string expected = examples(next_characters(walked.cursor, requirements, alphabet));
  return found + "cannot come here in the ABC that Lilt writes (docs/dialect.md)" +
         (expected.empty() ? "" : "; expected one of " + expected);
}

// What comes again is not the opening's to say.
Status check_before_copies(const Cursor& cursor, const Form& form) {
  for (std::size_t i = 0; i < form.sections.size(); ++i) {
    if (!form.same_as[i] || static_cast<std::size_t>(cursor.section()) < i) continue;
    return wrong_start("expected an opening that ends before section " + std::to_string(i + 1) +
                       ", which --form makes the same as an earlier one");
  }
  return success();
}

Status take_start(const Wishes& wishes, const abc::Alphabet& alphabet, Plan& plan) {
  if (wishes.start.empty()) return success();
  const abc::Requirements& requirements = plan.requirements;
  if (!requirements.key || !requirements.metre) {
    return wrong_start(
        "expected the key and the metre of the music, by --key and --meter or by "
        "lines K: and M: of their own, found none");
  }
  const Result<std::vector<char32_t>> text = to_code_points(wishes.start);
  if (!text) return wrong_start(text.error().message);
  const Walked walked = walk(after(header_of(requirements)), *text, requirements, alphabet);
  if (!walked.is_whole) {
    return wrong_start(reason(walked, *text, requirements, alphabet));
  }
  plan.body.push_back({.given = wishes.start});
  Cursor end = walked.cursor;
  if (wishes.start.ends_with("::")) end.push(U'A');  // a section has begun
  return check_before_copies(end, plan.form);
}

// --- Given tunes

std::string without_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<abc::Tune> read_given(const std::string& text) {
  abc::Reading reading = abc::read_tune(text);
  for (const abc::Problem& problem : reading.problems) {
    if (reading.is_correct()) break;
    return wrong_tune("expected a correct tune, found: " + abc::describe(problem) +
                      "; lilt check says where");
  }
  if (reading.tune.voices.size() != 1) {
    return wrong_tune("expected a tune of one voice, found " +
                      std::to_string(reading.tune.voices.size()));
  }
  if (reading.tune.metre.is_free())
    return wrong_tune("expected a tune with a metre, found free metre");
  return std::move(reading.tune);
}

Status check_keeps_fields(const Wishes& w) {
  if (w.key.empty() && w.metre.empty() && w.unit.empty() && w.rhythm.empty() && w.title.empty() &&
      w.start.empty() && w.form.empty()) {
    return success();
  }
  return wrong(
      "expected a given tune to keep its key, metre, unit, rhythm, title and form, found "
      "an option that changes them");
}

// The header and the music of a tune as the model reads it.
struct GivenTune {
  std::string shown_header, header, body;
};

GivenTune parted(const abc::Tune& tune) {
  const auto body_begin = [](const std::string& text) {
    return text.find('\n', text.find("\nK:") + 1) + 1;
  };
  const std::string shown = abc::canonical_text(tune);
  const std::string read = abc::canonical_text(tune, {.music_only = true, .number = 1});
  return {shown.substr(0, body_begin(shown)), read.substr(0, body_begin(read)),
          read.substr(body_begin(read))};
}

// The plan for a given tune, but for its body.
struct GivenPlan {
  GivenTune given;
  Plan plan;
};

Result<GivenPlan> plan_for(const std::string& tune, const Wishes& wishes,
                           const abc::Alphabet& alphabet) {
  const Result<abc::Tune> read = read_given(tune);
  if (!read) return read.error();
  const GivenTune given = parted(*read);
  Plan plan;
  if (Status s = check_keeps_fields(wishes); !s) return s.error();
  if (Status s = take_sounds(wishes, alphabet, plan.requirements); !s) return s.error();
  for (const char c : given.header + given.body) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 128 || alphabet.characters().contains(byte)) continue;
    return wrong_tune("expected a tune that the model can write, found " + lilt::describe(byte));
  }
  plan.requirements.complete_bars = true;
  plan.header = given.header;
  plan.shown_header = given.shown_header;
  return GivenPlan{given, plan};
}

}  // namespace

Result<Plan> make_plan(const Wishes& wishes, const abc::Alphabet& alphabet) {
  Wishes all = wishes;
  Plan plan;
  if (Status s = take_fields(all, plan.fields); !s) return s.error();
  if (all.metre.empty()) all.metre = metre_of(all.rhythm);
  plan.requirements.complete_bars = true;
  if (Status s = take_fields_of(all, alphabet, plan); !s) return s.error();
  if (Status s = take_sounds(all, alphabet, plan.requirements); !s) return s.error();
  if (Status s = take_form(all, plan); !s) return s.error();
  if (plan.requirements.metre == kWithoutAccompaniment) {
    if (all.chord_symbols == abc::ChordSymbols::kSome) {
      return wrong(
          "expected --no-chords with --meter 3/2, in which programs know no accompaniment");
    }
    plan.requirements.chord_symbols = abc::ChordSymbols::kNone;
  }
  if (Status s = take_start(all, alphabet, plan); !s) return s.error();
  return plan;
}

namespace {

// The music of a tune with its end open: behind the last bar line, or within the last bar, behind a
// space that keeps the last note as it is.
std::string opened(const GivenTune& given) {
  std::string body = without_end(given.body);
  if (body.ends_with(":|")) return body + "\n";
  if (body.ends_with("|]")) body.pop_back();  // the ] of a chord stays
  while (body.ends_with('|') || body.ends_with('\n')) body.pop_back();
  if (body.empty()) return body;
  const Cursor cursor = after(given.header + body + " ");
  return body + (cursor.filled() == cursor.bar_length() ? "|\n" : " ");
}

// Nothing may come, unless it is because of the range: the first note may be tied to one before.
bool is_dead_end(const Cursor& cursor, abc::Requirements requirements,
                 const abc::Alphabet& alphabet) {
  requirements.range = {};
  return next_characters(cursor, requirements, alphabet).empty();
}

}  // namespace

Result<Plan> plan_continuation(const std::string& tune, const Wishes& wishes,
                               const abc::Alphabet& alphabet) {
  Result<GivenPlan> of = plan_for(tune, wishes, alphabet);
  if (!of) return of.error();
  auto& [given, plan] = *of;
  if (Status s = check_bars(wishes.bars); !s) return s.error();

  const std::string body = opened(given);
  const Cursor end = after(given.header + body);
  if (wishes.bars != 0 && wishes.bars <= end.bars()) {
    return wrong("expected --bars of more than the " + std::to_string(end.bars()) +
                 " that the tune has, found " + std::to_string(wishes.bars));
  }
  plan.requirements.bars = wishes.bars != 0 ? wishes.bars : end.bars() + kMoreBars;
  if (!is_field_text("X:1\nT:a\nM:", end.metre().to_string(), {}) ||
      is_dead_end(end, plan.requirements, alphabet)) {
    return wrong_tune(
        "expected a tune in the ABC that Lilt writes (docs/dialect.md), which could go on; found "
        "another");
  }
  plan.body.push_back({.given = body});
  return plan;
}

namespace {

// A run of music between bar lines, endings, fields and line ends.
struct Run {
  std::size_t begin = 0, end = 0;  // bytes of the body
  Cursor before;
  int bar = 0;            // that it belongs to; 0: a pickup
  abc::Ticks filled = 0;  // where in its bar it ends
  bool in_tie = false;    // that leads on
};

bool is_structure(abc::LexemeKind kind) {
  using enum abc::LexemeKind;
  return kind == kBar || kind == kEnding || kind == kField || kind == kInlineField ||
         kind == kLineEnd || kind == kComment;
}

// Reads the body and takes its runs down.
class RunFinder {
 public:
  explicit RunFinder(const std::string& header) : offset_(header.size()) {
    for (const char c : header) cursor_.push(static_cast<unsigned char>(c));
  }

  std::vector<Run> find(const std::string& body) {
    for (const char c : body) {
      events_.clear();
      if (!open_) before_ = cursor_;
      cursor_.push(static_cast<unsigned char>(c), &events_);
      for (const abc::Lexeme& lexeme : events_.lexemes()) take(lexeme);
    }
    return std::move(runs_);
  }

 private:
  void take(const abc::Lexeme& lexeme) {
    const std::size_t begin = lexeme.begin - offset_, end = lexeme.end - offset_;
    if (is_structure(lexeme.kind)) {
      // The first bar is known to be a pickup only now.
      if (open_) runs_.back().bar = std::max(runs_.back().bar, first_ ? cursor_.bars() : 0);
      first_ = first_ && !open_;
      open_ = false;
    } else if (lexeme.kind != abc::LexemeKind::kSpace || open_) {
      if (!open_) runs_.push_back({.begin = begin, .before = before_});
      open_ = true;
      Run& run = runs_.back();
      run.end = end;
      run.in_tie = cursor_.in_tie();
      if (lexeme.length > 0) run.filled = cursor_.filled();
      if (!first_) run.bar = cursor_.bars();
    }
  }

  std::size_t offset_;
  Cursor cursor_, before_;  // before_: where a run could begin
  abc::Events events_;
  std::vector<Run> runs_;
  bool open_ = false, first_ = true;
};

struct Bars {
  int first = 0, last = 0;
  [[nodiscard]] bool has(const Run& run) const { return run.bar >= first && run.bar <= last; }
};

std::string ended_body(const GivenTune& given) { return without_end(given.body) + "\n\n"; }

std::vector<Run> runs_of(const GivenTune& given) {
  return RunFinder(given.header).find(ended_body(given));
}

// The tune without the ties that lead on from what is written anew: the note behind keeps its pitch
// then, with an accidental of its own if need be.
GivenTune untied(const GivenTune& given, const Bars& bars) {
  abc::Tune tune = abc::read_tune(given.header + ended_body(given)).tune;
  for (const Run& run : runs_of(given)) {
    if (!bars.has(run) || !run.in_tie) continue;
    const std::size_t begin = given.header.size() + run.begin, end = given.header.size() + run.end;
    for (abc::Element& element : tune.voices[0].elements) {
      if (!element.takes_time() || element.place.begin < begin || element.place.end > end) continue;
      for (abc::Head& head : element.heads) head.tied = false;
    }
  }
  return parted(tune);
}

}  // namespace

Result<Plan> plan_rewriting(const std::string& tune, int first, int last, const Wishes& wishes,
                            const abc::Alphabet& alphabet) {
  Result<GivenPlan> of = plan_for(tune, wishes, alphabet);
  if (!of) return of.error();
  auto& [given, plan] = *of;
  if (wishes.bars != 0) return wrong("expected --bars or --rewrite, found both");

  const std::vector<Run> found = runs_of(given);
  const int count = found.empty() ? 0 : found.back().bar;
  if (count == 0) return wrong_tune("expected a tune with a full bar, found none");
  if (first < 1 || last < first || last > count) {
    return wrong("expected --rewrite of bars within 1-" + std::to_string(count) +
                 ", such as 5-8, found " + std::to_string(first) + "-" + std::to_string(last));
  }
  const Bars bars{first, last};
  const GivenTune cut = untied(given, bars);
  const std::string body = ended_body(cut);
  plan.is_rewriting = true;
  plan.original = given.header + ended_body(given);
  std::size_t done = 0;
  for (const Run& run : runs_of(cut)) {
    if (!bars.has(run)) continue;
    abc::Requirements requirements = plan.requirements;
    requirements.music_until = run.filled;
    if (is_dead_end(run.before, requirements, alphabet)) {
      return wrong_tune("bar " + std::to_string(run.bar) +
                        ": expected music that Lilt could write (docs/dialect.md), found other");
    }
    plan.body.push_back({.given = body.substr(done, run.begin - done)});
    plan.body.push_back({.music_until = run.filled});
    done = run.end;
  }
  plan.body.push_back({.given = body.substr(done)});
  return plan;
}

}  // namespace lilt::compose
