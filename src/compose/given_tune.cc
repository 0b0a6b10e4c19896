#include "compose/given_tune.h"

#include <optional>
#include <utility>
#include <vector>

#include "abc/book.h"
#include "abc/canonical.h"
#include "abc/header.h"
#include "abc/stretches.h"
#include "abc/transpose.h"
#include "base/text.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

using abc::Cursor;

Result<abc::Tune> read(const std::string& first) {
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
  // An order of parts is not played out: bars are counted as they are written.
  std::erase_if(reading.tune.header, [](const abc::Field& field) { return field.letter == U'P'; });
  return std::move(reading.tune);
}

GivenTune parted(const abc::Tune& tune, const std::string& source, const TextConfig& form) {
  abc::Tune kept = tune;
  if (form.in_c) abc::transpose_to(kept, abc::Key{});
  const std::string read =
      abc::canonical_text(kept, {.music_only = true, .regular = form.in_c, .number = 1});
  const abc::PartedTune as_read = abc::part_tune(read);
  std::string music(as_read.music);
  while (music.ends_with('\n')) music.pop_back();
  return {source, tune.key, as_read.header.text(), music + "\n\n"};
}

bool is_within(const abc::Element& element, const abc::Stretch& stretch) {
  return element.takes_time() && element.place.begin >= stretch.place.begin &&
         element.place.end <= stretch.place.end;
}

// Drops the ties that lead on from these stretches.
void drop_ties(const std::vector<abc::Stretch>& stretches, abc::Voice& voice) {
  for (const abc::Stretch& stretch : stretches) {
    if (!stretch.in_tie) continue;
    for (abc::Element& element : voice.elements) {
      if (!is_within(element, stretch)) continue;
      for (abc::Head& head : element.heads) head.tied = false;
    }
  }
}

// Drops the slurs that lead into these stretches.
void drop_slurs(const std::vector<abc::Stretch>& stretches, abc::Voice& voice) {
  std::vector<abc::Element*> open;
  int dropped = 0;  // whose ends are to come
  auto next = stretches.begin();
  for (abc::Element& element : voice.elements) {
    if (next != stretches.end() && is_within(element, *next)) {
      ++next;
      for (abc::Element* slur : std::exchange(open, {})) {
        --slur->slurs_open;
        ++dropped;
      }
    }
    for (int i = 0; i < element.slurs_open; ++i) open.push_back(&element);
    for (int closes = element.slurs_close; closes > 0; --closes) {
      if (!open.empty()) {
        open.pop_back();
      } else if (dropped > 0) {
        --dropped;
        --element.slurs_close;
      }
    }
  }
}

}  // namespace

std::string first_tune(const std::string& text) {
  std::string first;
  std::optional<abc::BookReader> book;
  book.emplace([&](abc::BookTune& tune) {
    if (!first.empty()) return;
    first = book->file_header();
    first.erase(0, first.find_first_not_of('\n'));
    if (!first.empty()) first += '\n';
    first += tune.text;
  });
  book->feed(text);
  book->finish();
  return first;
}

Result<GivenTune> read_given_tune(const std::string& text, const abc::Alphabet& alphabet,
                                  const TextConfig& form) {
  const std::string source = first_tune(text);
  const Result<abc::Tune> tune = read(source);
  if (!tune) return tune.error();
  GivenTune given = parted(*tune, source, form);
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
  if (music.ends_with(":|")) {
    // Behind the last ending there would have to be one more.
    if (!after(tune.header + music + "\n").state().repeat.after_ending) return music + "\n";
    music.resize(music.size() - 2);
  }
  if (music.ends_with("|]")) music.pop_back();  // the ] of a chord stays
  while (music.ends_with('|') || music.ends_with('\n')) music.pop_back();
  if (music.empty()) return music;
  const Cursor cursor = after(tune.header + music + " ");
  return music + (cursor.filled() == cursor.bar_length() ? "|\n" : " ");
}

GivenTune unbound(const GivenTune& given, const BarSet& bars, const TextConfig& form) {
  abc::Tune tune = abc::read_tune(given.header + given.music).tune;
  std::vector<abc::Stretch> anew = abc::find_stretches(given.header + given.music);
  std::erase_if(anew, [&](const abc::Stretch& stretch) { return !bars.contains(stretch.bar); });
  drop_ties(anew, tune.voices[0]);
  drop_slurs(anew, tune.voices[0]);
  GivenTune cut = parted(tune, given.source, form);
  cut.key = given.key;
  return cut;
}

bool is_dead_end(const Cursor& cursor, abc::Requirements requirements,
                 const abc::Alphabet& alphabet) {
  requirements.range = {};
  return next_characters(cursor, requirements, alphabet).empty();
}

}  // namespace lilt::compose
