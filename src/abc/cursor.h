// The one understanding of ABC that Lilt has. The Cursor reads a tune one character at a time and
// always knows where it is: which field or bar, how much of the bar is filled, key and accidentals
// in force, tuplet, tie, slur, repeat and ending. The parser, the checker, the transposer, the
// constraint of the composer and the features of the network all ask it.
//
// It accepts ABC 2.1 as people write it (abcnotation.com/wiki/abc:standard:v2.1) and reports what
// is wrong instead of stopping. It is plain data: a copy costs a few nanoseconds and no allocation.
#pragma once

#include <cstdint>
#include <string_view>

#include "abc/cursor_state.h"
#include "abc/diagnostic.h"
#include "abc/lexeme.h"

namespace lilt::abc {

class Cursor {
 public:
  // At the start of a tune, before its X: line.
  Cursor() = default;

  // Reads one more character. With `events`, adds what it completed and what it showed to be wrong:
  // a lexeme is complete when the next character shows that it is.
  void push(char32_t c, Events* events = nullptr);
  // The text has ended: completes what is in progress and reports what is left open.
  void finish(Events* events = nullptr);

  // Whether all is well so far: what has been read can still become a correct tune.
  [[nodiscard]] bool can_become_correct() const { return !at_.has_error; }
  // Whether the tune is complete and correct if the text ends here.
  [[nodiscard]] bool may_end() const;

  // Where it is.
  [[nodiscard]] Part part() const { return at_.text.part; }
  [[nodiscard]] char field() const {
    return in_field() ? static_cast<char>(at_.field.letter) : '\0';
  }
  [[nodiscard]] std::uint32_t offset() const { return at_.text.offset; }  // bytes read
  // The music around it. Metre, unit and key are those in force.
  [[nodiscard]] const Metre& metre() const { return at_.bar.metre; }
  [[nodiscard]] Ticks unit() const { return at_.bar.unit; }
  [[nodiscard]] const Key& key() const { return at_.bar.key; }
  // Semitones by which a note of this step is raised here, accidentals in this bar considered.
  [[nodiscard]] int alter(int step) const { return at_.bar.alters[step]; }
  // How much of the bar is filled by what is complete, in playing order: after a pickup the next
  // bar starts at 0, and a section that starts within a bar goes on where the one before ended.
  [[nodiscard]] Ticks filled() const { return at_.bar.fill; }
  [[nodiscard]] Rational filled_in_whole_notes() const { return to_rational(at_.bar.fill); }
  [[nodiscard]] Ticks bar_length() const { return at_.bar.length; }  // 0 in free metre
  // Where in its bar the tune starts; 0 without a pickup. Known after the first bar line.
  [[nodiscard]] Ticks pickup() const { return at_.bar.pickup; }
  [[nodiscard]] bool in_first_bar() const { return at_.bar.is_first; }
  // Bars that began in this section, and in the tune, pickups not counted.
  [[nodiscard]] int bar() const { return at_.section.bars; }
  [[nodiscard]] int bars() const { return at_.bar.count; }
  [[nodiscard]] int section() const { return at_.section.number; }     // from 0
  [[nodiscard]] bool in_repeat() const { return at_.repeat.is_open; }  // after |: and before :|
  [[nodiscard]] int ending() const { return at_.repeat.ending; }  // 0, or bit n − 1 for the n-th
  [[nodiscard]] bool in_chord() const { return at_.chord.is_open; }
  [[nodiscard]] bool in_grace() const { return at_.grace.is_open; }
  [[nodiscard]] bool in_slur() const { return at_.slur.depth > 0; }
  [[nodiscard]] bool in_tie() const { return at_.tie.count > 0; }
  [[nodiscard]] int tuplet_left() const { return at_.tuplet.left; }  // notes to come of the tuplet
  [[nodiscard]] bool has_music() const { return at_.bar.has_music; }
  // The octave= and transpose= of the key field, in semitones.
  [[nodiscard]] int shift() const { return at_.bar.shift; }

  // All that it knows, for what has to look closer.
  [[nodiscard]] const CursorState& state() const { return at_; }

  // As it would be if the lexeme in progress ended here.
  [[nodiscard]] Cursor settled() const;
  // As it would be if what may still become a field or an ending were music: a letter that began a
  // line a note, [ a chord; of "|[" the bar line is complete then, and [ may still become anything.
  [[nodiscard]] Cursor taken_for_music() const;

  // Goes on reading where `place` stands, with its own music: how a reader of several voices
  // changes between their Cursors.
  void continue_from(const Cursor& place);

 private:
  [[nodiscard]] bool in_field() const {
    return at_.text.stage == Stage::kField || at_.text.stage == Stage::kInlineField;
  }

  // cursor.cc: one character more
  bool push_shortly(char32_t c, Events* events);
  bool push_after_note(char32_t c, Events* events);
  void read(char32_t c, Events* events);

  // cursor_lines.cc: the beginnings of lines
  void read_line_start(char32_t c, Events* events);
  void start_line(char32_t c, Events* events);
  void read_blank(char32_t c, Events* events);
  void read_line_letter(char32_t c, Events* events);
  void read_line_colon(char32_t c, Events* events);
  void begin_line_with(char32_t letter, std::uint32_t ago, Events* events);
  void skip_line(LexemeKind kind, char32_t c);
  void skip_header_text(char32_t c, Events* events);
  void read_skipped(char32_t c, Events* events);
  void end_skipped_line();
  void end_line(Events* events);

  // cursor_fields.cc: fields, and the tune's body
  void begin_field(Stage stage);
  void read_field(char32_t c, Events* events);
  void read_inline_field(char32_t c, Events* events);
  void complete_field(bool is_inline, Events* events);
  void apply_field(Events* events);
  void apply_key(Events* events);
  void set_metre(const Metre& metre);
  void begin_body(Events* events);
  void end_body(Events* events);
  void end_tune(Events* events);

  // cursor_lexemes.cc: one lexeme after another
  void read_music(char32_t c, Events* events);
  void read_bracket(char32_t c, Events* events);
  void read_bracket_letter(char32_t c, Events* events);
  void read_bar_bracket(char32_t c, Events* events);
  void read_bar(char32_t c, Events* events);
  void read_quote(char32_t c, Events* events);
  void read_decoration(char32_t c, Events* events);
  void end_line_at_mark(Events* events);
  bool continues(char32_t c);
  bool continues_accidental(char32_t c);
  bool continues_length(char32_t c);
  void begin(char32_t c, Events* events);
  bool begin_lexeme(char32_t c);
  bool begin_mark(char32_t c, Events* events);
  void begin_ending(char32_t digit);
  void complete(Events* events);  // the lexeme in progress
  // Here, since a shorter way through cursor.cc takes them too.
  void begin_timed(LexemeKind kind, char32_t c) {
    at_.lexeme.timed = kind;
    at_.lexeme.length = {};
    at_.text.letter = c;
    at_.text.stage = Stage::kPitch;
  }
  // A note letter, after its accidental if it has one.
  void begin_pitch(char32_t letter) {
    if (at_.text.stage != Stage::kAccidental) {
      at_.lexeme.accidental = kNoAccidental;
      at_.lexeme.odd_accidental = false;
    }
    at_.lexeme.pitch.step = static_cast<std::int8_t>(step_of(letter));
    at_.lexeme.pitch.octave = letter >= U'a' ? 1 : 0;
    begin_timed(LexemeKind::kNote, letter);
  }
  void begin_bar(char32_t c) {
    at_.lexeme.bar = {};
    at_.lexeme.bar.colons_before = c == U':' ? 1 : 0;
    at_.lexeme.bar.lines = c == U'|' ? 1 : 0;
    at_.lexeme.bar.begins_line =
        at_.text.last == LexemeKind::kLineEnd || at_.text.last == LexemeKind::kField;
    at_.text.stage = Stage::kBar;
  }

  // cursor_notes.cc: what takes time, and what is open
  void complete_timed(Events* events);
  void complete_note(Events* events);
  void complete_chord(Events* events);
  void complete_rest(Events* events);
  void complete_bars_rest(Events* events);
  void complete_broken(Events* events);
  void complete_tuplet(Events* events);
  void complete_quote(Events* events);
  void alter_pitch();
  Ticks take_note(Ticks written, Events* events);
  Ticks add_time(Ticks written, bool is_note, Events* events);
  Ticks tuplet_time(Ticks written, Events* events);
  Ticks broken_time(Ticks time, Events* events);
  [[nodiscard]] Ticks written_length(Ticks base, Events* events);
  void open_chord(Events* events);
  void close_chord(Events* events);
  void open_grace(Events* events);
  void close_grace(Events* events);
  void open_slur();
  void close_slur(Events* events);
  void tie(Events* events);
  void start_ties(unsigned which);
  void resolve_ties(Events* events);
  void refuse_ties(Events* events);

  // cursor_bars.cc: bars, repeats and endings
  void complete_bar(Events* events);
  void close_empty_ending(Events* events);
  void start_overlay(Events* events);
  void end_overlay(Events* events);
  void check_bar(bool soft, Events* events);
  void check_first_bar(Events* events);
  void end_repeat(Events* events);
  void imply_repeat(Events* events);
  void start_repeat(bool ends_repeat, Events* events);
  void start_section();
  void complete_ending(Events* events);
  void start_first_ending(std::int32_t numbers, Events* events);
  void start_later_ending(std::int32_t numbers, Events* events);

  // cursor.cc: what is told
  [[nodiscard]] Lexeme lexeme(LexemeKind kind) const {
    Lexeme lexeme;
    lexeme.kind = kind;
    lexeme.begin = at_.text.lexeme_begin;
    lexeme.end = at_.text.offset;
    return lexeme;
  }
  void emit(const Lexeme& lexeme, Events* events) {
    at_.text.last = lexeme.kind;
    if (events != nullptr) events->add(lexeme);
  }
  void emit(LexemeKind kind, Events* events) {
    at_.text.last = kind;
    if (events != nullptr && events->wants(kind)) events->add(lexeme(kind));
  }
  void emit_single(LexemeKind kind, char32_t c, Events* events);
  void report(Code code, Events* events, Ticks found = 0, Ticks expected = 0);
  void start_lexeme() { at_.text.lexeme_begin = at_.text.offset; }

  CursorState at_;
};

}  // namespace lilt::abc
