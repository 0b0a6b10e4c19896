#include "compose/accompaniment.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "abc/chord_symbol.h"
#include "abc/cursor.h"
#include "abc/metre.h"
#include "abc/stretches.h"
#include "base/text.h"
#include "compose/copyist.h"

namespace lilt::compose {
namespace {

using abc::LexemeKind;

// Whether it is a chord symbol, or one that nobody understands, and no words such as "Fine".
bool is_chord_symbol(const Word& word) {
  const std::string_view text = word.text;
  if (word.lexeme.kind != LexemeKind::kChordSymbol || text.size() < 3) return false;
  const std::string_view symbol = text.substr(1, text.size() - 2);
  if (abc::parse_chord_symbol(symbol)) return true;
  constexpr std::string_view kOfChords = "#bmajindsugMABCDEFG0123456789+-/()";
  return symbol[0] >= 'A' && symbol[0] <= 'G' &&
         symbol.find_first_not_of(kOfChords) == std::string_view::npos;
}

// Whether it belongs to the note behind it.
bool is_prefix(const Word& word) {
  switch (word.lexeme.kind) {
    case LexemeKind::kGraceOpen:
    case LexemeKind::kGraceClose:
    case LexemeKind::kSlurOpen:
    case LexemeKind::kTuplet:
    case LexemeKind::kChordSymbol:
    case LexemeKind::kAnnotation:
    case LexemeKind::kDecoration:
    case LexemeKind::kChordOpen:
    case LexemeKind::kNote:
    case LexemeKind::kRest:
      return true;
    default:
      return false;
  }
}

// Whether what stood before it belongs to no note.
bool parts(const Word& word) {
  const LexemeKind kind = word.lexeme.kind;
  return kind == LexemeKind::kBar || kind == LexemeKind::kEnding || kind == LexemeKind::kField ||
         kind == LexemeKind::kInlineField || kind == LexemeKind::kLineEnd ||
         kind == LexemeKind::kComment || kind == LexemeKind::kOverlay;
}

// A note, a chord or a rest with what belongs to it.
struct Sound {
  std::size_t begin = 0;  // bytes
  bool is_overlaid = false;
  std::string symbols;  // that stand before it, with their quotes
};

std::vector<Sound> sounds_of(const std::vector<Word>& words) {
  std::vector<Sound> sounds;
  std::optional<std::size_t> begin;
  std::string symbols;
  bool is_overlaid = false;
  for (const Word& word : words) {
    if (word.lexeme.kind == LexemeKind::kOverlay) is_overlaid = true;
    if (word.lexeme.kind == LexemeKind::kBar) is_overlaid = false;
    if (parts(word)) begin.reset();
    if (!begin && is_prefix(word)) begin = word.lexeme.begin;
    if (is_chord_symbol(word)) symbols += word.text;
    if (!word.is_timed()) continue;
    const std::size_t first = std::exchange(begin, {}).value_or(word.lexeme.begin);
    sounds.push_back({first, is_overlaid, std::move(symbols)});
    symbols.clear();
  }
  return sounds;
}

// How long a harmony lasts at least in that metre.
abc::Ticks least_harmony(const abc::Metre& metre) {
  const abc::Ticks bar = metre.bar();
  const int beats = metre.is_compound() ? metre.beats / 3 : metre.beats;
  if (beats % 2 == 0) return bar / 2;
  return beats == 3 ? bar / 3 : bar;
}

void read_on(std::string_view text, std::size_t to, abc::Cursor& cursor) {
  while (cursor.offset() < to) cursor.push(decode_utf8(text.substr(cursor.offset())).code_point);
}

}  // namespace

std::string without_chord_symbols(const std::string& tune) {
  std::string bare;
  std::size_t done = 0;
  for (const Word& word : words_of(tune)) {
    if (!is_chord_symbol(word)) continue;
    bare.append(tune, done, word.lexeme.begin - done);
    done = word.lexeme.end;
  }
  return bare.append(tune, done);
}

std::vector<ChordPlace> chord_places(std::string_view tune) {
  std::vector<ChordPlace> places;
  const std::vector<Word> words = words_of(tune);
  const std::vector<abc::Stretch> stretches = abc::find_stretches(tune);
  auto stretch = stretches.begin();
  abc::Cursor cursor;
  for (const Sound& sound : sounds_of(words)) {
    while (stretch != stretches.end() && stretch->place.end <= sound.begin) ++stretch;
    if (stretch == stretches.end()) break;
    if (stretch->bar == 0 || stretch->bars > 1 || sound.is_overlaid) continue;
    read_on(tune, sound.begin, cursor);
    const abc::Cursor here = cursor.settled();
    const abc::Ticks least = least_harmony(here.metre());
    if (least == 0 || here.filled() % least != 0) continue;
    const bool is_first = here.filled() == 0 || here.filled() == here.bar_length();
    places.push_back({.at = sound.begin, .begins_bar = is_first});
  }
  return places;
}

bool begins_bars_with_symbols(std::string_view tune) {
  const std::vector<ChordPlace> places = chord_places(tune);
  return std::all_of(places.begin(), places.end(), [&](const ChordPlace& place) {
    return !place.begins_bar || tune[place.at] == '"';
  });
}

std::string with_chord_symbols_of(std::string_view harmonised, const std::string& tune) {
  const std::vector<Word> from = words_of(harmonised), to = words_of(tune);
  const std::vector<Sound> given = sounds_of(from), sounds = sounds_of(to);
  std::string text;
  std::size_t done = 0;
  for (std::size_t i = 0; i < sounds.size() && i < given.size(); ++i) {
    text.append(tune, done, sounds[i].begin - done).append(given[i].symbols);
    done = sounds[i].begin;
  }
  return text.append(tune, done);
}

}  // namespace lilt::compose
