// Where a Cursor stands in a tune: plain data, in groups by what it is about. The Cursor keeps it,
// character by character; whoever asks what may come next reads it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "abc/character_classes.h"
#include "abc/chord_symbol.h"
#include "abc/decoration.h"
#include "abc/duration.h"
#include "abc/key.h"
#include "abc/lexeme.h"
#include "abc/metre.h"

namespace lilt::abc {

enum class Part : std::uint8_t { kHeader, kBody, kEnded };

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
  kDecoration,   // within ! or +; behind ! as long as it can be the name of one
  kParenthesis,  // ( and what makes it a tuplet
  kSpaces,
  kBackslash,
};

inline constexpr int kMostChordNotes = 8;  // as far as ties are followed

// --- The text

// Where in the text the reading is.
struct TextState {
  std::uint32_t offset = 0;        // bytes read
  std::uint32_t lexeme_begin = 0;  // of the lexeme in progress
  char32_t letter = 0;  // that a line, a bracket, a rest, a decoration or a skipped line began with
  Stage stage = Stage::kLineStart;
  Part part = Part::kHeader;
  LexemeKind last = LexemeKind::kNone;     // the last one of the music that was complete
  LexemeKind skipped = LexemeKind::kNone;  // kSkip: which
  bool skips_in_music = false;             // kSkip: behind music on the same line
  bool in_block = false;                   // after %%begintext or the like, before %%end…
};

// A field in progress, or the last one; of a skipped line its first characters.
struct FieldState {
  std::uint8_t letter = 0;
  std::uint8_t size = 0;
  bool in_comment = false;
  char32_t last = 0;  // character, comments included
  std::array<char, 46> characters{};

  // The text as far as it is kept; '?' for what is not ASCII.
  [[nodiscard]] std::string_view text() const { return {characters.data(), size}; }
  [[nodiscard]] bool is_full() const { return size == characters.size(); }
  void add(char32_t c) {
    if (!is_full()) characters[size++] = to_ascii(c);
  }
  // Whether c goes on with a field that has a line of its own, and was taken.
  bool push(char32_t c) {
    if (c == U'\n') return false;
    if (c == U'%' && (size == 0 || characters[size - 1] != '\\')) in_comment = true;
    last = c;
    if (!in_comment) add(c);
    return true;
  }
};

// n/d of a note, a rest or a chord.
struct LengthState {
  std::uint8_t slashes = 0;
  bool has_numerator = false, has_denominator = false;
  std::int32_t numerator = 0, denominator = 0;
};

// (p:q:r
struct TupletNumbers {
  std::int32_t p = 0, q = 0, r = 0;
  std::uint8_t colons = 0;

  // Whether c goes on with them, and was taken.
  bool push(char32_t c);
};

struct BarLineState {
  std::uint8_t colons_before = 0, lines = 0, colons_after = 0;
  bool is_thick = false;
  bool is_closed = false;    // by ]
  bool begins_line = false;  // the first on its line

  // Whether c goes on with it, and was taken.
  bool push(char32_t c);
  [[nodiscard]] BarLine bar_line() const;
};

// "1", "2,4" or "1-3".
struct EndingNumbers {
  std::int32_t number = 0;  // in progress
  std::int32_t range = 0;   // where the range in progress starts, or 0
  std::int32_t list = 0;    // bit n − 1 for the n-th time

  // Whether c goes on with them, and was taken.
  bool push(char32_t c);
  // The number or range in progress is complete.
  void add();
};

// A text in quotes, or the last one.
struct QuoteState {
  ChordSymbolProgress chord_symbol{};
  bool is_annotation = false;
  bool has_bracket = false;
  std::uint8_t size = 0;

  void push(char32_t c);
};

// What the lexeme in progress has said so far.
struct LexemeState {
  LexemeKind timed = LexemeKind::kNone;  // kPitch … kDenominator: what the length belongs to
  std::int8_t accidental = kNoAccidental;
  bool odd_accidental = false;  // a microtone
  std::int8_t broken = 0;       // > less <
  Pitch pitch{};
  BarLineState bar{};
  LengthState length{};
  TupletNumbers tuplet{};
  EndingNumbers ending{};
  QuoteState quote{};
  DecorationProgress decoration{};
};

// --- The music

// What the header has said.
struct HeaderState {
  bool has_x = false, has_t = false, has_r = false, has_m = false, has_l = false;
  bool is_hornpipe = false;
  Metre metre{4, 4};  // of the tune; known where the body begins
};

// The bar, and what is in force in it.
struct BarState {
  Ticks fill = 0;             // by what is complete
  Ticks length = kWholeNote;  // 0 in free metre
  // What the first bar lacks, if it is not full, and how long that bar is.
  Ticks pickup = 0;
  Ticks pickup_bar_length = 0;
  Ticks unit = kWholeNote / 8;
  std::int32_t shift = 0;  // octave= and transpose= of the key field, in semitones
  std::int32_t count = 0;  // of bars that began in the tune, pickups not counted
  Metre metre{4, 4};
  Key key{};
  std::array<std::int8_t, 7> alters{};  // of each step, accidentals in this bar considered
  BarLine last_line{};                  // no music since
  bool is_first = true;
  bool has_music = false;         // the tune
  bool has_chord = false;         // of several notes, so far
  bool in_overlay = false;        // another voice of the bar
  Ticks fill_before_overlay = 0;  // by the first one
};

// The section under way.
struct SectionState {
  std::int16_t number = 0;        // from 0
  bool in_first_bar = true;       // it began with the tune
  std::int32_t bars = 0;          // that began in it
  Ticks start = 0;                // where in its bar it began
  Ticks bar_length = kWholeNote;  // of that bar
};

struct RepeatState {
  bool is_open = false;                         // after |: and before :|
  bool had_repeat = false, had_ending = false;  // anywhere before
  bool after_ending = false;                    // :| closed an ending, another may follow
  std::int32_t ending = 0;                      // the one under way: bit n − 1 for the n-th time
  std::int32_t endings_seen = 0;
  bool ending_is_empty = false;  // no music behind its number yet
  Ticks fill_before_ending = 0;
  Ticks ending_start = 0;  // where in its bar the first ending began
  // Of the section that :| just ended.
  Ticks section_start = 0;
  Ticks section_bar_length = kWholeNote;
};

// --- What is open

struct ChordState {
  bool is_open = false;
  std::uint8_t notes = 0;
  std::uint8_t ties = 0;  // bit i: its i-th note is tied
  Ticks length = 0;       // of its first note
};

struct GraceState {
  bool is_open = false;
  bool waits = false;  // for the note it belongs to
  std::uint8_t notes = 0;
};

struct SlurState {
  std::uint8_t depth = 0;
  std::uint8_t notes = 0;  // since the outermost began
};

// A tuplet: p notes in the time of q.
struct TupletState {
  std::uint8_t left = 0;  // notes to come
  std::int8_t p = 1, q = 1;
  bool is_general = false;  // with a number of notes of its own: they may differ in length
  Ticks note = 0;           // written length of its first note; 0 before it
};

// Ties that are open: what the next note or chord must have.
struct TieState {
  std::uint8_t count = 0;
  bool over_bar = false;
  std::array<std::int8_t, kMostChordNotes> positions{}, alters{};
};

// The last note, chord or rest.
struct ElementState {
  Ticks length = 0;         // as written; 0: none yet
  Ticks time = 0;           // that it took; 0 where no broken rhythm can begin with it
  std::uint8_t graces = 0;  // before it
  std::uint8_t notes = 0;   // of a note or chord; 0 after a rest
  std::array<std::int8_t, kMostChordNotes> positions{}, alters{};
};

// What has been said of the note, chord or rest to come.
struct NextElementState {
  std::uint8_t chord_symbols = 0;  // before it
  std::int8_t broken = 0;          // the > or < between the last element and it
};

struct CursorState {
  TextState text;
  FieldState field;
  HeaderState header;
  LexemeState lexeme;
  bool has_error = false;  // what was read cannot become a correct tune any more

  NextElementState next;
  GraceState grace;
  SlurState slur;
  TieState tie;
  ChordState chord;
  TupletState tuplet;
  ElementState element;

  BarState bar;
  SectionState section;
  RepeatState repeat;
};

}  // namespace lilt::abc
