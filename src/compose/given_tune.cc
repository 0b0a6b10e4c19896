#include "compose/given_tune.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "abc/book.h"
#include "abc/canonical.h"
#include "base/text.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

using abc::Cursor;

// The first tune of a text, with the fields and directives before it; "" where there is none.
std::string first_tune(const std::string& text) {
  std::string first;
  std::optional<abc::BookReader> book;
  book.emplace([&](abc::BookTune& tune) {
    if (first.empty()) first = book->file_header() + tune.text;
  });
  book->feed(text);
  book->finish();
  return first;
}

Result<abc::Tune> read(const std::string& text) {
  const std::string first = first_tune(text);
  if (first.empty()) {
    return wrong_tune("expected a tune, which begins with a line such as X:1; found none");
  }
  abc::Reading reading = abc::read_tune(first);
  for (const abc::Problem& problem : reading.problems) {
    if (abc::severity(problem.code) != abc::Severity::kError) continue;
    return wrong_tune("expected a correct tune, found: " + abc::describe(problem) +
                      "; lilt check says where");
  }
  if (reading.tune.voices.size() != 1) {
    return wrong_tune("expected a tune of one voice, found " +
                      std::to_string(reading.tune.voices.size()));
  }
  if (reading.tune.metre.is_free()) {
    return wrong_tune("expected a tune with a metre, found free metre");
  }
  return std::move(reading.tune);
}

GivenTune parted(const abc::Tune& tune) {
  const std::string shown = abc::canonical_text(tune);
  const std::string read = abc::canonical_text(tune, {.music_only = true, .number = 1});
  const abc::PartedTune as_read = abc::part_tune(read);
  std::string music(as_read.music);
  while (music.ends_with('\n')) music.pop_back();
  return {abc::part_tune(shown).header, as_read.header.text(), music + "\n\n"};
}

bool is_structure(abc::LexemeKind kind) {
  using enum abc::LexemeKind;
  return kind == kBar || kind == kEnding || kind == kField || kind == kInlineField ||
         kind == kLineEnd || kind == kComment;
}

// Reads the music and takes its stretches down.
class StretchFinder {
 public:
  explicit StretchFinder(const std::string& header)
      : offset_(header.size()), cursor_(after(header)) {}

  std::vector<Stretch> find(const std::string& music) {
    for (const char c : music) {
      events_.clear();
      if (!open_) before_ = cursor_;
      cursor_.push(static_cast<unsigned char>(c), &events_);
      for (const abc::Lexeme& lexeme : events_.lexemes()) take(lexeme);
    }
    return std::move(found_);
  }

 private:
  void take(const abc::Lexeme& lexeme) {
    const std::size_t begin = lexeme.begin - offset_, end = lexeme.end - offset_;
    if (is_structure(lexeme.kind)) {
      // The first bar is known to be a pickup only now.
      if (open_) found_.back().bar = std::max(found_.back().bar, first_ ? cursor_.bars() : 0);
      first_ = first_ && !open_;
      open_ = false;
    } else if (lexeme.kind != abc::LexemeKind::kSpace || open_) {
      if (!open_) found_.push_back({.begin = begin, .before = before_});
      open_ = true;
      Stretch& stretch = found_.back();
      stretch.end = end;
      stretch.in_tie = cursor_.in_tie();
      if (lexeme.length > 0) stretch.filled = cursor_.filled();
      if (!first_) stretch.bar = cursor_.bars();
    }
  }

  std::size_t offset_;
  Cursor cursor_, before_;  // before_: where a stretch could begin
  abc::Events events_;
  std::vector<Stretch> found_;
  bool open_ = false, first_ = true;
};

}  // namespace

Result<GivenTune> read_given_tune(const std::string& text, const abc::Alphabet& alphabet) {
  const Result<abc::Tune> tune = read(text);
  if (!tune) return tune.error();
  GivenTune given = parted(*tune);
  for (const char c : given.header + given.music) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 128 || alphabet.characters().contains(byte)) continue;
    return wrong_tune("expected a tune that the model can write, found " + lilt::describe(byte));
  }
  return given;
}

std::string with_open_end(const GivenTune& tune) {
  std::string music = tune.music;
  while (music.ends_with('\n')) music.pop_back();
  if (music.ends_with(":|")) return music + "\n";
  if (music.ends_with("|]")) music.pop_back();  // the ] of a chord stays
  while (music.ends_with('|') || music.ends_with('\n')) music.pop_back();
  if (music.empty()) return music;
  const Cursor cursor = after(tune.header + music + " ");
  return music + (cursor.filled() == cursor.bar_length() ? "|\n" : " ");
}

std::vector<Stretch> stretches_of(const GivenTune& tune) {
  return StretchFinder(tune.header).find(tune.music);
}

GivenTune untied(const GivenTune& given, int first_bar, int last_bar) {
  abc::Tune tune = abc::read_tune(given.header + given.music).tune;
  for (const Stretch& stretch : stretches_of(given)) {
    if (!stretch.in_tie || stretch.bar < first_bar || stretch.bar > last_bar) continue;
    const std::size_t begin = given.header.size() + stretch.begin;
    const std::size_t end = given.header.size() + stretch.end;
    for (abc::Element& element : tune.voices[0].elements) {
      if (!element.takes_time() || element.place.begin < begin || element.place.end > end) continue;
      for (abc::Head& head : element.heads) head.tied = false;
    }
  }
  GivenTune cut = parted(tune);
  cut.shown = given.shown;
  return cut;
}

bool is_dead_end(const Cursor& cursor, abc::Requirements requirements,
                 const abc::Alphabet& alphabet) {
  requirements.range = {};
  return next_characters(cursor, requirements, alphabet).empty();
}

}  // namespace lilt::compose
