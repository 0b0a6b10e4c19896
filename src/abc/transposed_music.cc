#include <cstdlib>

#include "abc/cursor.h"
#include "abc/transpose.h"
#include "base/rational.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

std::string length_text(Ticks written, Ticks unit) {
  const Rational ratio(written, unit);
  std::string text;
  if (ratio.numerator() != 1) text = std::to_string(ratio.numerator());
  if (ratio.denominator() != 1) text += "/" + std::to_string(ratio.denominator());
  return text;
}

// Copies the music lexeme by lexeme; one that sounds is written anew.
class MusicMover {
 public:
  MusicMover(const std::string& before, int semitones, const Key& key, const std::string& behind)
      : semitones_(semitones), key_(key) {
    for (const char c : before) source_.push(static_cast<unsigned char>(c));
    for (const char c : behind) written_.push(static_cast<unsigned char>(c));
    start_ = done_ = source_.offset();
  }

  std::string move(const std::string& music) {
    music_ = music;
    for (const char c : music + " ") {
      events_.clear();
      source_.push(static_cast<unsigned char>(c), &events_);
      for (const Lexeme& lexeme : events_.lexemes()) take(lexeme);
    }
    copy_until(start_ + static_cast<std::uint32_t>(music.size()));
    return std::move(text_);
  }

 private:
  [[nodiscard]] std::string_view source(std::uint32_t begin, std::uint32_t end) const {
    return std::string_view(music_).substr(begin - start_, end - begin);
  }

  void write(std::string_view text) {
    for (const char c : text) written_.push(static_cast<unsigned char>(c));
    text_ += text;
  }

  void copy_until(std::uint32_t end) {
    if (end > done_) write(source(done_, end));
    done_ = std::max(done_, end);
  }

  void take(const Lexeme& lexeme) {
    if (lexeme.begin < done_) return;
    if (lexeme.kind == LexemeKind::kNote) {
      copy_until(lexeme.begin);
      write_pitch(lexeme.pitch.midi() + semitones_);
      write(length_text(lexeme.written, written_.unit()));
    } else if (lexeme.kind == LexemeKind::kRest) {
      copy_until(lexeme.begin + 1);
      write(length_text(lexeme.written, written_.unit()));
    } else if (lexeme.kind == LexemeKind::kChordSymbol) {
      copy_until(lexeme.begin + 1);
      const std::string symbol(source(lexeme.begin + 1, lexeme.end - 1));
      write(transpose_chord_symbol(symbol, semitones_, key_));
      done_ = lexeme.end - 1;
      return;
    } else {
      return;
    }
    done_ = lexeme.end;
  }

  void write_pitch(int midi) {
    const Pitch pitch = spell(midi, key_, Motion::kOther);
    if (written_.settled().alter(pitch.step) != pitch.alter) {
      constexpr std::string_view kAccidentals = "_=^";
      write(kAccidentals.substr(static_cast<std::size_t>(pitch.alter + 1), 1));
    }
    const char letter = kLetters[pitch.step];
    std::string text(1, pitch.octave > 0 ? static_cast<char>(letter + 32) : letter);
    if (pitch.octave > 1) text.append(static_cast<std::size_t>(pitch.octave - 1), '\'');
    if (pitch.octave < 0) text.append(static_cast<std::size_t>(-pitch.octave), ',');
    write(text);
  }

  int semitones_;
  Key key_;
  Cursor source_, written_;
  Events events_;
  std::string music_, text_;
  std::uint32_t start_ = 0, done_ = 0;
};

}  // namespace

std::string transposed_music(const std::string& before, const std::string& music, int semitones,
                             const Key& key, const std::string& behind) {
  return MusicMover(before, semitones, key, behind).move(music);
}

}  // namespace lilt::abc
