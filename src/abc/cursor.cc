#include "abc/cursor.h"

#include <algorithm>
#include <bit>
#include <string_view>

namespace lilt::abc {
namespace {

constexpr std::int32_t kMostDigits = 9999;  // larger numbers mean nothing in music
constexpr std::size_t kDirectiveName = 6;   // as much of a directive as is looked at: "%begin"
constexpr std::int32_t kMostBars = 1 << 30;
constexpr Ticks kMostTime = kWholeNote << 24;  // sums stop there, far below overflow
constexpr Ticks kLongestNote = kWholeNote * kMostDigits;

constexpr bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
constexpr bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
constexpr bool is_note(char32_t c) { return step_of(c) >= 0; }
constexpr bool is_space(char32_t c) { return c == U' ' || c == U'\t'; }
// A letter that may stand for a decoration (ABC 2.1, 4.16), and the staccato dot.
constexpr bool is_shorthand(char32_t c) {
  return (c >= U'H' && c <= U'W') || (c >= U'h' && c <= U'w') || c == U'~' || c == U'.';
}
// What ABC 2.1 reserves or allows for the eye.
constexpr bool is_ignored(char32_t c) {
  return c == U'`' || c == U'$' || c == U'*' || c == U';' || c == U'#' || c == U'@' || c == U'?';
}

enum class AfterNote : std::uint8_t { kOther, kNote, kDigit, kSpace, kBar };

constexpr std::array<AfterNote, 128> kAfterNote = [] {
  std::array<AfterNote, 128> table{};
  for (char32_t c = 0; c < 128; ++c) {
    table[c] = is_note(c)    ? AfterNote::kNote
               : is_digit(c) ? AfterNote::kDigit
               : c == U' '   ? AfterNote::kSpace
               : c == U'|'   ? AfterNote::kBar
                             : AfterNote::kOther;
  }
  return table;
}();

constexpr std::uint32_t utf8_size(char32_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

std::int32_t with_digit(std::int32_t number, char32_t digit) {
  return std::min(number * 10 + static_cast<std::int32_t>(digit - U'0'), kMostDigits);
}

}  // namespace

bool is_hornpipe(std::string_view rhythm) {
  constexpr std::string_view kHornpipe = "hornpipe";
  std::size_t i = 0;
  while (i < rhythm.size() && i < kHornpipe.size() && (rhythm[i] | 32) == kHornpipe[i]) ++i;
  return i == kHornpipe.size();
}

int Pitch::midi() const { return 60 + 12 * octave + kSemitones[step] + alter; }

void Cursor::push(char32_t c, Events* events) {
  if (!push_shortly(c, events) && part_ != Part::kEnded && c != U'\r') read(c, events);
  offset_ += utf8_size(c);
}

// What comes most often, taken on the shortest way: after a note another one, its length, a space
// or a bar line; a note after those. False when it is something else, and nothing was done.
inline bool Cursor::push_shortly(char32_t c, Events* events) {
  if (c >= 128) return false;
  switch (stage_) {
    case Stage::kPitch:
    case Stage::kNumerator:
      return push_after_note(c, events);
    case Stage::kSpaces:
      if (kAfterNote[c] != AfterNote::kNote) return false;
      emit(LexemeKind::kSpace, events);
      break;
    case Stage::kBar:
      if (kAfterNote[c] != AfterNote::kNote) return false;
      complete_bar(events);
      break;
    default:
      return false;
  }
  stage_ = Stage::kMusic;
  start_lexeme();
  begin_pitch(c);
  return true;
}

inline bool Cursor::push_after_note(char32_t c, Events* events) {
  if (timed_ != LexemeKind::kNote) return false;
  const AfterNote what = kAfterNote[c];
  if (what == AfterNote::kOther) return false;
  if (what == AfterNote::kDigit) {
    numerator_ = stage_ == Stage::kNumerator ? with_digit(numerator_, c)
                                             : static_cast<std::int32_t>(c - U'0');
    has_numerator_ = true;
    stage_ = Stage::kNumerator;
    return true;
  }
  complete_note(events);
  start_lexeme();
  if (what == AfterNote::kNote) {
    stage_ = Stage::kPitch;
    begin_pitch(c);
  } else if (what == AfterNote::kSpace) {
    stage_ = Stage::kSpaces;
  } else {
    begin_bar(c);
  }
  return true;
}

void Cursor::finish(Events* events) {
  if (part_ == Part::kEnded) return;
  if (stage_ == Stage::kLineStart) {
    end_tune(events);
    return;
  }
  // As if the last line ended here.
  read(U'\n', events);
  if (part_ != Part::kEnded) end_tune(events);
}

bool Cursor::may_end() const {
  if (part_ == Part::kEnded) return !has_error_;
  Cursor copy = *this;
  copy.finish();
  return copy.has_music_ && !copy.has_error_;
}

void Cursor::continue_from(const Cursor& place) {
  offset_ = place.offset_;
  lexeme_begin_ = place.lexeme_begin_;
  stage_ = place.stage_;
  skipped_ = place.skipped_;
  skip_in_music_ = place.skip_in_music_;
  in_text_block_ = place.in_text_block_;
  last_ = place.last_;
  part_ = place.part_;
}

// --- Lines

void Cursor::read(char32_t c, Events* events) {
  switch (stage_) {
    case Stage::kLineStart:
    case Stage::kLineBlank:
    case Stage::kLineLetter:
    case Stage::kLineColon:
      read_line_start(c, events);
      break;
    case Stage::kField:
      if (c == U'\n') {
        complete_field(false, events);
        stage_ = Stage::kLineStart;
      } else {
        if (c == U'%' && (field_size_ == 0 || field_text_[field_size_ - 1] != '\\')) {
          field_comment_ = true;
        }
        field_end_ = c;
        if (!field_comment_ && field_size_ < field_text_.size()) {
          field_text_[field_size_++] = c < 128 ? static_cast<char>(c) : '?';
        }
      }
      break;
    case Stage::kSkip:
      if (c == U'\n') {
        emit(skipped_, events);
        stage_ = Stage::kMusic;
        if (skip_in_music_) {
          start_lexeme();
          emit_single(LexemeKind::kLineEnd, c, events);
        } else {
          end_skipped_line();
        }
        stage_ = Stage::kLineStart;
      } else if (!skip_in_music_ && field_size_ < kDirectiveName) {
        field_text_[field_size_++] = c < 128 ? static_cast<char>(c) : '?';
      }
      break;
    default:
      read_music(c, events);
  }
}

void Cursor::read_line_start(char32_t c, Events* events) {
  const auto skip = [&](LexemeKind kind) {
    skipped_ = kind;
    skip_in_music_ = false;
    letter_ = c;
    field_size_ = 0;  // for what comes after the first character
    stage_ = Stage::kSkip;
  };
  // A history goes on over lines up to the next field (ABC 2.1, 3.1.8).
  const auto skip_header_text = [&] {
    if (field_ != 'H') report(Code::kHeaderText, events);
    skip(LexemeKind::kJunk);
  };
  switch (stage_) {
    case Stage::kLineStart:
      start_lexeme();
      if (in_text_block_ && c != U'%') {
        skip(LexemeKind::kComment);
        if (c == U'\n') stage_ = Stage::kLineStart;
      } else if (c == U'\n') {
        if (part_ == Part::kBody || has_x_) end_tune(events);
      } else if (is_space(c)) {
        stage_ = Stage::kLineBlank;
      } else if (c == U'%') {
        skip(LexemeKind::kComment);
      } else if (is_letter(c) || c == U'+') {
        stage_ = Stage::kLineLetter;
        letter_ = c;
      } else if (part_ == Part::kHeader) {
        skip_header_text();
      } else {
        stage_ = Stage::kMusic;
        begin(c, events);
      }
      return;
    case Stage::kLineBlank:
      if (is_space(c)) return;
      if (c == U'\n') {
        stage_ = Stage::kLineStart;
        if (part_ == Part::kBody || has_x_) end_tune(events);
      } else if (part_ == Part::kHeader) {
        skip_header_text();
      } else {
        emit(LexemeKind::kSpace, events);
        stage_ = Stage::kMusic;
        begin(c, events);
      }
      return;
    case Stage::kLineLetter:
      if (c == U':') {
        stage_ = Stage::kLineColon;
      } else if (part_ == Part::kHeader) {
        skip_header_text();
        if (c == U'\n') read(c, events);
      } else {
        begin_line_with(letter_, 1, events);
        read_music(c, events);
      }
      return;
    default:
      break;
  }
  // A letter and a colon: "A:|" is a note and a repeat.
  if (part_ == Part::kBody && (is_note(letter_) || letter_ == U'z') && (c == U'|' || c == U':')) {
    begin_line_with(letter_, 2, events);
    --offset_;
    complete(events);
    begin(U':', events);
    ++offset_;
    read_music(c, events);
    return;
  }
  field_ = static_cast<std::uint8_t>(letter_);
  field_size_ = 0;
  field_comment_ = false;
  stage_ = Stage::kField;
  read(c, events);
}

// The letter that began the line, `ago` characters ago, turns out to be music.
void Cursor::begin_line_with(char32_t letter, std::uint32_t ago, Events* events) {
  offset_ -= ago;
  stage_ = Stage::kMusic;
  begin(letter, events);
  offset_ += ago;
}

// Between %%begintext and %%endtext there is text, and so for what else begins and ends like that.
void Cursor::end_skipped_line() {
  const std::string_view text(field_text_.data(), field_size_);
  if (letter_ != U'%') return;
  if (text.substr(0, 6) == "%begin") in_text_block_ = true;
  if (text.substr(0, 4) == "%end") in_text_block_ = false;
}

void Cursor::end_line(Events* events) {
  if (in_chord_) {
    report(Code::kChordNotClosed, events);
    in_chord_ = false;
  }
  if (in_grace_) {
    report(Code::kGraceNotClosed, events);
    in_grace_ = false;
  }
}

// --- Music: one lexeme after another

void Cursor::read_music(char32_t c, Events* events) {
  switch (stage_) {
    case Stage::kBracket:
      if (is_digit(c)) {
        begin_ending(c);
      } else if (c == U'|') {
        bar_colons_before_ = bar_colons_after_ = 0;
        bar_lines_ = 1;
        bar_thick_ = true;
        bar_closed_ = false;
        stage_ = Stage::kBar;
      } else if (is_letter(c)) {
        letter_ = c;
        stage_ = Stage::kBracketLetter;
      } else {
        open_chord(events);
        stage_ = Stage::kMusic;
        begin(c, events);
      }
      return;
    case Stage::kBracketLetter:
      if (c == U':') {
        field_ = static_cast<std::uint8_t>(letter_);
        field_size_ = 0;
        field_comment_ = false;
        stage_ = Stage::kInlineField;
      } else {
        --offset_;  // where the letter is
        open_chord(events);
        stage_ = Stage::kMusic;
        begin(letter_, events);
        ++offset_;
        read_music(c, events);
      }
      return;
    case Stage::kBarBracket:
      --offset_;
      complete_bar(events);
      start_lexeme();
      ++offset_;
      stage_ = Stage::kBracket;
      read_music(c, events);
      return;
    case Stage::kBar:
      if (continues_bar(c)) return;
      if (c == U'[' && !bar_closed_) {
        stage_ = Stage::kBarBracket;
        return;
      }
      complete_bar(events);
      stage_ = Stage::kMusic;
      if (is_digit(c) && c != U'0' && bar_lines_ > 0 && bar_colons_after_ == 0) {
        start_lexeme();
        begin_ending(c);
      } else {
        begin(c, events);
      }
      return;
    case Stage::kInlineField:
      if (c == U']' || c == U'\n') {
        if (c == U'\n') report(Code::kFieldNotClosed, events);
        complete_field(true, events);
        stage_ = Stage::kMusic;
        if (c == U'\n') begin(c, events);
      } else if (field_size_ < field_text_.size()) {
        field_text_[field_size_++] = c < 128 ? static_cast<char>(c) : '?';
      }
      return;
    case Stage::kQuote:
      if (c != U'"' && c != U'\n') {
        if (quote_size_ == 0)
          annotation_ = c == U'^' || c == U'_' || c == U'<' || c == U'>' || c == U'@';
        if (quote_size_ == 0 && c == U'(') {
          chord_symbol_bracket_ = true;
        } else if (c != U' ' && !(chord_symbol_bracket_ && c == U')')) {
          chord_symbol_.push(c < 128 ? static_cast<char>(c) : '?');
        }
        quote_size_ = static_cast<std::uint8_t>(std::min(quote_size_ + 1, 255));
        return;
      }
      if (c == U'\n') report(Code::kQuoteNotClosed, events);
      if (c == U'"') ++offset_;
      complete_quote(events);
      if (c == U'"') --offset_;
      stage_ = Stage::kMusic;
      if (c == U'\n') begin(c, events);
      return;
    case Stage::kDecoration:
      if (c == letter_) {
        ++offset_;
        emit(LexemeKind::kDecoration, events);
        --offset_;
        stage_ = Stage::kMusic;
      } else if (c == U'\n') {
        report(Code::kDecorationNotClosed, events);
        emit(LexemeKind::kJunk, events);
        stage_ = Stage::kMusic;
        begin(c, events);
      }
      return;
    default:
      if (continues(c, events)) return;
      complete(events);
      begin(c, events);
  }
}

// Whether c belongs to the lexeme in progress, which it then changes.
bool Cursor::continues(char32_t c, Events*) {
  switch (stage_) {
    case Stage::kAccidental:
      if (is_note(c)) {
        begin_pitch(c);
      } else if (c == U'^' && accidental_ == 1) {
        accidental_ = 2;
      } else if (c == U'_' && accidental_ == -1) {
        accidental_ = -2;
      } else if (is_digit(c) || c == U'/') {
        odd_accidental_ = true;
      } else {
        return false;
      }
      return true;
    case Stage::kPitch:
      if (timed_ == LexemeKind::kNote && (c == U'\'' || c == U',')) {
        const int octave = pitch_.octave + (c == U'\'' ? 1 : -1);
        pitch_.octave = static_cast<std::int8_t>(std::clamp(octave, -9, 9));
        return true;
      }
      return continues_length(c);
    case Stage::kNumerator:
    case Stage::kSlash:
    case Stage::kDenominator:
      return continues_length(c);
    case Stage::kBroken:
      if (c != (broken_ > 0 ? U'>' : U'<')) return false;
      broken_ = static_cast<std::int8_t>(broken_ + (broken_ > 0 ? 1 : -1));
      return true;
    case Stage::kEnding:
      return continues_ending(c);
    case Stage::kParenthesis:
      return continues_tuplet(c);
    case Stage::kSpaces:
    case Stage::kBackslash:
      return is_space(c);
    default:
      return false;
  }
}

bool Cursor::continues_length(char32_t c) {
  if (is_digit(c)) {
    if (stage_ == Stage::kPitch || stage_ == Stage::kNumerator) {
      numerator_ = with_digit(numerator_, c);
      has_numerator_ = true;
      stage_ = Stage::kNumerator;
    } else {
      denominator_ = with_digit(denominator_, c);
      has_denominator_ = true;
      stage_ = Stage::kDenominator;
    }
    return true;
  }
  if (c != U'/' || stage_ == Stage::kDenominator) return false;
  slashes_ = static_cast<std::uint8_t>(std::min(slashes_ + 1, 12));
  stage_ = Stage::kSlash;
  return true;
}

bool Cursor::continues_bar(char32_t c) {
  if (bar_closed_) return false;
  if (c == U':') {
    if (bar_lines_ == 0 && bar_colons_before_ >= 2) return false;
    auto& colons = bar_lines_ == 0 ? bar_colons_before_ : bar_colons_after_;
    colons = static_cast<std::uint8_t>(std::min(colons + 1, 9));
    return true;
  }
  if (c == U'|') {
    if (bar_colons_after_ > 0 || (bar_lines_ == 0 && bar_colons_before_ >= 2)) return false;
    bar_lines_ = static_cast<std::uint8_t>(std::min(bar_lines_ + 1, 9));
    return true;
  }
  if (c == U']' && bar_lines_ > 0 && bar_colons_after_ == 0) {
    bar_thick_ = bar_closed_ = true;
    return true;
  }
  return false;
}

bool Cursor::continues_ending(char32_t c) {
  if (is_digit(c)) {
    ending_number_ = with_digit(ending_number_, c);
  } else if (c == U'-') {
    ending_range_ = ending_number_;
    ending_number_ = 0;
  } else if (c == U',') {
    add_ending_number();
  } else {
    return false;
  }
  return true;
}

// The number, or range of numbers, that has just been read.
void Cursor::add_ending_number() {
  const std::int32_t first = ending_range_ > 0 ? ending_range_ : ending_number_;
  const std::int32_t last = ending_number_ > 0 ? ending_number_ : ending_range_;  // "2-"
  for (std::int32_t n = std::max(first, 1); n <= std::min(last, 31); ++n) {
    ending_list_ |= std::int32_t{1} << (n - 1);
  }
  ending_number_ = ending_range_ = 0;
}

bool Cursor::continues_tuplet(char32_t c) {
  auto& number = tuplet_colons_ == 0 ? tuplet_p_ : tuplet_colons_ == 1 ? tuplet_q_ : tuplet_r_;
  if (is_digit(c)) {
    number = with_digit(number, c);
    return true;
  }
  if (c == U':' && tuplet_p_ > 0 && tuplet_colons_ < 2) {
    ++tuplet_colons_;
    return true;
  }
  return false;
}

void Cursor::begin(char32_t c, Events* events) {
  start_lexeme();
  if (is_note(c)) return begin_pitch(c);
  switch (c) {
    case U'\n':
      end_line(events);
      emit_single(LexemeKind::kLineEnd, c, events);
      stage_ = Stage::kLineStart;
      return;
    case U' ':
    case U'\t':
      stage_ = Stage::kSpaces;
      return;
    case U'^':
    case U'_':
    case U'=':
      accidental_ = static_cast<std::int8_t>(c == U'^' ? 1 : c == U'_' ? -1 : 0);
      odd_accidental_ = false;
      stage_ = Stage::kAccidental;
      return;
    case U'z':
    case U'x':
      return begin_timed(LexemeKind::kRest, c);
    case U'Z':
    case U'X':
      return begin_timed(LexemeKind::kBarsRest, c);
    case U'y':
      return begin_timed(LexemeKind::kSpacer, c);
    case U'|':
    case U':':
      return begin_bar(c);
    case U'[':
      stage_ = Stage::kBracket;
      return;
    case U']':
      return close_chord(events);
    case U'{':
      return open_grace(events);
    case U'}':
      return close_grace(events);
    case U'(':
      tuplet_p_ = tuplet_q_ = tuplet_r_ = 0;
      tuplet_colons_ = 0;
      stage_ = Stage::kParenthesis;
      return;
    case U')':
      return close_slur(events);
    case U'-':
      return tie(events);
    case U'<':
    case U'>':
      broken_ = c == U'>' ? 1 : -1;
      stage_ = Stage::kBroken;
      return;
    case U'"':
      chord_symbol_ = {};
      annotation_ = chord_symbol_bracket_ = false;
      quote_size_ = 0;
      stage_ = Stage::kQuote;
      return;
    case U'!':
    case U'+':
      letter_ = c;
      stage_ = Stage::kDecoration;
      return;
    case U'&':
      emit_single(LexemeKind::kOverlay, c, events);
      report(Code::kSeveralVoices, events);
      fill_ = 0;
      return;
    case U'\\':
      stage_ = Stage::kBackslash;
      return;
    case U'%':
      skipped_ = LexemeKind::kComment;
      skip_in_music_ = true;
      stage_ = Stage::kSkip;
      return;
    default:
      break;
  }
  if (is_shorthand(c)) return emit_single(LexemeKind::kDecoration, c, events);
  if (c == U'/' && in_grace_) return emit_single(LexemeKind::kDecoration, c, events);
  if (!is_ignored(c)) {
    const bool length = is_digit(c) || c == U'/' || c == U',' || c == U'\'';
    report(length ? Code::kLengthAlone : Code::kUnknownCharacter, events, c);
  }
  emit_single(LexemeKind::kJunk, c, events);
}

void Cursor::begin_timed(LexemeKind kind, char32_t c) {
  timed_ = kind;
  letter_ = c;
  numerator_ = denominator_ = 0;
  slashes_ = 0;
  has_numerator_ = has_denominator_ = false;
  stage_ = Stage::kPitch;
}

// A note letter, after its accidental if it has one.
void Cursor::begin_pitch(char32_t letter) {
  if (stage_ != Stage::kAccidental) {
    accidental_ = kNoAccidental;
    odd_accidental_ = false;
  }
  pitch_.step = static_cast<std::int8_t>(step_of(letter));
  pitch_.octave = letter >= U'a' ? 1 : 0;
  begin_timed(LexemeKind::kNote, letter);
}

void Cursor::begin_bar(char32_t c) {
  bar_colons_before_ = c == U':' ? 1 : 0;
  bar_lines_ = c == U'|' ? 1 : 0;
  bar_colons_after_ = 0;
  bar_thick_ = bar_closed_ = false;
  bar_begins_line_ = last_ == LexemeKind::kLineEnd || last_ == LexemeKind::kField;
  stage_ = Stage::kBar;
}

void Cursor::begin_ending(char32_t digit) {
  ending_number_ = ending_list_ = ending_range_ = 0;
  ending_number_ = with_digit(0, digit);
  stage_ = Stage::kEnding;
}

void Cursor::complete(Events* events) {
  switch (stage_) {
    case Stage::kAccidental:
      report(Code::kAccidentalAlone, events);
      emit(LexemeKind::kJunk, events);
      break;
    case Stage::kPitch:
    case Stage::kNumerator:
    case Stage::kSlash:
    case Stage::kDenominator:
      complete_timed(events);
      break;
    case Stage::kBroken:
      complete_broken(events);
      break;
    case Stage::kBar:
    case Stage::kBarBracket:
      complete_bar(events);
      break;
    case Stage::kEnding:
      complete_ending(events);
      break;
    case Stage::kParenthesis:
      complete_tuplet(events);
      break;
    case Stage::kSpaces:
      emit(LexemeKind::kSpace, events);
      break;
    case Stage::kBackslash:
      emit(LexemeKind::kContinuation, events);
      break;
    default:
      break;
  }
  stage_ = Stage::kMusic;
}

// --- Notes, chords, rests

// base × the length in progress.
Ticks Cursor::written_length(Ticks base, Events* events) {
  if (stage_ == Stage::kPitch) return base;  // no number
  const Ticks numerator = has_numerator_ ? numerator_ : 1;
  const Ticks denominator = has_denominator_ ? denominator_ : Ticks{1} << slashes_;
  if (numerator == 0 || denominator == 0) {
    report(Code::kLengthZero, events);
    return base;
  }
  const Ticks length = std::min(base * numerator, kLongestNote);
  if ((denominator & (denominator - 1)) == 0) {  // a power of two: divisions are slow
    if ((length & (denominator - 1)) != 0) report(Code::kLengthTooFine, events);
    return length >> std::countr_zero(static_cast<std::uint64_t>(denominator));
  }
  if (length % denominator != 0) report(Code::kLengthTooFine, events);
  return length / denominator;
}

void Cursor::complete_timed(Events* events) {
  switch (timed_) {
    case LexemeKind::kNote:
      complete_note(events);
      break;
    case LexemeKind::kChordClose:
      complete_chord(events);
      break;
    case LexemeKind::kBarsRest:
      complete_bars_rest(events);
      break;
    case LexemeKind::kRest: {
      Lexeme rest = lexeme(LexemeKind::kRest);
      rest.letter = letter_;
      const Ticks written = written_length(unit_, events);
      rest.length = written;
      if (!in_chord_ && !in_grace_) {
        refuse_ties(events);
        last_notes_ = 0;
        rest.length = add_time(written, false, events);
      }
      emit(rest, events);
      break;
    }
    default:
      emit(LexemeKind::kSpacer, events);
  }
}

void Cursor::complete_note(Events* events) {
  const Ticks written = written_length(unit_, events);
  if (accidental_ != kNoAccidental && !odd_accidental_) {
    alters_[pitch_.step] = accidental_;
  }
  pitch_.alter = odd_accidental_ ? std::int8_t{0} : alters_[pitch_.step];
  if (accidental_ == kNoAccidental && tie_over_bar_) {
    // A tie carries its accidental over the bar line, for this note alone.
    for (int i = 0; i < ties_; ++i) {
      if (tie_positions_[i] == pitch_.position()) pitch_.alter = tie_alters_[i];
    }
  }
  constexpr int kLowest = -4, kHighest = 4;  // octaves that are within MIDI's range as a whole
  if (pitch_.octave < kLowest || pitch_.octave > kHighest) {
    if (pitch_.midi() < 0 || pitch_.midi() > 127) report(Code::kPitchRange, events);
  }
  Ticks length = written;
  if (in_grace_) {
    grace_notes_ = static_cast<std::uint8_t>(std::min(grace_notes_ + 1, 255));
    if (in_chord_) chord_notes_ = static_cast<std::uint8_t>(std::min(chord_notes_ + 1, 255));
  } else {
    if (!in_chord_ || chord_notes_ == 0) last_notes_ = 0;
    if (last_notes_ < kMostNotes) {
      last_positions_[last_notes_] = static_cast<std::int8_t>(pitch_.position());
      last_alters_[last_notes_] = pitch_.alter;
      ++last_notes_;
    }
    if (in_chord_) {
      if (chord_notes_ == 0) chord_length_ = written;
      chord_notes_ = static_cast<std::uint8_t>(std::min(chord_notes_ + 1, 255));
    } else {
      if (ties_ > 0) resolve_ties(events);
      length = add_time(written, true, events);
    }
  }
  last_ = LexemeKind::kNote;
  if (events == nullptr) return;
  Lexeme note = lexeme(LexemeKind::kNote);
  note.accidental = accidental_;
  note.pitch = pitch_;
  note.length = length;
  emit(note, events);
}

void Cursor::open_chord(Events* events) {
  if (in_chord_) report(Code::kChordNested, events);
  in_chord_ = true;
  chord_notes_ = 0;
  chord_ties_ = 0;
  chord_length_ = unit_;
  emit(LexemeKind::kChordOpen, events);
}

void Cursor::close_chord(Events* events) {
  if (!in_chord_) {
    report(Code::kChordNotOpened, events);
    emit_single(LexemeKind::kJunk, U']', events);
    return;
  }
  in_chord_ = false;
  begin_timed(LexemeKind::kChordClose, U']');
}

void Cursor::complete_chord(Events* events) {
  Lexeme chord = lexeme(LexemeKind::kChordClose);
  if (chord_notes_ == 0) {
    report(Code::kChordEmpty, events);
  } else {
    const Ticks written = written_length(chord_length_, events);
    if (in_grace_) {
      chord.length = written;
    } else {
      resolve_ties(events);
      chord.length = add_time(written, true, events);
      if (chord_ties_ != 0) start_ties(chord_ties_);
    }
  }
  emit(chord, events);
}

void Cursor::complete_bars_rest(Events* events) {
  Lexeme rest = lexeme(LexemeKind::kBarsRest);
  refuse_ties(events);
  last_notes_ = 0;
  const std::int32_t bars = has_numerator_ ? std::max(numerator_, 1) : 1;
  rest.letter = letter_;
  rest.number = bars;
  rest.length = (bar_length_ == 0 ? kWholeNote : bar_length_) * bars;
  fill_ = std::min(fill_ + bar_length_, kMostTime);
  first_bar_ = false;
  bars_ = std::min(bars_ + bars, kMostBars);
  section_bars_ = std::min(section_bars_ + bars, kMostBars);
  has_music_ = true;
  emit(rest, events);
}

// Counts a note, chord or rest of this written length; the time it takes.
Ticks Cursor::add_time(Ticks written, bool is_note, Events* events) {
  Ticks time = written;
  if (tuplet_left_ > 0) [[unlikely]] {
    if (tuplet_note_ == 0) tuplet_note_ = written;
    if (tuplet_note_ != written && !tuplet_general_) report(Code::kTupletUnequal, events);
    if (written * stretch_q_ % stretch_p_ != 0) report(Code::kLengthTooFine, events);
    time = written * stretch_q_ / stretch_p_;
    --tuplet_left_;
  }
  if (next_broken_ != 0) {
    if (element_time_ != time) report(Code::kBrokenRhythmUnequal, events);
    const int count = std::abs(next_broken_);
    const Ticks part = time >> count;
    time = next_broken_ > 0 ? part : 2 * time - part;
    next_broken_ = 0;
    element_time_ = 0;  // it cannot begin another pair
  } else {
    element_time_ = time;
  }
  if (fill_ == 0 && !first_bar_) {
    ++bars_;
    ++section_bars_;
  }
  fill_ = std::min(fill_ + time, kMostTime);
  chord_symbols_ = 0;
  element_graces_ = grace_waits_ ? grace_notes_ : 0;
  last_bar_ = {};
  element_length_ = written;
  has_music_ = true;
  after_ending_ = false;
  if (is_note) {
    grace_waits_ = false;
    if (slurs_ > 0) slur_notes_ = static_cast<std::uint8_t>(std::min(slur_notes_ + 1, 255));
  }
  return time;
}

void Cursor::complete_broken(Events* events) {
  Lexeme broken = lexeme(LexemeKind::kBroken);
  broken.number = broken_;
  if (element_time_ == 0 || next_broken_ != 0 || in_chord_ || in_grace_) {
    report(Code::kBrokenRhythmAlone, events);
  } else {
    const int count = std::min(std::abs(broken_), 3);
    if (element_time_ % (Ticks{1} << count) != 0) report(Code::kLengthTooFine, events);
    const Ticks moved = element_time_ - (element_time_ >> count);
    fill_ += broken_ > 0 ? moved : -moved;
    next_broken_ = static_cast<std::int8_t>(broken_ > 0 ? count : -count);
  }
  emit(broken, events);
}

void Cursor::complete_tuplet(Events* events) {
  if (tuplet_p_ == 0) {
    open_slur();
    emit(LexemeKind::kSlurOpen, events);
    return;
  }
  Lexeme tuplet = lexeme(LexemeKind::kTuplet);
  const int q = tuplet_q_ > 0 ? tuplet_q_ : metre_.tuplet_time(tuplet_p_);
  const int r = tuplet_r_ > 0 ? tuplet_r_ : tuplet_p_;
  if (tuplet_left_ > 0) {
    report(Code::kTupletNested, events);
  } else if (q == 0 || tuplet_p_ > 100 || q > 100 || r > 100) {
    report(Code::kTupletNumber, events);
  } else {
    stretch_p_ = static_cast<std::int8_t>(tuplet_p_);
    stretch_q_ = static_cast<std::int8_t>(q);
    tuplet_left_ = static_cast<std::uint8_t>(r);
    tuplet_note_ = 0;
    tuplet_general_ = tuplet_r_ > 0;
    tuplet.number = tuplet_p_;
    tuplet.q = static_cast<std::int16_t>(q);
    tuplet.r = static_cast<std::int16_t>(r);
  }
  emit(tuplet, events);
}

void Cursor::open_grace(Events* events) {
  if (in_grace_) report(Code::kGraceNotClosed, events);
  in_grace_ = true;
  grace_notes_ = 0;
  emit_single(LexemeKind::kGraceOpen, U'{', events);
}

void Cursor::close_grace(Events* events) {
  if (!in_grace_) report(Code::kGraceNotOpened, events);
  in_grace_ = false;
  grace_waits_ = true;
  emit_single(LexemeKind::kGraceClose, U'}', events);
}

void Cursor::open_slur() {
  slurs_ = static_cast<std::uint8_t>(std::min(slurs_ + 1, 255));
  if (slurs_ == 1) slur_notes_ = 0;
}

void Cursor::close_slur(Events* events) {
  if (slurs_ == 0) {
    report(Code::kSlurNotOpened, events);
  } else {
    --slurs_;
  }
  emit_single(LexemeKind::kSlurClose, U')', events);
}

void Cursor::complete_quote(Events* events) {
  if (!annotation_) chord_symbols_ = static_cast<std::uint8_t>(std::min(chord_symbols_ + 1, 255));
  if (!annotation_ && !chord_symbol_.is_complete()) {
    report(chord_symbol_.is_standard() ? Code::kChordSymbolUnusual : Code::kChordSymbol, events);
  }
  emit(annotation_ ? LexemeKind::kAnnotation : LexemeKind::kChordSymbol, events);
}

// --- Ties

void Cursor::tie(Events* events) {
  if (in_grace_) {
  } else if (last_notes_ == 0) {
    report(Code::kTieFromNothing, events);
  } else if (in_chord_) {
    chord_ties_ = static_cast<std::uint8_t>(chord_ties_ | 1U << (last_notes_ - 1));
  } else {
    start_ties(~0U);
  }
  emit_single(LexemeKind::kTie, U'-', events);
}

// Ties the notes of the last note or chord that have their bit in `which`.
void Cursor::start_ties(unsigned which) {
  ties_ = 0;
  tie_over_bar_ = false;
  for (int i = 0; i < last_notes_; ++i) {
    if ((which >> i & 1) == 0) continue;
    tie_positions_[ties_] = last_positions_[i];
    tie_alters_[ties_] = last_alters_[i];
    ++ties_;
  }
}

// A note or chord has come: every tie must have its note in it.
void Cursor::resolve_ties(Events* events) {
  for (int i = 0; i < ties_; ++i) {
    bool found = false;
    for (int j = 0; j < last_notes_; ++j) {
      found |= last_positions_[j] == tie_positions_[i] && last_alters_[j] == tie_alters_[i];
    }
    if (!found) {
      report(Code::kTieToNothing, events);
      break;
    }
  }
  ties_ = 0;
  tie_over_bar_ = false;
}

void Cursor::refuse_ties(Events* events) {
  if (ties_ > 0) report(Code::kTieToNothing, events);
  ties_ = 0;
  tie_over_bar_ = false;
}

// --- Bars, repeats, endings

void Cursor::complete_bar(Events* events) {
  Lexeme bar = lexeme(LexemeKind::kBar);
  const bool is_double_colon = bar_lines_ == 0 && bar_colons_before_ >= 2;
  bar.bar.ends_repeat = bar_colons_before_ > 0 && (bar_lines_ > 0 || is_double_colon);
  bar.bar.starts_repeat = bar_colons_after_ > 0 || is_double_colon;
  bar.bar.is_double = bar_lines_ > 1 || bar_thick_;
  bar.bar.is_final = bar_thick_ && bar_closed_;
  bar.bar.is_dotted = bar_lines_ == 0 && !is_double_colon;

  if (tuplet_left_ > 0) report(Code::kTupletIncomplete, events);
  if (grace_waits_) report(Code::kGraceWithoutNote, events);
  grace_waits_ = false;
  if (next_broken_ == 0) element_time_ = 0;  // > behind a bar line has no first note
  last_bar_ = bar.bar;
  const bool was_all_right = !has_error_;
  check_bar(bar.bar.is_soft() || bar.bar.is_dotted, events);
  alters_ = key_.alters;
  tie_over_bar_ = ties_ > 0;

  if (bar.bar.ends_repeat) end_repeat(was_all_right && has_error_ ? nullptr : events);
  if (bar.bar.starts_repeat) {
    start_repeat(bar.bar.ends_repeat, events);
  } else if (bar.bar.is_double && !bar.bar.ends_repeat && !repeat_open_) {
    ending_ = 0;
    start_section();
  }
  emit(bar, events);
}

// What is in the bar, in playing order, must fill it, where it may not go on behind the bar line.
void Cursor::check_bar(bool soft, Events* events) {
  if (bar_length_ == 0) {
    if (fill_ > 0) first_bar_ = false;
    fill_ = 0;
    return;
  }
  if (fill_ == 0) return;  // for the eye
  if (first_bar_) {
    first_bar_ = false;
    if (fill_ > bar_length_) {
      report(Code::kBarTooLong, events, fill_, bar_length_);
    } else if (fill_ == bar_length_) {
      ++bars_;
      ++section_bars_;
    } else {
      pickup_ = bar_length_ - fill_;
      pickup_bar_length_ = bar_length_;
      if (section_in_first_bar_) section_fill_ = pickup_;
    }
    fill_ = 0;
    return;
  }
  if (soft && fill_ < bar_length_) return;
  if (fill_ > bar_length_) report(Code::kBarTooLong, events, fill_, bar_length_);
  if (fill_ < bar_length_) report(Code::kBarTooShort, events, fill_, bar_length_);
  fill_ = 0;
}

// :| goes back to where the section started: its first bar must go on where this one ends.
void Cursor::end_repeat(Events* events) {
  if (!repeat_open_ && ending_ == 0 && !after_ending_) imply_repeat(events);
  if (bar_length_ != 0 && fill_ != section_fill_) {
    report(Code::kRepeatMidBar, events, fill_, section_fill_);
  }
  after_ending_ = ending_ != 0;
  repeat_open_ = false;
  had_repeat_ = true;
  ending_ = 0;
  repeat_fill_ = section_fill_;
  repeat_bar_length_ = section_bar_length_;
  start_section();
}

// A repeat without |:. The first one of a tune starts at the beginning, others with the section.
void Cursor::imply_repeat(Events* events) {
  report(had_ending_ ? Code::kRepeatUnclear : Code::kRepeatNotOpened, events);
  if (!had_repeat_) section_fill_ = pickup_;
}

void Cursor::start_repeat(bool ends_repeat, Events* events) {
  if (repeat_open_ && !ends_repeat) {
    report(ending_ != 0 ? Code::kEndingNotClosed : Code::kRepeatNotClosed, events);
  }
  repeat_open_ = had_repeat_ = true;
  ending_ = 0;
  endings_seen_ = 0;
  after_ending_ = false;
  start_section();
}

void Cursor::start_section() {
  if (section_bars_ > 0) ++section_;
  section_fill_ = fill_;
  section_bar_length_ = bar_length_;
  section_bars_ = 0;
  section_in_first_bar_ = first_bar_ && fill_ == 0;
}

void Cursor::complete_ending(Events* events) {
  add_ending_number();
  Lexeme ending = lexeme(LexemeKind::kEnding);
  ending.number = ending_list_;
  const bool is_first = (ending_list_ & 1) != 0;
  if (ending_list_ == 0) {
    report(Code::kEndingNumber, events);
  } else if (is_first) {
    if (ending_ != 0) report(Code::kEndingNotClosed, events);
    if (!repeat_open_) imply_repeat(events);
    repeat_open_ = had_repeat_ = had_ending_ = true;
    ending_fill_ = fill_;
    endings_seen_ = ending_list_;
    ending_ = ending_list_;
  } else {
    if (!after_ending_) {
      report(ending_ != 0 ? Code::kEndingNotClosed : Code::kEndingWithoutRepeat, events);
    } else {
      if ((endings_seen_ & ending_list_) != 0) report(Code::kEndingNumber, events);
      // The section goes on from where its first ending began.
      fill_ = ending_fill_;
      section_fill_ = repeat_fill_;
      section_bar_length_ = repeat_bar_length_;
    }
    endings_seen_ |= ending_list_;
    ending_ = ending_list_;
  }
  after_ending_ = false;
  first_bar_ = false;
  emit(ending, events);
}

// --- Fields

void Cursor::complete_field(bool is_inline, Events* events) {
  Lexeme field = lexeme(is_inline ? LexemeKind::kInlineField : LexemeKind::kField);
  field.letter = field_;
  if (is_inline) ++field.end;
  emit(field, events);
  apply_field(events);
}

void Cursor::apply_field(Events* events) {
  const std::string_view text(field_text_.data(), field_size_);
  switch (field_) {
    case 'X':
      if (part_ == Part::kBody) report(Code::kFieldOrder, events);
      has_x_ = true;
      break;
    case 'T':
      has_t_ = true;
      break;
    case 'R':
      if (part_ == Part::kHeader) has_r_ = true, hornpipe_ = is_hornpipe(text);
      break;
    case 'M':
      if (const auto metre = parse_metre(text)) {
        set_metre(*metre);
      } else {
        report(Code::kFieldMetre, events);
      }
      has_m_ = true;
      break;
    case 'L':
      if (const auto unit = parse_unit(text)) {
        unit_ = *unit;
        has_l_ = true;
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
  metre_ = metre;
  bar_length_ = metre.bar();
  const bool section_begins = section_bars_ == 0 && fill_ == section_fill_;
  if (section_begins) section_bar_length_ = bar_length_;
}

void Cursor::apply_key(Events* events) {
  std::string_view text(field_text_.data(), field_size_);
  // Of a text that is too long the last word may have lost its end; keys stand at the beginning.
  if (text.size() == field_text_.size()) text = text.substr(0, text.find_last_of(" \t") + 1);
  const KeyField field = parse_key(text);
  if (!field.understood) report(Code::kFieldKey, events);
  if (field.key) {
    key_ = *field.key;
    alters_ = key_.alters;
  }
  if (field.octave != 0 || field.transpose != 0) shift_ = 12 * field.octave + field.transpose;
  if (part_ == Part::kHeader) begin_body(events);
}

void Cursor::begin_body(Events* events) {
  part_ = Part::kBody;
  if (!has_l_) unit_ = metre_.default_unit();
  if (!has_x_) report(Code::kFieldMissingX, events);
  if (!has_t_) report(Code::kFieldMissingT, events);
  if (!has_m_) report(Code::kFieldMissingM, events);
  section_bar_length_ = bar_length_;
  header_metre_ = metre_;
}

void Cursor::end_tune(Events* events) {
  start_lexeme();
  if (part_ == Part::kHeader) {
    report(Code::kFieldMissingK, events);
  } else {
    if (!has_music_) report(Code::kNoMusic, events);
    end_line(events);
    refuse_ties(events);
    if (next_broken_ != 0) report(Code::kBrokenRhythmAlone, events);
    if (slurs_ > 0) report(Code::kSlurNotClosed, events);
    if (tuplet_left_ > 0) report(Code::kTupletIncomplete, events);
    if (repeat_open_) {
      report(ending_ != 0 ? Code::kEndingNotClosed : Code::kRepeatNotClosed, events);
    }
    if (endings_seen_ == 1) report(Code::kEndingMissing, events);
    if (bar_length_ > 0 && fill_ > bar_length_) {
      report(Code::kBarTooLong, events, fill_, bar_length_);
    } else if (fill_ > 0 && fill_ != pickup_ && fill_ < bar_length_) {
      report(Code::kLastBarShort, events, fill_, pickup_ > 0 ? pickup_ : bar_length_);
    }
  }
  part_ = Part::kEnded;
}

// --- Telling

Lexeme Cursor::lexeme(LexemeKind kind) const {
  Lexeme lexeme;
  lexeme.kind = kind;
  lexeme.begin = lexeme_begin_;
  lexeme.end = offset_;
  return lexeme;
}

void Cursor::emit(const Lexeme& lexeme, Events* events) {
  last_ = lexeme.kind;
  if (events != nullptr) events->add(lexeme);
}

// A lexeme of one character, complete as soon as it is read.
void Cursor::emit_single(LexemeKind kind, char32_t c, Events* events) {
  stage_ = Stage::kMusic;
  last_ = kind;
  if (events == nullptr || !events->wants(kind)) return;
  Lexeme single = lexeme(kind);
  single.letter = c;
  single.end = offset_ + utf8_size(c);
  events->add(single);
}

void Cursor::report(Code code, Events* events, Ticks found, Ticks expected) {
  if (severity(code) == Severity::kError) has_error_ = true;
  if (events == nullptr) return;
  events->add(Problem{code, lexeme_begin_, std::max(offset_, lexeme_begin_ + 1), found, expected});
}

}  // namespace lilt::abc
