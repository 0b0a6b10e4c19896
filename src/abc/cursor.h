// The one understanding of ABC that Lilt has. The Cursor reads a tune one character at a time and
// always knows where it is: which field or bar, how much of the bar is filled, key and accidentals
// in force, tuplet, tie, slur, repeat and ending. The parser, the checker, the transposer, the
// constraint of the composer and the features of the network all ask it.
//
// It accepts ABC 2.1 as people write it (abcnotation.com/wiki/abc:standard:v2.1) and reports what
// is wrong instead of stopping. It is plain data: a copy costs a few nanoseconds and no allocation.
#pragma once

#include <array>
#include <cstdint>

#include "abc/character_set.h"
#include "abc/chord_symbol.h"
#include "abc/diagnostic.h"
#include "abc/duration.h"
#include "abc/key.h"
#include "abc/lexeme.h"
#include "abc/metre.h"

namespace lilt::abc {

class NextCharacters;

// Whether programs play a tune with this text of R: with a swing.
[[nodiscard]] bool is_hornpipe(std::string_view rhythm);

enum class Part : std::uint8_t { kHeader, kBody, kEnded };

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
  [[nodiscard]] bool can_become_correct() const { return !has_error_; }
  // Whether the tune is complete and correct if the text ends here.
  [[nodiscard]] bool may_end() const;

  // Where it is.
  [[nodiscard]] Part part() const { return part_; }
  [[nodiscard]] char field() const { return in_field() ? static_cast<char>(field_) : '\0'; }
  [[nodiscard]] std::uint32_t offset() const { return offset_; }  // bytes read
  // The music around it. Metre, unit and key are those in force.
  [[nodiscard]] const Metre& metre() const { return metre_; }
  [[nodiscard]] Ticks unit() const { return unit_; }
  [[nodiscard]] const Key& key() const { return key_; }
  // Semitones by which a note of this step is raised here, accidentals in this bar considered.
  [[nodiscard]] int alter(int step) const { return alters_[step]; }
  // How much of the bar is filled by what is complete, in playing order: after a pickup the next
  // bar starts at 0, and a section that starts within a bar goes on where the one before ended.
  [[nodiscard]] Ticks filled() const { return fill_; }
  [[nodiscard]] Rational filled_in_whole_notes() const { return to_rational(fill_); }
  [[nodiscard]] Ticks bar_length() const { return bar_length_; }  // 0 in free metre
  // Where in its bar the tune starts; 0 without a pickup. Known after the first bar line.
  [[nodiscard]] Ticks pickup() const { return pickup_; }
  [[nodiscard]] bool in_first_bar() const { return first_bar_; }
  // Bars that began in this section, and in the tune, pickups not counted.
  [[nodiscard]] int bar() const { return section_bars_; }
  [[nodiscard]] int bars() const { return bars_; }
  [[nodiscard]] int section() const { return section_; }         // from 0
  [[nodiscard]] bool in_repeat() const { return repeat_open_; }  // after |: and before :|
  [[nodiscard]] int ending() const { return ending_; }           // 0, or bit n − 1 for the n-th
  [[nodiscard]] bool in_chord() const { return in_chord_; }
  [[nodiscard]] bool in_grace() const { return in_grace_; }
  [[nodiscard]] bool in_slur() const { return slurs_ > 0; }
  [[nodiscard]] bool in_tie() const { return ties_ > 0; }
  [[nodiscard]] int tuplet_left() const { return tuplet_left_; }  // notes to come of the tuplet
  [[nodiscard]] bool has_music() const { return has_music_; }
  // The length as written of the last note, chord or rest, tuplets and broken rhythm aside.
  [[nodiscard]] Ticks written() const { return element_length_; }
  // The octave= and transpose= of the key field, in semitones.
  [[nodiscard]] int shift() const { return shift_; }

  // Goes on reading where `place` stands, with its own music: how a reader of several voices
  // changes between their Cursors.
  void continue_from(const Cursor& place);

 private:
  friend class NextCharacters;

  // What is in progress.
  enum class Stage : std::uint8_t {
    kLineStart,
    kLineLetter,  // a letter at the start of a line: a field, or music
    kLineColon,   // a letter and a colon: a field, or a note and a repeat
    kLineBlank,   // white space at the start of a line
    kField,
    kSkip,   // a comment, or a line that is not understood
    kMusic,  // between elements
    kAccidental,
    kPitch,      // a note letter or octave mark, or the end of a chord or a rest letter: a length
    kNumerator,  //   may follow
    kSlash,
    kDenominator,
    kBroken,
    kBar,
    kBarBracket,  // a bar line and [: an ending, a chord or a field
    kEnding,
    kBracket,  // [
    kBracketLetter,
    kInlineField,
    kQuote,
    kDecoration,   // within ! or +
    kParenthesis,  // ( and what makes it a tuplet
    kSpaces,
    kBackslash,
  };

  static constexpr int kMostNotes = 8;  // of a chord, as far as ties are followed

  [[nodiscard]] bool in_field() const {
    return stage_ == Stage::kField || stage_ == Stage::kInlineField;
  }

  bool push_shortly(char32_t c, Events* events);
  bool push_after_note(char32_t c, Events* events);
  void read(char32_t c, Events* events);
  void read_line_start(char32_t c, Events* events);
  void read_music(char32_t c, Events* events);
  bool continues(char32_t c, Events* events);
  bool continues_bar(char32_t c);
  bool continues_length(char32_t c);
  bool continues_tuplet(char32_t c);
  bool continues_ending(char32_t c);
  void begin(char32_t c, Events* events);
  void begin_timed(LexemeKind kind, char32_t c);
  void begin_pitch(char32_t letter);
  void begin_bar(char32_t c);
  void begin_ending(char32_t digit);
  void add_ending_number();
  void begin_line_with(char32_t letter, std::uint32_t ago, Events* events);
  void end_skipped_line();
  void end_line(Events* events);
  void complete(Events* events);  // the lexeme in progress

  void complete_timed(Events* events);
  void complete_note(Events* events);
  void complete_chord(Events* events);
  void complete_bars_rest(Events* events);
  void complete_broken(Events* events);
  void complete_bar(Events* events);
  void complete_ending(Events* events);
  void complete_quote(Events* events);
  void complete_tuplet(Events* events);
  void open_chord(Events* events);
  void close_chord(Events* events);
  void open_grace(Events* events);
  void close_grace(Events* events);
  void open_slur();
  void close_slur(Events* events);
  void tie(Events* events);

  Ticks add_time(Ticks written, bool is_note, Events* events);
  [[nodiscard]] Ticks written_length(Ticks base, Events* events);
  void resolve_ties(Events* events);
  void refuse_ties(Events* events);
  void start_ties(unsigned which);
  void check_bar(bool soft, Events* events);
  void end_repeat(Events* events);
  void imply_repeat(Events* events);
  void start_repeat(bool ends_repeat, Events* events);
  void start_section();

  void complete_field(bool is_inline, Events* events);
  void apply_field(Events* events);
  void apply_key(Events* events);
  void begin_body(Events* events);
  void set_metre(const Metre& metre);
  void set_key(const Key& key);
  void end_tune(Events* events);

  [[nodiscard]] Lexeme lexeme(LexemeKind kind) const;
  void emit(const Lexeme& lexeme, Events* events);
  void emit(LexemeKind kind, Events* events) {
    last_ = kind;
    if (events != nullptr && events->wants(kind)) events->add(lexeme(kind));
  }
  void emit_single(LexemeKind kind, char32_t c, Events* events);
  void report(Code code, Events* events, Ticks found = 0, Ticks expected = 0);
  void start_lexeme() { lexeme_begin_ = offset_; }

  // The text
  std::uint32_t offset_ = 0;
  std::uint32_t lexeme_begin_ = 0;
  Stage stage_ = Stage::kLineStart;
  Part part_ = Part::kHeader;
  LexemeKind skipped_ = LexemeKind::kNone;  // kSkip: which
  bool skip_in_music_ = false;
  bool in_text_block_ = false;            // after %%begintext or the like, before %%end…
  LexemeKind timed_ = LexemeKind::kNone;  // kPitch … kDenominator: what the length belongs to
  LexemeKind last_ = LexemeKind::kNone;   // the last lexeme of the music that was complete
  bool has_error_ = false;
  char32_t letter_ = 0;
  std::uint8_t field_ = 0;
  std::uint8_t field_size_ = 0;
  bool field_comment_ = false;
  char32_t field_end_ = 0;  // the last character of the field
  std::array<char, 46> field_text_{};

  // The header
  bool has_x_ = false, has_t_ = false, has_r_ = false, has_m_ = false, has_l_ = false;
  bool hornpipe_ = false;
  Metre metre_{4, 4};
  Metre header_metre_{4, 4};
  Ticks unit_ = kWholeNote / 8;
  Key key_{};
  int shift_ = 0;

  // The element in progress
  std::int8_t accidental_ = kNoAccidental;
  bool odd_accidental_ = false;  // a microtone
  Pitch pitch_{};
  std::uint8_t slashes_ = 0;
  bool has_numerator_ = false, has_denominator_ = false;
  std::int32_t numerator_ = 0, denominator_ = 0;
  std::int8_t broken_ = 0;
  std::int32_t tuplet_p_ = 0, tuplet_q_ = 0, tuplet_r_ = 0;
  std::uint8_t tuplet_colons_ = 0;
  ChordSymbolProgress chord_symbol_{};
  bool annotation_ = false;
  bool chord_symbol_bracket_ = false;
  std::uint8_t quote_size_ = 0;
  std::uint8_t chord_symbols_ = 0;  // since the last note or rest
  bool grace_waits_ = false;        // for the note it belongs to
  std::uint8_t bar_colons_before_ = 0, bar_lines_ = 0, bar_colons_after_ = 0;
  bool bar_thick_ = false, bar_closed_ = false, bar_begins_line_ = false;
  std::int32_t ending_number_ = 0, ending_list_ = 0, ending_range_ = 0;

  // The music
  std::array<std::int8_t, 7> alters_{};
  Ticks fill_ = 0;
  Ticks bar_length_ = kWholeNote;
  Ticks pickup_ = 0;
  Ticks pickup_bar_length_ = 0;
  BarLine last_bar_{};
  bool first_bar_ = true;
  bool has_music_ = false;
  std::int32_t bars_ = 0, section_bars_ = 0;
  std::int16_t section_ = 0;

  bool in_chord_ = false, in_grace_ = false;
  std::uint8_t chord_notes_ = 0, grace_notes_ = 0;
  Ticks chord_length_ = 0;
  std::uint8_t slurs_ = 0;
  std::uint8_t slur_notes_ = 0;

  std::uint8_t tuplet_left_ = 0;
  std::int8_t stretch_p_ = 1, stretch_q_ = 1;
  Ticks tuplet_note_ = 0;  // written length of its first note; 0 before it
  bool tuplet_general_ = false;

  Ticks element_length_ = 0;         // written length of the last note, chord or rest; 0: none yet
  Ticks element_time_ = 0;           // the time it took
  std::uint8_t element_graces_ = 0;  // before the last note
  std::int8_t next_broken_ = 0;

  // Repeats
  bool repeat_open_ = false;
  bool had_repeat_ = false, had_ending_ = false;  // anywhere before
  std::int32_t ending_ = 0;
  std::int32_t endings_seen_ = 0;
  bool after_ending_ = false;  // :| closed an ending, another may follow
  Ticks section_fill_ = 0;
  Ticks section_bar_length_ = kWholeNote;
  Ticks ending_fill_ = 0;
  Ticks repeat_fill_ = 0;  // section_fill_ of the section that :| just ended
  Ticks repeat_bar_length_ = kWholeNote;
  bool section_in_first_bar_ = true;

  // Ties: what the last note or chord was, and what the next must have.
  std::uint8_t last_notes_ = 0, ties_ = 0;
  bool tie_over_bar_ = false;
  std::uint8_t chord_ties_ = 0;  // bit i: the i-th note of the chord is tied
  std::array<std::int8_t, kMostNotes> last_positions_{}, last_alters_{};
  std::array<std::int8_t, kMostNotes> tie_positions_{}, tie_alters_{};
};

}  // namespace lilt::abc
