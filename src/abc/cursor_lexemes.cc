// Music: one lexeme after another. Each begins, goes on and is complete.

#include "abc/cursor.h"

#include <algorithm>

#include "abc/character_classes.h"

namespace lilt::abc {

void Cursor::read_music(char32_t c, Events* events) {
  switch (at_.text.stage) {
    case Stage::kBracket:
      return read_bracket(c, events);
    case Stage::kBracketLetter:
      return read_bracket_letter(c, events);
    case Stage::kBarBracket:
      return read_bar_bracket(c, events);
    case Stage::kBar:
      return read_bar(c, events);
    case Stage::kInlineField:
      return read_inline_field(c, events);
    case Stage::kQuote:
      return read_quote(c, events);
    case Stage::kDecoration:
      return read_decoration(c, events);
    default:
      if (continues(c)) return;
      complete(events);
      begin(c, events);
  }
}

// After [: an ending, a thick bar line, a field or a chord.
void Cursor::read_bracket(char32_t c, Events* events) {
  if (is_digit(c)) {
    begin_ending(c);
  } else if (c == U'|') {
    at_.lexeme.bar = {.lines = 1, .is_thick = true, .begins_line = at_.lexeme.bar.begins_line};
    at_.text.stage = Stage::kBar;
  } else if (is_letter(c)) {
    at_.text.letter = c;
    at_.text.stage = Stage::kBracketLetter;
  } else {
    open_chord(events);
    at_.text.stage = Stage::kMusic;
    begin(c, events);
  }
}

void Cursor::read_bracket_letter(char32_t c, Events* events) {
  if (c == U':') return begin_field(Stage::kInlineField);
  --at_.text.offset;  // where the letter is
  open_chord(events);
  at_.text.stage = Stage::kMusic;
  begin(at_.text.letter, events);
  ++at_.text.offset;
  read_music(c, events);
}

void Cursor::read_bar_bracket(char32_t c, Events* events) {
  --at_.text.offset;
  complete_bar(events);
  start_lexeme();
  ++at_.text.offset;
  at_.text.stage = Stage::kBracket;
  read_bracket(c, events);
}

void Cursor::read_bar(char32_t c, Events* events) {
  const BarLineState& bar = at_.lexeme.bar;
  if (at_.lexeme.bar.push(c)) return;
  if (c == U'[' && !bar.is_closed) {
    at_.text.stage = Stage::kBarBracket;
    return;
  }
  complete_bar(events);
  at_.text.stage = Stage::kMusic;
  if (is_digit(c) && c != U'0' && bar.lines > 0 && bar.colons_after == 0) {
    start_lexeme();
    begin_ending(c);
  } else {
    begin(c, events);
  }
}

void Cursor::read_quote(char32_t c, Events* events) {
  if (c != U'"' && c != U'\n') return at_.lexeme.quote.push(c);
  if (c == U'\n') report(Code::kQuoteNotClosed, events);
  if (c == U'"') ++at_.text.offset;
  complete_quote(events);
  if (c == U'"') --at_.text.offset;
  at_.text.stage = Stage::kMusic;
  if (c == U'\n') begin(c, events);
}

void Cursor::read_decoration(char32_t c, Events* events) {
  const bool is_named = at_.text.letter == U'!';
  if (c == at_.text.letter && (!is_named || at_.lexeme.decoration.is_complete())) {
    ++at_.text.offset;
    emit(LexemeKind::kDecoration, events);
    --at_.text.offset;
    at_.text.stage = Stage::kMusic;
  } else if (is_named) {
    if (at_.lexeme.decoration.push(c)) return;
    end_line_at_mark(events);
    read(c, events);
  } else if (c == U'\n') {
    report(Code::kDecorationNotClosed, events);
    emit(LexemeKind::kJunk, events);
    at_.text.stage = Stage::kMusic;
    begin(c, events);
  }
}

// What was read behind ! is not the name of a decoration: in old files ! ends a line
// (ABC 2.1, 10.2), and the characters behind it are music.
void Cursor::end_line_at_mark(Events* events) {
  const std::uint32_t here = at_.text.offset;
  at_.text.offset = at_.text.lexeme_begin;
  report(Code::kLineEndMark, events);
  emit_single(LexemeKind::kLineEnd, U'!', events);
  for (const char c : at_.lexeme.decoration.text()) {
    ++at_.text.offset;
    read(static_cast<unsigned char>(c), events);
  }
  at_.text.offset = here;
}

// Whether c belongs to the lexeme in progress, which it then changes.
bool Cursor::continues(char32_t c) {
  LexemeState& lexeme = at_.lexeme;
  switch (at_.text.stage) {
    case Stage::kAccidental:
      return continues_accidental(c);
    case Stage::kPitch:
      if (lexeme.timed == LexemeKind::kNote && (c == U'\'' || c == U',')) {
        const int octave = lexeme.pitch.octave + (c == U'\'' ? 1 : -1);
        lexeme.pitch.octave = static_cast<std::int8_t>(std::clamp(octave, -9, 9));
        return true;
      }
      return continues_length(c);
    case Stage::kNumerator:
    case Stage::kSlash:
    case Stage::kDenominator:
      return continues_length(c);
    case Stage::kBroken:
      if (c != (lexeme.broken > 0 ? U'>' : U'<')) return false;
      lexeme.broken = static_cast<std::int8_t>(lexeme.broken + (lexeme.broken > 0 ? 1 : -1));
      return true;
    case Stage::kEnding:
      return lexeme.ending.push(c);
    case Stage::kParenthesis:
      return lexeme.tuplet.push(c);
    case Stage::kSpaces:
    case Stage::kBackslash:
      return is_space(c);
    default:
      return false;
  }
}

bool Cursor::continues_accidental(char32_t c) {
  LexemeState& lexeme = at_.lexeme;
  if (is_note(c)) {
    begin_pitch(c);
  } else if (c == U'^' && lexeme.accidental == 1) {
    lexeme.accidental = 2;
  } else if (c == U'_' && lexeme.accidental == -1) {
    lexeme.accidental = -2;
  } else if (is_digit(c) || c == U'/') {
    lexeme.odd_accidental = true;
  } else {
    return false;
  }
  return true;
}

bool Cursor::continues_length(char32_t c) {
  LengthState& length = at_.lexeme.length;
  if (is_digit(c)) {
    if (at_.text.stage == Stage::kPitch || at_.text.stage == Stage::kNumerator) {
      length.numerator = with_digit(length.numerator, c);
      length.has_numerator = true;
      at_.text.stage = Stage::kNumerator;
    } else {
      length.denominator = with_digit(length.denominator, c);
      length.has_denominator = true;
      at_.text.stage = Stage::kDenominator;
    }
    return true;
  }
  if (c != U'/' || at_.text.stage == Stage::kDenominator) return false;
  length.slashes = static_cast<std::uint8_t>(std::min(length.slashes + 1, 12));
  at_.text.stage = Stage::kSlash;
  return true;
}

void Cursor::begin(char32_t c, Events* events) {
  start_lexeme();
  if (is_note(c)) return begin_pitch(c);
  if (begin_lexeme(c) || begin_mark(c, events)) return;
  if (is_shorthand(c)) return emit_single(LexemeKind::kDecoration, c, events);
  if (c == U'/' && at_.grace.is_open) return emit_single(LexemeKind::kDecoration, c, events);
  if (!is_ignored(c)) {
    const bool length = is_digit(c) || c == U'/' || c == U',' || c == U'\'';
    report(length ? Code::kLengthAlone : Code::kUnknownCharacter, events, c);
  }
  emit_single(LexemeKind::kJunk, c, events);
}

// Whether c begins what may have several characters.
bool Cursor::begin_lexeme(char32_t c) {
  const auto starts = [&](Stage stage) {
    at_.text.stage = stage;
    return true;
  };
  switch (c) {
    case U' ':
    case U'\t':
      return starts(Stage::kSpaces);
    case U'^':
    case U'_':
    case U'=':
      at_.lexeme.accidental = static_cast<std::int8_t>(c == U'^' ? 1 : c == U'_' ? -1 : 0);
      at_.lexeme.odd_accidental = false;
      return starts(Stage::kAccidental);
    case U'z':
    case U'x':
      begin_timed(LexemeKind::kRest, c);
      return true;
    case U'Z':
    case U'X':
      begin_timed(LexemeKind::kBarsRest, c);
      return true;
    case U'y':
      begin_timed(LexemeKind::kSpacer, c);
      return true;
    case U'|':
    case U':':
      begin_bar(c);
      return true;
    case U'[':
      return starts(Stage::kBracket);
    case U'(':
      at_.lexeme.tuplet = {};
      return starts(Stage::kParenthesis);
    case U'<':
    case U'>':
      at_.lexeme.broken = c == U'>' ? 1 : -1;
      return starts(Stage::kBroken);
    case U'"':
      at_.lexeme.quote = {};
      return starts(Stage::kQuote);
    case U'!':
    case U'+':
      at_.text.letter = c;
      at_.lexeme.decoration = {};
      return starts(Stage::kDecoration);
    case U'\\':
      return starts(Stage::kBackslash);
    case U'%':
      at_.text.skipped = LexemeKind::kComment;
      at_.text.skips_in_music = true;
      return starts(Stage::kSkip);
    default:
      return false;
  }
}

// Whether c means something alone.
bool Cursor::begin_mark(char32_t c, Events* events) {
  switch (c) {
    case U'\n':
      end_line(events);
      emit_single(LexemeKind::kLineEnd, c, events);
      at_.text.stage = Stage::kLineStart;
      return true;
    case U']':
      close_chord(events);
      return true;
    case U'{':
      open_grace(events);
      return true;
    case U'}':
      close_grace(events);
      return true;
    case U')':
      close_slur(events);
      return true;
    case U'-':
      tie(events);
      return true;
    case U'&':
      emit_single(LexemeKind::kOverlay, c, events);
      start_overlay(events);
      return true;
    default:
      return false;
  }
}

void Cursor::begin_ending(char32_t digit) {
  at_.lexeme.ending = {.number = with_digit(0, digit)};
  at_.text.stage = Stage::kEnding;
}

void Cursor::complete(Events* events) {
  switch (at_.text.stage) {
    case Stage::kAccidental:
      report(Code::kAccidentalAlone, events);
      emit(LexemeKind::kJunk, events);
      break;
    case Stage::kPitch:
    case Stage::kNumerator:
    case Stage::kSlash:
    case Stage::kDenominator:
      complete_timed(events);
      break;
    case Stage::kBroken:
      complete_broken(events);
      break;
    case Stage::kBar:
    case Stage::kBarBracket:
      complete_bar(events);
      break;
    case Stage::kEnding:
      complete_ending(events);
      break;
    case Stage::kParenthesis:
      complete_tuplet(events);
      break;
    case Stage::kSpaces:
      emit(LexemeKind::kSpace, events);
      break;
    case Stage::kBackslash:
      emit(LexemeKind::kContinuation, events);
      break;
    default:
      break;
  }
  at_.text.stage = Stage::kMusic;
}

}  // namespace lilt::abc
