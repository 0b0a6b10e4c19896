// The beginnings of lines, and lines that are skipped.

#include "abc/cursor.h"

#include <string_view>

#include "abc/character_classes.h"

namespace lilt::abc {
namespace {

constexpr std::size_t kDirectiveName = 6;  // as much of a directive as is looked at: "%begin"
}  // namespace

void Cursor::read_line_start(char32_t c, Events* events) {
  switch (at_.text.stage) {
    case Stage::kLineBlank:
      return read_blank(c, events);
    case Stage::kLineLetter:
      return read_line_letter(c, events);
    case Stage::kLineColon:
      return read_line_colon(c, events);
    default:
      return start_line(c, events);
  }
}

void Cursor::start_line(char32_t c, Events* events) {
  start_lexeme();
  if (at_.text.in_block && c != U'%') {
    skip_line(LexemeKind::kComment, c);
    if (c == U'\n') at_.text.stage = Stage::kLineStart;
  } else if (c == U'\n') {
    if (at_.text.part == Part::kBody || at_.header.has_x) end_tune(events);
  } else if (is_space(c)) {
    at_.text.stage = Stage::kLineBlank;
  } else if (c == U'%') {
    skip_line(LexemeKind::kComment, c);
  } else if (is_letter(c) || c == U'+') {
    at_.text.stage = Stage::kLineLetter;
    at_.text.letter = c;
  } else if (at_.text.part == Part::kHeader) {
    skip_header_text(c, events);
  } else {
    at_.text.stage = Stage::kMusic;
    begin(c, events);
  }
}

void Cursor::read_blank(char32_t c, Events* events) {
  if (is_space(c)) return;
  if (c == U'\n') {
    at_.text.stage = Stage::kLineStart;
    if (at_.text.part == Part::kBody || at_.header.has_x) end_tune(events);
  } else if (at_.text.part == Part::kHeader) {
    skip_header_text(c, events);
  } else {
    emit(LexemeKind::kSpace, events);
    at_.text.stage = Stage::kMusic;
    begin(c, events);
  }
}

void Cursor::read_line_letter(char32_t c, Events* events) {
  if (c == U':') {
    at_.text.stage = Stage::kLineColon;
  } else if (at_.text.part == Part::kHeader) {
    skip_header_text(c, events);
    if (c == U'\n') read(c, events);
  } else {
    begin_line_with(at_.text.letter, 1, events);
    read_music(c, events);
  }
}

// After a letter and a colon: "A:|" is a note and a repeat.
void Cursor::read_line_colon(char32_t c, Events* events) {
  const char32_t letter = at_.text.letter;
  if (at_.text.part == Part::kBody && (is_note(letter) || letter == U'z') &&
      (c == U'|' || c == U':')) {
    begin_line_with(letter, 2, events);
    --at_.text.offset;
    complete(events);
    begin(U':', events);
    ++at_.text.offset;
    read_music(c, events);
    return;
  }
  begin_field(Stage::kField);
  read_field(c, events);
}

// The letter that began the line, `ago` characters ago, turns out to be music.
void Cursor::begin_line_with(char32_t letter, std::uint32_t ago, Events* events) {
  at_.text.offset -= ago;
  at_.text.stage = Stage::kMusic;
  begin(letter, events);
  at_.text.offset += ago;
}

// The rest of the line, of which c is the first character, means nothing.
void Cursor::skip_line(LexemeKind kind, char32_t c) {
  at_.text.skipped = kind;
  at_.text.skips_in_music = false;
  at_.text.letter = c;
  at_.field.size = 0;  // for what comes after the first character
  at_.text.stage = Stage::kSkip;
}

// A history goes on over lines up to the next field (ABC 2.1, 3.1.8).
void Cursor::skip_header_text(char32_t c, Events* events) {
  if (at_.field.letter != 'H') report(Code::kHeaderText, events);
  skip_line(LexemeKind::kJunk, c);
}

void Cursor::read_skipped(char32_t c, Events* events) {
  if (c != U'\n') {
    if (!at_.text.skips_in_music && at_.field.size < kDirectiveName) at_.field.add(c);
    return;
  }
  emit(at_.text.skipped, events);
  at_.text.stage = Stage::kMusic;
  if (at_.text.skips_in_music) {
    start_lexeme();
    emit_single(LexemeKind::kLineEnd, c, events);
  } else {
    end_skipped_line();
  }
  at_.text.stage = Stage::kLineStart;
}

// Between %%begintext and %%endtext there is text, and so for what else begins and ends like that.
void Cursor::end_skipped_line() {
  const std::string_view text = at_.field.text();
  if (at_.text.letter != U'%') return;
  if (text.substr(0, 6) == "%begin") at_.text.in_block = true;
  if (text.substr(0, 4) == "%end") at_.text.in_block = false;
}

void Cursor::end_line(Events* events) {
  if (at_.chord.is_open) {
    report(Code::kChordNotClosed, events);
    at_.chord.is_open = false;
  }
  if (at_.grace.is_open) {
    report(Code::kGraceNotClosed, events);
    at_.grace.is_open = false;
  }
}

}  // namespace lilt::abc
