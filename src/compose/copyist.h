// Copies music of one text into another, where unit note length, key and accidentals may be others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/cursor.h"

namespace lilt::compose {

// A lexeme of a tune's music, with what its meaning depends on.
struct Word {
  abc::Lexeme lexeme;
  std::string_view text;
  abc::Ticks unit = 0;
  abc::Key key;
  abc::Ticks filled = 0;  // of the bar, behind it
  abc::Ticks chord = 0;   // of a chord's end: the written length of its first note, or 0
  bool in_chord = false, in_graces = false;

  // Whether it is a note, a chord's end or a rest that fills the bar.
  [[nodiscard]] bool is_timed() const;
  // Where in its bar a timed one begins.
  [[nodiscard]] abc::Ticks start() const { return filled - lexeme.length; }
  // Whether it belongs to the note before it.
  [[nodiscard]] bool is_suffix() const;
};

// The words of a tune's body, UTF-8. The text must outlive them.
[[nodiscard]] std::vector<Word> words_of(std::string_view tune);

class Copyist {
 public:
  // Writes text as it is.
  void keep(std::string_view text);
  // Writes music so that it sounds the same here, or that many semitones higher: lengths in the
  // unit in force, notes and chord symbols spelt for the key in force where that is another,
  // accidentals where they are needed. Changes of the unit note length are left out: it stays the
  // one that is in force.
  void copy(std::span<const Word> words, int semitones = 0);

  // What has been written.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const abc::Cursor& cursor() const { return cursor_; }

 private:
  void copy(const Word& word);
  // Whether the spelling of a word need not change.
  [[nodiscard]] bool is_at_home(const Word& word) const;
  [[nodiscard]] abc::Pitch pitch_here(const Word& word, const abc::Cursor& here) const;
  [[nodiscard]] std::string note(const Word& word) const;
  [[nodiscard]] std::string chord_end(const Word& word) const;
  [[nodiscard]] std::string chord_symbol(const Word& word) const;

  std::string text_;
  abc::Cursor cursor_;
  int semitones_ = 0;  // by which what is copied is moved up
};

}  // namespace lilt::compose
