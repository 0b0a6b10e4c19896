// A tune as music: voices of elements (notes, bars, fields), each with its place in the source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "abc/diagnostic.h"
#include "abc/duration.h"
#include "abc/key.h"
#include "abc/lexeme.h"
#include "abc/metre.h"

namespace lilt::abc {

// Bytes of the source.
struct Extent {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct Head {  // of a note
  Pitch pitch;
  std::int8_t accidental = kNoAccidental;  // as written
  bool tied = false;                       // to a note that follows
  Ticks length = 0;                        // as written, inside a chord or grace
};

struct Tuplet {
  int p = 0, q = 0, r = 0;  // r notes; p of them in the time of q. p = 0: none starts here
};

enum class ElementKind : std::uint8_t {
  kNote,  // one head, or a chord of several
  kRest,
  kBarsRest,  // of `count` bars
  kBar,
  kEnding,
  kField,  // within the music, on a line of its own or inline
  kLineEnd,
  kComment,  // a comment or a directive on a line of its own
  kOverlay,
};

struct Element {
  ElementKind kind = ElementKind::kNote;
  Extent place;

  // Notes and rests
  std::vector<Head> heads;
  std::vector<Head> graces;
  std::vector<std::string> chord_symbols;  // without quotes
  std::vector<std::string> marks;          // decorations and annotations, as written
  Ticks written = 0;                       // its length as written, before tuplet and broken rhythm
  Ticks time = 0;                          // the time it takes
  Tuplet tuplet;                           // that starts here
  bool in_tuplet = false;
  int slurs_open = 0;
  int slurs_close = 0;
  int broken = 0;  // > (positive) or < that follow
  bool space_after = false;
  bool invisible = false;  // x, X
  int count = 0;           // kBarsRest

  BarLine bar;              // kBar
  std::int32_t ending = 0;  // kEnding: bit n − 1 for the n-th time

  // kField, kComment
  char32_t field = 0;
  std::string text;
  bool is_inline = false;

  [[nodiscard]] bool takes_time() const {
    return kind == ElementKind::kNote || kind == ElementKind::kRest ||
           kind == ElementKind::kBarsRest;
  }
};

struct Field {
  char32_t letter = 0;
  std::string text;  // without spaces around it, comments and the line's end
  Extent place;
};

// A bar: the elements between two bar lines.
struct Bar {
  std::size_t begin = 0, end = 0;  // elements; the bar line itself is at `end`, if there is one
  int section = 0;
  std::int32_t ending = 0;
  Ticks time = 0;
};

struct Voice {
  std::string name;
  std::vector<Element> elements;

  // Bars with music, in the order of writing, by section: a section ends at a repeat or a double
  // bar line.
  [[nodiscard]] std::vector<Bar> bars() const;
};

struct Tune {
  std::vector<Field> header;  // in the order of the source, K: last
  Metre metre{4, 4};          // of the header
  Ticks unit = kWholeNote / 8;
  Key key{};
  int shift = 0;  // semitones by which all sounds higher than written
  std::vector<Voice> voices;

  // The text of the first header field of that letter, or "".
  [[nodiscard]] std::string field(char32_t letter) const;
};

struct Reading {
  Tune tune;
  std::vector<Problem> problems;  // in the order of the text; places in bytes from its start

  [[nodiscard]] bool is_correct() const;  // whether there is no error among the problems
};

// Reads one tune, UTF-8. The text ends where the tune does: see book.h for files of many.
[[nodiscard]] Reading read_tune(std::string_view text);

}  // namespace lilt::abc
