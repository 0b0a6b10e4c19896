#include "abc/cursor.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "abc/character_classes.h"

namespace lilt::abc {
namespace {

enum class AfterNote : std::uint8_t { kOther, kNote, kDigit, kSpace, kBar };

constexpr std::array<AfterNote, 128> kAfterNote = [] {
  std::array<AfterNote, 128> table{};
  for (char32_t c = 0; c < 128; ++c) {
    table[c] = is_note(c)    ? AfterNote::kNote
               : is_digit(c) ? AfterNote::kDigit
               : c == U' '   ? AfterNote::kSpace
               : c == U'|'   ? AfterNote::kBar
                             : AfterNote::kOther;
  }
  return table;
}();

constexpr std::uint32_t utf8_size(char32_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}
}  // namespace

void Cursor::push(char32_t c, Events* events) {
  if (!push_shortly(c, events) && at_.text.part != Part::kEnded && c != U'\r') read(c, events);
  at_.text.offset += utf8_size(c);
}

// What comes most often, taken on the shortest way: after a note another one, its length, a space
// or a bar line; a note after those; a field's text. False when it is something else, and nothing
// was done.
inline bool Cursor::push_shortly(char32_t c, Events* events) {
  if (c >= 128) return false;
  switch (at_.text.stage) {
    case Stage::kPitch:
    case Stage::kNumerator:
      return push_after_note(c, events);
    case Stage::kSpaces:
      if (kAfterNote[c] != AfterNote::kNote) return false;
      emit(LexemeKind::kSpace, events);
      break;
    case Stage::kBar:
      if (kAfterNote[c] != AfterNote::kNote) return false;
      complete_bar(events);
      break;
    case Stage::kField:
      return c != U'\r' && at_.field.push(c);
    default:
      return false;
  }
  at_.text.stage = Stage::kMusic;
  start_lexeme();
  begin_pitch(c);
  return true;
}

inline bool Cursor::push_after_note(char32_t c, Events* events) {
  if (at_.lexeme.timed != LexemeKind::kNote) return false;
  const AfterNote what = kAfterNote[c];
  if (what == AfterNote::kOther) return false;
  if (what == AfterNote::kDigit) {
    LengthState& length = at_.lexeme.length;
    length.numerator = at_.text.stage == Stage::kNumerator ? with_digit(length.numerator, c)
                                                           : static_cast<std::int32_t>(c - U'0');
    length.has_numerator = true;
    at_.text.stage = Stage::kNumerator;
    return true;
  }
  complete_note(events);
  start_lexeme();
  if (what == AfterNote::kNote) {
    at_.text.stage = Stage::kPitch;
    begin_pitch(c);
  } else if (what == AfterNote::kSpace) {
    at_.text.stage = Stage::kSpaces;
  } else {
    begin_bar(c);
  }
  return true;
}

void Cursor::read(char32_t c, Events* events) {
  switch (at_.text.stage) {
    case Stage::kLineStart:
    case Stage::kLineBlank:
    case Stage::kLineLetter:
    case Stage::kLineColon:
      return read_line_start(c, events);
    case Stage::kField:
      return read_field(c, events);
    case Stage::kSkip:
      return read_skipped(c, events);
    default:
      return read_music(c, events);
  }
}

void Cursor::finish(Events* events) {
  if (at_.text.part == Part::kEnded) return;
  if (at_.text.stage == Stage::kLineStart) {
    end_tune(events);
    return;
  }
  // As if the last line ended here.
  read(U'\n', events);
  if (at_.text.part != Part::kEnded) end_tune(events);
}

bool Cursor::may_end() const {
  if (at_.text.part == Part::kEnded) return !at_.has_error;
  Cursor copy = *this;
  copy.finish();
  return copy.at_.bar.has_music && !copy.at_.has_error;
}

Cursor Cursor::settled() const {
  Cursor after = *this;
  after.complete(nullptr);
  return after;
}

Cursor Cursor::taken_for_music() const {
  Cursor after = *this;
  switch (at_.text.stage) {
    case Stage::kLineLetter:
      after.begin_line_with(at_.text.letter, 1, nullptr);
      break;
    case Stage::kBarBracket:
      after.complete_bar(nullptr);
      after.at_.text.stage = Stage::kBracket;
      break;
    case Stage::kBracket:
    case Stage::kBracketLetter:
      after.open_chord(nullptr);
      after.at_.text.stage = Stage::kMusic;
      if (at_.text.stage == Stage::kBracketLetter) after.begin(at_.text.letter, nullptr);
      break;
    default:
      break;
  }
  return after;
}

void Cursor::continue_from(const Cursor& place) { at_.text = place.at_.text; }

// --- Telling

// A lexeme of one character, complete as soon as it is read.
void Cursor::emit_single(LexemeKind kind, char32_t c, Events* events) {
  at_.text.stage = Stage::kMusic;
  at_.text.last = kind;
  if (events == nullptr || !events->wants(kind)) return;
  Lexeme single = lexeme(kind);
  single.letter = c;
  single.end = at_.text.offset + utf8_size(c);
  events->add(single);
}

void Cursor::report(Code code, Events* events, Ticks found, Ticks expected) {
  if (severity(code) == Severity::kError) at_.has_error = true;
  if (events == nullptr) return;
  events->add(Problem{code, at_.text.lexeme_begin,
                      std::max(at_.text.offset, at_.text.lexeme_begin + 1), found, expected});
}

}  // namespace lilt::abc
