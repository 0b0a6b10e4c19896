// Fields, and what they change; where the body begins and the tune ends.

#include "abc/cursor.h"

#include <string_view>

#include "abc/character_classes.h"
#include "abc/playability.h"

namespace lilt::abc {

// The letter that was read turns out to be a field's.
void Cursor::begin_field(Stage stage) {
  at_.field.letter = static_cast<std::uint8_t>(at_.text.letter);
  at_.field.size = 0;
  at_.field.in_comment = false;
  at_.text.stage = stage;
}

void Cursor::read_field(char32_t c, Events* events) {
  if (at_.field.push(c)) return;
  complete_field(false, events);
  at_.text.stage = Stage::kLineStart;
}

void Cursor::read_inline_field(char32_t c, Events* events) {
  if (c != U']' && c != U'\n') return at_.field.add(c);
  if (c == U'\n') report(Code::kFieldNotClosed, events);
  complete_field(true, events);
  at_.text.stage = Stage::kMusic;
  if (c == U'\n') begin(c, events);
}

void Cursor::complete_field(bool is_inline, Events* events) {
  Lexeme field = lexeme(is_inline ? LexemeKind::kInlineField : LexemeKind::kField);
  field.letter = at_.field.letter;
  if (is_inline) ++field.end;
  emit(field, events);
  apply_field(events);
}

void Cursor::apply_field(Events* events) {
  const std::string_view text = at_.field.text();
  switch (at_.field.letter) {
    case 'X':
      if (at_.text.part == Part::kBody) report(Code::kFieldOrder, events);
      at_.header.has_x = true;
      break;
    case 'T':
      at_.header.has_t = true;
      break;
    case 'R':
      if (at_.text.part != Part::kHeader) break;
      at_.header.has_r = true;
      at_.header.is_hornpipe = is_hornpipe(text);
      break;
    case 'M':
      if (const auto metre = parse_metre(text)) {
        set_metre(*metre);
      } else {
        report(Code::kFieldMetre, events);
      }
      at_.header.has_m = true;
      break;
    case 'L':
      if (const auto unit = parse_unit(text)) {
        at_.bar.unit = *unit;
        at_.header.has_l = true;
      } else {
        report(Code::kFieldUnit, events);
      }
      break;
    case 'K':
      apply_key(events);
      break;
    default:
      break;
  }
}

void Cursor::set_metre(const Metre& metre) {
  at_.bar.metre = metre;
  at_.bar.length = metre.bar();
  const bool section_begins = at_.section.bars == 0 && at_.bar.fill == at_.section.start;
  if (section_begins) at_.section.bar_length = at_.bar.length;
}

void Cursor::apply_key(Events* events) {
  std::string_view text = at_.field.text();
  // Of a text that is too long the last word may have lost its end; keys stand at the beginning.
  if (at_.field.is_full()) text = text.substr(0, text.find_last_of(" \t") + 1);
  const KeyField field = parse_key(text);
  if (!field.understood) report(Code::kFieldKey, events);
  if (field.key) {
    at_.bar.key = *field.key;
    at_.bar.alters = at_.bar.key.alters;
  }
  if (field.octave != 0 || field.transpose != 0) {
    at_.bar.shift = 12 * field.octave + field.transpose;
  }
  if (at_.text.part == Part::kHeader) begin_body(events);
}

void Cursor::begin_body(Events* events) {
  at_.text.part = Part::kBody;
  if (!at_.header.has_l) at_.bar.unit = at_.bar.metre.default_unit();
  if (!at_.header.has_x) report(Code::kFieldMissingX, events);
  if (!at_.header.has_t) report(Code::kFieldMissingT, events);
  if (!at_.header.has_m) report(Code::kFieldMissingM, events);
  at_.section.bar_length = at_.bar.length;
  at_.header.metre = at_.bar.metre;
}

void Cursor::end_tune(Events* events) {
  start_lexeme();
  if (at_.text.part == Part::kHeader) {
    report(Code::kFieldMissingK, events);
  } else {
    end_body(events);
  }
  at_.text.part = Part::kEnded;
}

void Cursor::end_body(Events* events) {
  if (at_.bar.in_overlay) end_overlay(events);
  const BarState& bar = at_.bar;
  if (!bar.has_music) report(Code::kNoMusic, events);
  end_line(events);
  refuse_ties(events);
  if (at_.next.broken != 0) report(Code::kBrokenRhythmAlone, events);
  if (at_.slur.depth > 0) report(Code::kSlurNotClosed, events);
  if (at_.tuplet.left > 0) report(Code::kTupletIncomplete, events);
  if (at_.repeat.is_open) {
    report(at_.repeat.ending != 0 ? Code::kEndingNotClosed : Code::kRepeatNotClosed, events);
  }
  if (at_.repeat.endings_seen == 1) report(Code::kEndingMissing, events);
  if (bar.length > 0 && bar.fill > bar.length) {
    report(Code::kBarTooLong, events, bar.fill, bar.length);
  } else if (bar.fill > 0 && bar.fill != bar.pickup && bar.fill < bar.length) {
    report(Code::kLastBarShort, events, bar.fill, bar.pickup > 0 ? bar.pickup : bar.length);
  }
}

}  // namespace lilt::abc
