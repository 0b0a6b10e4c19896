#include "compose/copyist.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "abc/canonical.h"
#include "abc/transpose.h"
#include "base/text.h"

namespace lilt::compose {
namespace {

using abc::Cursor;
using abc::LexemeKind;
using abc::Pitch;

constexpr int kSteps = 7;

void push(Cursor& cursor, std::string_view text, abc::Events* events, const auto& take) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = decode_utf8(text.substr(at));
    cursor.push(step.code_point, events);
    take();
    at += std::max<std::size_t>(step.bytes, 1);
  }
}

// The pitch of an open tie that sounds so.
std::optional<Pitch> tied_pitch(const abc::TieState& tie, int midi) {
  for (int i = 0; i < tie.count; ++i) {
    const int position = tie.positions[i] + 10 * kSteps;
    const Pitch pitch = {.step = static_cast<std::int8_t>(position % kSteps),
                         .octave = static_cast<std::int8_t>(position / kSteps - 10),
                         .alter = tie.alters[i]};
    if (pitch.midi() == midi) return pitch;
  }
  return std::nullopt;
}

// By how many semitones a note without an accidental is raised: a tie carries one over a bar line.
int alter_in_force(const Pitch& pitch, const Cursor& here) {
  const abc::TieState& tie = here.state().tie;
  for (int i = 0; tie.over_bar && i < tie.count; ++i) {
    if (tie.positions[i] == pitch.position()) return tie.alters[i];
  }
  return here.alter(pitch.step);
}

std::string pitch_text(const Pitch& pitch) {
  const char letter = "CDEFGAB"[pitch.step];
  std::string text(1, letter);
  if (pitch.octave > 0) text[0] = static_cast<char>(std::tolower(letter));
  if (pitch.octave > 1) text.append(static_cast<std::size_t>(pitch.octave - 1), '\'');
  if (pitch.octave < 0) text.append(static_cast<std::size_t>(-pitch.octave), ',');
  return text;
}

std::string_view written_length(std::string_view note) {
  return note.substr(std::min(note.find_first_of("0123456789/"), note.size()));
}

}  // namespace

bool Word::is_timed() const {
  const LexemeKind kind = lexeme.kind;
  if (in_graces) return false;
  if (kind == LexemeKind::kNote || kind == LexemeKind::kRest) return !in_chord;
  return kind == LexemeKind::kChordClose || kind == LexemeKind::kBarsRest;
}

bool Word::is_suffix() const {
  const LexemeKind kind = lexeme.kind;
  return kind == LexemeKind::kTie || kind == LexemeKind::kSlurClose ||
         kind == LexemeKind::kBroken || kind == LexemeKind::kSpace;
}

std::vector<Word> words_of(std::string_view tune) {
  std::vector<Word> words;
  Cursor cursor;
  abc::Events events;
  bool in_chord = false, in_graces = false;
  abc::Ticks chord = 0;
  const auto take = [&] {
    const bool in_body = cursor.part() != abc::Part::kHeader;
    for (const abc::Lexeme& lexeme : events.lexemes()) {
      // The key field with which the body begins is of the header.
      if (!in_body || (words.empty() && lexeme.letter == U'K' && !cursor.has_music() &&
                       lexeme.kind == LexemeKind::kField)) {
        continue;
      }
      if (lexeme.kind == LexemeKind::kChordClose) in_chord = false;
      if (lexeme.kind == LexemeKind::kGraceClose) in_graces = false;
      if (in_chord && chord == 0 && lexeme.kind == LexemeKind::kNote) chord = lexeme.written;
      words.push_back({.lexeme = lexeme,
                       .text = tune.substr(lexeme.begin, lexeme.end - lexeme.begin),
                       .unit = cursor.unit(),
                       .key = cursor.key(),
                       .filled = cursor.filled(),
                       .chord = chord,
                       .in_chord = in_chord,
                       .in_graces = in_graces});
      if (!in_chord) chord = 0;
      if (lexeme.kind == LexemeKind::kChordOpen) in_chord = true;
      if (lexeme.kind == LexemeKind::kGraceOpen) in_graces = true;
    }
    events.clear();
  };
  push(cursor, tune, &events, take);
  cursor.finish(&events);
  take();
  return words;
}

void Copyist::keep(std::string_view text) {
  push(cursor_, text, nullptr, [] {});
  text_ += text;
}

void Copyist::copy(std::span<const Word> words, int semitones) {
  semitones_ = semitones;
  for (const Word& word : words) copy(word);
}

void Copyist::copy(const Word& word) {
  const abc::Lexeme& lexeme = word.lexeme;
  switch (lexeme.kind) {
    case LexemeKind::kNote:
      return keep(note(word));
    case LexemeKind::kRest:
      if (word.in_chord) return keep(word.text);
      return keep(std::string(1, word.text[0]) + abc::length_text(lexeme.written, cursor_.unit()));
    case LexemeKind::kChordClose:
      return keep(chord_end(word));
    case LexemeKind::kChordSymbol:
      return keep(chord_symbol(word));
    case LexemeKind::kField:
      return lexeme.letter == U'L' ? void() : keep(std::string(word.text) + "\n");
    case LexemeKind::kInlineField:
      return lexeme.letter == U'L' ? void() : keep(word.text);
    case LexemeKind::kComment:
      return;
    default:
      return keep(word.text);
  }
}

bool Copyist::is_at_home(const Word& word) const {
  return semitones_ == 0 && word.key == cursor_.key();
}

Pitch Copyist::pitch_here(const Word& word, const Cursor& here) const {
  const int midi = word.lexeme.pitch.midi() + semitones_;
  if (const auto tied = tied_pitch(here.state().tie, midi)) return *tied;
  if (is_at_home(word)) return word.lexeme.pitch;
  return abc::spell(midi, here.key(), abc::Motion::kOther);
}

std::string Copyist::note(const Word& word) const {
  constexpr std::array<std::string_view, 5> kAccidentals = {"__", "_", "=", "^", "^^"};
  const Cursor here = cursor_.settled();
  const Pitch pitch = pitch_here(word, here);
  std::string text;
  if (alter_in_force(pitch, here) != pitch.alter) {
    text = kAccidentals[std::clamp<int>(pitch.alter, -2, 2) + 2];
  }
  text += pitch_text(pitch);
  if (word.in_chord) return text.append(written_length(word.text));
  return text + abc::length_text(word.lexeme.written, here.unit());
}

// The length behind a chord multiplies those of its notes, which stay as they are written.
std::string Copyist::chord_end(const Word& word) const {
  if (word.chord == 0) return std::string(word.text);
  const Rational times =
      Rational(word.lexeme.written, word.chord) * Rational(word.unit, cursor_.unit());
  return "]" + abc::length_text(times.numerator(), times.denominator());
}

std::string Copyist::chord_symbol(const Word& word) const {
  if (is_at_home(word) || word.text.size() < 2) return std::string(word.text);
  const std::string name(word.text.substr(1, word.text.size() - 2));
  return "\"" + abc::transpose_chord_symbol(name, semitones_, cursor_.key()) + "\"";
}

}  // namespace lilt::compose
