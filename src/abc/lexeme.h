// What the Cursor sees go by: lexemes, the pieces of the text that mean one thing each, such as a
// note or a bar line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "abc/decoration.h"
#include "abc/diagnostic.h"
#include "abc/duration.h"

namespace lilt::abc {

enum class LexemeKind : std::uint8_t {
  kNone,
  // Music that takes time
  kNote,        // also the notes of chords and grace notes
  kRest,        // z, x
  kBarsRest,    // Z, X: `number` bars
  kChordOpen,   // [
  kChordClose,  // ] with its length
  // Marks on music
  kGraceOpen,
  kGraceClose,
  kSlurOpen,
  kSlurClose,
  kTie,
  kBroken,  // `number` of > (positive) or < (negative)
  kTuplet,
  kChordSymbol,  // a text in quotes that is, or should be, a chord symbol
  kAnnotation,   // a text in quotes that begins with ^ _ < > @
  kDecoration,   // !…!, +…+ or a letter
  kSpacer,       // y
  // Form
  kBar,
  kEnding,
  kOverlay,  // &
  // Lines
  kField,        // a line "K:…", and everything in the header
  kInlineField,  // [K:…]
  kSpace,
  kLineEnd,       // of a line of music, or an exclamation mark that ends one in old files
  kContinuation,  // a backslash at the end of a line
  kComment,
  kJunk,  // what could not be understood
};

// The bar line: what it does, and how it looks.
struct BarLine {
  bool ends_repeat = false;
  bool starts_repeat = false;
  bool is_double = false;      // || |] [|
  bool is_final = false;       // |] with a thick line
  bool is_dotted = false;      // : or .|
  bool is_within_bar = false;  // the bar goes on behind it

  // Whether a section may end here in the middle of a bar.
  [[nodiscard]] bool is_soft() const { return ends_repeat || starts_repeat || is_double; }
  friend bool operator==(const BarLine&, const BarLine&) = default;
};

inline constexpr std::int8_t kNoAccidental = 127;

struct Pitch {
  std::int8_t step = 0;    // 0 C … 6 B
  std::int8_t octave = 0;  // 0: C D E … B as capital letters; 1: c d e … b
  std::int8_t alter = 0;   // semitones by which it is raised, signature and accidentals considered

  // Staff position, counted in steps from the capital C.
  [[nodiscard]] int position() const { return step + 7 * octave; }
  [[nodiscard]] int midi() const;
  friend bool operator==(const Pitch&, const Pitch&) = default;
};

struct Lexeme {
  LexemeKind kind = LexemeKind::kNone;
  std::int8_t accidental = kNoAccidental;  // kNote: as written, in semitones
  Pitch pitch{};                           // kNote
  BarLine bar{};                           // kBar
  char32_t letter = 0;      // kField, kInlineField: which; kRest, kDecoration: the letter
  std::int32_t number = 0;  // kBroken, kBarsRest; kEnding: bit n − 1 for the n-th time; kTuplet: P,
                            // or 0 if it is none
  std::int16_t q = 0, r = 0;         // kTuplet
  std::uint32_t begin = 0, end = 0;  // bytes from where the reading started
  // kNote, kRest, kChordClose: the time it takes, tuplet and broken rhythm before it considered; of
  // a note within a chord its own length; of grace notes as if they were none.
  Ticks length = 0;
  Ticks written = 0;  // kNote, kRest, kChordClose: the length as written
};

// What one more character completed, and what it showed to be wrong.
class Events {
 public:
  enum class Wanted : std::uint8_t { kAllLexemes, kFields };
  // Problems are always wanted; lexemes cost time.
  explicit Events(Wanted wanted = Wanted::kAllLexemes) : wanted_(wanted) {}

  [[nodiscard]] bool wants(LexemeKind kind) const {
    return wanted_ == Wanted::kAllLexemes || kind == LexemeKind::kField ||
           kind == LexemeKind::kInlineField;
  }
  void clear() { lexemes_count_ = problems_count_ = 0; }
  [[nodiscard]] bool empty() const { return lexemes_count_ + problems_count_ == 0; }
  [[nodiscard]] std::span<const Lexeme> lexemes() const {
    return {lexemes_.data(), lexemes_count_};
  }
  [[nodiscard]] std::span<const Problem> problems() const {
    return {problems_.data(), problems_count_};
  }

  // Beyond the room there is, nothing is added: no character has so much to say. The one that shows
  // an exclamation mark to end a line has the most: it completes all that came behind the mark.
  void add(const Lexeme& lexeme) {
    if (wants(lexeme.kind) && lexemes_count_ < lexemes_.size()) lexemes_[lexemes_count_++] = lexeme;
  }
  void add(const Problem& problem) {
    if (problems_count_ < problems_.size()) problems_[problems_count_++] = problem;
  }

 private:
  Wanted wanted_;
  std::size_t lexemes_count_ = 0;
  std::size_t problems_count_ = 0;
  std::array<Lexeme, kLongestDecorationName + 4> lexemes_;
  std::array<Problem, 2 * kLongestDecorationName + 8> problems_;
};

}  // namespace lilt::abc
