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
  if (!push_shortly(c, events) && at_.text.part != Part::kEnded && c != U'\r') read(c, events);
  at_.text.offset += utf8_size(c);
}

// What comes most often, taken on the shortest way: after a note another one, its length, a space
// or a bar line; a note after those. False when it is something else, and nothing was done.
inline bool Cursor::push_shortly(char32_t c, Events* events) {
  if (c >= 128) return false;
  switch (at_.text.stage) {
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
  at_.text.stage = Stage::kMusic;
  start_lexeme();
  begin_pitch(c);
  return true;
}

inline bool Cursor::push_after_note(char32_t c, Events* events) {
  if (at_.lexeme.timed != LexemeKind::kNote) return false;
  const AfterNote what = kAfterNote[c];
  if (what == AfterNote::kOther) return false;
  if (what == AfterNote::kDigit) {
    at_.lexeme.length.numerator = at_.text.stage == Stage::kNumerator
                                      ? with_digit(at_.lexeme.length.numerator, c)
                                      : static_cast<std::int32_t>(c - U'0');
    at_.lexeme.length.has_numerator = true;
    at_.text.stage = Stage::kNumerator;
    return true;
  }
  complete_note(events);
  start_lexeme();
  if (what == AfterNote::kNote) {
    at_.text.stage = Stage::kPitch;
    begin_pitch(c);
  } else if (what == AfterNote::kSpace) {
    at_.text.stage = Stage::kSpaces;
  } else {
    begin_bar(c);
  }
  return true;
}

void Cursor::finish(Events* events) {
  if (at_.text.part == Part::kEnded) return;
  if (at_.text.stage == Stage::kLineStart) {
    end_tune(events);
    return;
  }
  // As if the last line ended here.
  read(U'\n', events);
  if (at_.text.part != Part::kEnded) end_tune(events);
}

bool Cursor::may_end() const {
  if (at_.text.part == Part::kEnded) return !at_.has_error;
  Cursor copy = *this;
  copy.finish();
  return copy.at_.bar.has_music && !copy.at_.has_error;
}

void Cursor::continue_from(const Cursor& place) { at_.text = place.at_.text; }

Cursor Cursor::settled() const {
  Cursor after = *this;
  after.complete(nullptr);
  return after;
}

Cursor Cursor::taken_for_music() const {
  Cursor after = *this;
  switch (at_.text.stage) {
    case Stage::kLineLetter:
      after.begin_line_with(at_.text.letter, 1, nullptr);
      break;
    case Stage::kBarBracket:
      after.complete_bar(nullptr);
      after.at_.text.stage = Stage::kBracket;
      break;
    case Stage::kBracket:
    case Stage::kBracketLetter:
      after.open_chord(nullptr);
      after.at_.text.stage = Stage::kMusic;
      if (at_.text.stage == Stage::kBracketLetter) after.begin(at_.text.letter, nullptr);
      break;
    default:
      break;
  }
  return after;
}

// --- Lines

void Cursor::read(char32_t c, Events* events) {
  switch (at_.text.stage) {
    case Stage::kLineStart:
    case Stage::kLineBlank:
    case Stage::kLineLetter:
    case Stage::kLineColon:
      read_line_start(c, events);
      break;
    case Stage::kField:
      if (c == U'\n') {
        complete_field(false, events);
        at_.text.stage = Stage::kLineStart;
      } else {
        if (c == U'%' &&
            (at_.field.size == 0 || at_.field.characters[at_.field.size - 1] != '\\')) {
          at_.field.in_comment = true;
        }
        at_.field.last = c;
        if (!at_.field.in_comment && at_.field.size < at_.field.characters.size()) {
          at_.field.characters[at_.field.size++] = c < 128 ? static_cast<char>(c) : '?';
        }
      }
      break;
    case Stage::kSkip:
      if (c == U'\n') {
        emit(at_.text.skipped, events);
        at_.text.stage = Stage::kMusic;
        if (at_.text.skips_in_music) {
          start_lexeme();
          emit_single(LexemeKind::kLineEnd, c, events);
        } else {
          end_skipped_line();
        }
        at_.text.stage = Stage::kLineStart;
      } else if (!at_.text.skips_in_music && at_.field.size < kDirectiveName) {
        at_.field.characters[at_.field.size++] = c < 128 ? static_cast<char>(c) : '?';
      }
      break;
    default:
      read_music(c, events);
  }
}

void Cursor::read_line_start(char32_t c, Events* events) {
  const auto skip = [&](LexemeKind kind) {
    at_.text.skipped = kind;
    at_.text.skips_in_music = false;
    at_.text.letter = c;
    at_.field.size = 0;  // for what comes after the first character
    at_.text.stage = Stage::kSkip;
  };
  // A history goes on over lines up to the next field (ABC 2.1, 3.1.8).
  const auto skip_header_text = [&] {
    if (at_.field.letter != 'H') report(Code::kHeaderText, events);
    skip(LexemeKind::kJunk);
  };
  switch (at_.text.stage) {
    case Stage::kLineStart:
      start_lexeme();
      if (at_.text.in_block && c != U'%') {
        skip(LexemeKind::kComment);
        if (c == U'\n') at_.text.stage = Stage::kLineStart;
      } else if (c == U'\n') {
        if (at_.text.part == Part::kBody || at_.header.has_x) end_tune(events);
      } else if (is_space(c)) {
        at_.text.stage = Stage::kLineBlank;
      } else if (c == U'%') {
        skip(LexemeKind::kComment);
      } else if (is_letter(c) || c == U'+') {
        at_.text.stage = Stage::kLineLetter;
        at_.text.letter = c;
      } else if (at_.text.part == Part::kHeader) {
        skip_header_text();
      } else {
        at_.text.stage = Stage::kMusic;
        begin(c, events);
      }
      return;
    case Stage::kLineBlank:
      if (is_space(c)) return;
      if (c == U'\n') {
        at_.text.stage = Stage::kLineStart;
        if (at_.text.part == Part::kBody || at_.header.has_x) end_tune(events);
      } else if (at_.text.part == Part::kHeader) {
        skip_header_text();
      } else {
        emit(LexemeKind::kSpace, events);
        at_.text.stage = Stage::kMusic;
        begin(c, events);
      }
      return;
    case Stage::kLineLetter:
      if (c == U':') {
        at_.text.stage = Stage::kLineColon;
      } else if (at_.text.part == Part::kHeader) {
        skip_header_text();
        if (c == U'\n') read(c, events);
      } else {
        begin_line_with(at_.text.letter, 1, events);
        read_music(c, events);
      }
      return;
    default:
      break;
  }
  // A letter and a colon: "A:|" is a note and a repeat.
  if (at_.text.part == Part::kBody && (is_note(at_.text.letter) || at_.text.letter == U'z') &&
      (c == U'|' || c == U':')) {
    begin_line_with(at_.text.letter, 2, events);
    --at_.text.offset;
    complete(events);
    begin(U':', events);
    ++at_.text.offset;
    read_music(c, events);
    return;
  }
  at_.field.letter = static_cast<std::uint8_t>(at_.text.letter);
  at_.field.size = 0;
  at_.field.in_comment = false;
  at_.text.stage = Stage::kField;
  read(c, events);
}

// The letter that began the line, `ago` characters ago, turns out to be music.
void Cursor::begin_line_with(char32_t letter, std::uint32_t ago, Events* events) {
  at_.text.offset -= ago;
  at_.text.stage = Stage::kMusic;
  begin(letter, events);
  at_.text.offset += ago;
}

// Between %%begintext and %%endtext there is text, and so for what else begins and ends like that.
void Cursor::end_skipped_line() {
  const std::string_view text = at_.field.text();
  if (at_.text.letter != U'%') return;
  if (text.substr(0, 6) == "%begin") at_.text.in_block = true;
  if (text.substr(0, 4) == "%end") at_.text.in_block = false;
}

void Cursor::end_line(Events* events) {
  if (at_.chord.is_open) {
    report(Code::kChordNotClosed, events);
    at_.chord.is_open = false;
  }
  if (at_.grace.is_open) {
    report(Code::kGraceNotClosed, events);
    at_.grace.is_open = false;
  }
}

// --- Music: one lexeme after another

void Cursor::read_music(char32_t c, Events* events) {
  switch (at_.text.stage) {
    case Stage::kBracket:
      if (is_digit(c)) {
        begin_ending(c);
      } else if (c == U'|') {
        at_.lexeme.bar.colons_before = at_.lexeme.bar.colons_after = 0;
        at_.lexeme.bar.lines = 1;
        at_.lexeme.bar.is_thick = true;
        at_.lexeme.bar.is_closed = false;
        at_.text.stage = Stage::kBar;
      } else if (is_letter(c)) {
        at_.text.letter = c;
        at_.text.stage = Stage::kBracketLetter;
      } else {
        open_chord(events);
        at_.text.stage = Stage::kMusic;
        begin(c, events);
      }
      return;
    case Stage::kBracketLetter:
      if (c == U':') {
        at_.field.letter = static_cast<std::uint8_t>(at_.text.letter);
        at_.field.size = 0;
        at_.field.in_comment = false;
        at_.text.stage = Stage::kInlineField;
      } else {
        --at_.text.offset;  // where the letter is
        open_chord(events);
        at_.text.stage = Stage::kMusic;
        begin(at_.text.letter, events);
        ++at_.text.offset;
        read_music(c, events);
      }
      return;
    case Stage::kBarBracket:
      --at_.text.offset;
      complete_bar(events);
      start_lexeme();
      ++at_.text.offset;
      at_.text.stage = Stage::kBracket;
      read_music(c, events);
      return;
    case Stage::kBar:
      if (continues_bar(c)) return;
      if (c == U'[' && !at_.lexeme.bar.is_closed) {
        at_.text.stage = Stage::kBarBracket;
        return;
      }
      complete_bar(events);
      at_.text.stage = Stage::kMusic;
      if (is_digit(c) && c != U'0' && at_.lexeme.bar.lines > 0 &&
          at_.lexeme.bar.colons_after == 0) {
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
        at_.text.stage = Stage::kMusic;
        if (c == U'\n') begin(c, events);
      } else if (at_.field.size < at_.field.characters.size()) {
        at_.field.characters[at_.field.size++] = c < 128 ? static_cast<char>(c) : '?';
      }
      return;
    case Stage::kQuote:
      if (c != U'"' && c != U'\n') {
        if (at_.lexeme.quote.size == 0)
          at_.lexeme.quote.is_annotation =
              c == U'^' || c == U'_' || c == U'<' || c == U'>' || c == U'@';
        if (at_.lexeme.quote.size == 0 && c == U'(') {
          at_.lexeme.quote.has_bracket = true;
        } else if (c != U' ' && !(at_.lexeme.quote.has_bracket && c == U')')) {
          at_.lexeme.quote.chord_symbol.push(c < 128 ? static_cast<char>(c) : '?');
        }
        at_.lexeme.quote.size = static_cast<std::uint8_t>(std::min(at_.lexeme.quote.size + 1, 255));
        return;
      }
      if (c == U'\n') report(Code::kQuoteNotClosed, events);
      if (c == U'"') ++at_.text.offset;
      complete_quote(events);
      if (c == U'"') --at_.text.offset;
      at_.text.stage = Stage::kMusic;
      if (c == U'\n') begin(c, events);
      return;
    case Stage::kDecoration:
      if (c == at_.text.letter) {
        ++at_.text.offset;
        emit(LexemeKind::kDecoration, events);
        --at_.text.offset;
        at_.text.stage = Stage::kMusic;
      } else if (c == U'\n') {
        report(Code::kDecorationNotClosed, events);
        emit(LexemeKind::kJunk, events);
        at_.text.stage = Stage::kMusic;
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
  switch (at_.text.stage) {
    case Stage::kAccidental:
      if (is_note(c)) {
        begin_pitch(c);
      } else if (c == U'^' && at_.lexeme.accidental == 1) {
        at_.lexeme.accidental = 2;
      } else if (c == U'_' && at_.lexeme.accidental == -1) {
        at_.lexeme.accidental = -2;
      } else if (is_digit(c) || c == U'/') {
        at_.lexeme.odd_accidental = true;
      } else {
        return false;
      }
      return true;
    case Stage::kPitch:
      if (at_.lexeme.timed == LexemeKind::kNote && (c == U'\'' || c == U',')) {
        const int octave = at_.lexeme.pitch.octave + (c == U'\'' ? 1 : -1);
        at_.lexeme.pitch.octave = static_cast<std::int8_t>(std::clamp(octave, -9, 9));
        return true;
      }
      return continues_length(c);
    case Stage::kNumerator:
    case Stage::kSlash:
    case Stage::kDenominator:
      return continues_length(c);
    case Stage::kBroken:
      if (c != (at_.lexeme.broken > 0 ? U'>' : U'<')) return false;
      at_.lexeme.broken =
          static_cast<std::int8_t>(at_.lexeme.broken + (at_.lexeme.broken > 0 ? 1 : -1));
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
    if (at_.text.stage == Stage::kPitch || at_.text.stage == Stage::kNumerator) {
      at_.lexeme.length.numerator = with_digit(at_.lexeme.length.numerator, c);
      at_.lexeme.length.has_numerator = true;
      at_.text.stage = Stage::kNumerator;
    } else {
      at_.lexeme.length.denominator = with_digit(at_.lexeme.length.denominator, c);
      at_.lexeme.length.has_denominator = true;
      at_.text.stage = Stage::kDenominator;
    }
    return true;
  }
  if (c != U'/' || at_.text.stage == Stage::kDenominator) return false;
  at_.lexeme.length.slashes =
      static_cast<std::uint8_t>(std::min(at_.lexeme.length.slashes + 1, 12));
  at_.text.stage = Stage::kSlash;
  return true;
}

bool Cursor::continues_bar(char32_t c) {
  if (at_.lexeme.bar.is_closed) return false;
  if (c == U':') {
    if (at_.lexeme.bar.lines == 0 && at_.lexeme.bar.colons_before >= 2) return false;
    auto& colons =
        at_.lexeme.bar.lines == 0 ? at_.lexeme.bar.colons_before : at_.lexeme.bar.colons_after;
    colons = static_cast<std::uint8_t>(std::min(colons + 1, 9));
    return true;
  }
  if (c == U'|') {
    if (at_.lexeme.bar.colons_after > 0 ||
        (at_.lexeme.bar.lines == 0 && at_.lexeme.bar.colons_before >= 2))
      return false;
    at_.lexeme.bar.lines = static_cast<std::uint8_t>(std::min(at_.lexeme.bar.lines + 1, 9));
    return true;
  }
  if (c == U']' && at_.lexeme.bar.lines > 0 && at_.lexeme.bar.colons_after == 0) {
    at_.lexeme.bar.is_thick = at_.lexeme.bar.is_closed = true;
    return true;
  }
  return false;
}

bool Cursor::continues_ending(char32_t c) {
  if (is_digit(c)) {
    at_.lexeme.ending.number = with_digit(at_.lexeme.ending.number, c);
  } else if (c == U'-') {
    at_.lexeme.ending.range = at_.lexeme.ending.number;
    at_.lexeme.ending.number = 0;
  } else if (c == U',') {
    add_ending_number();
  } else {
    return false;
  }
  return true;
}

// The number, or range of numbers, that has just been read.
void Cursor::add_ending_number() {
  const std::int32_t first =
      at_.lexeme.ending.range > 0 ? at_.lexeme.ending.range : at_.lexeme.ending.number;
  const std::int32_t last =
      at_.lexeme.ending.number > 0 ? at_.lexeme.ending.number : at_.lexeme.ending.range;  // "2-"
  for (std::int32_t n = std::max(first, 1); n <= std::min(last, 31); ++n) {
    at_.lexeme.ending.list |= std::int32_t{1} << (n - 1);
  }
  at_.lexeme.ending.number = at_.lexeme.ending.range = 0;
}

bool Cursor::continues_tuplet(char32_t c) {
  auto& number = at_.lexeme.tuplet.colons == 0   ? at_.lexeme.tuplet.p
                 : at_.lexeme.tuplet.colons == 1 ? at_.lexeme.tuplet.q
                                                 : at_.lexeme.tuplet.r;
  if (is_digit(c)) {
    number = with_digit(number, c);
    return true;
  }
  if (c == U':' && at_.lexeme.tuplet.p > 0 && at_.lexeme.tuplet.colons < 2) {
    ++at_.lexeme.tuplet.colons;
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
      at_.text.stage = Stage::kLineStart;
      return;
    case U' ':
    case U'\t':
      at_.text.stage = Stage::kSpaces;
      return;
    case U'^':
    case U'_':
    case U'=':
      at_.lexeme.accidental = static_cast<std::int8_t>(c == U'^' ? 1 : c == U'_' ? -1 : 0);
      at_.lexeme.odd_accidental = false;
      at_.text.stage = Stage::kAccidental;
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
      at_.text.stage = Stage::kBracket;
      return;
    case U']':
      return close_chord(events);
    case U'{':
      return open_grace(events);
    case U'}':
      return close_grace(events);
    case U'(':
      at_.lexeme.tuplet.p = at_.lexeme.tuplet.q = at_.lexeme.tuplet.r = 0;
      at_.lexeme.tuplet.colons = 0;
      at_.text.stage = Stage::kParenthesis;
      return;
    case U')':
      return close_slur(events);
    case U'-':
      return tie(events);
    case U'<':
    case U'>':
      at_.lexeme.broken = c == U'>' ? 1 : -1;
      at_.text.stage = Stage::kBroken;
      return;
    case U'"':
      at_.lexeme.quote.chord_symbol = {};
      at_.lexeme.quote.is_annotation = at_.lexeme.quote.has_bracket = false;
      at_.lexeme.quote.size = 0;
      at_.text.stage = Stage::kQuote;
      return;
    case U'!':
    case U'+':
      at_.text.letter = c;
      at_.text.stage = Stage::kDecoration;
      return;
    case U'&':
      emit_single(LexemeKind::kOverlay, c, events);
      report(Code::kSeveralVoices, events);
      at_.bar.fill = 0;
      return;
    case U'\\':
      at_.text.stage = Stage::kBackslash;
      return;
    case U'%':
      at_.text.skipped = LexemeKind::kComment;
      at_.text.skips_in_music = true;
      at_.text.stage = Stage::kSkip;
      return;
    default:
      break;
  }
  if (is_shorthand(c)) return emit_single(LexemeKind::kDecoration, c, events);
  if (c == U'/' && at_.grace.is_open) return emit_single(LexemeKind::kDecoration, c, events);
  if (!is_ignored(c)) {
    const bool length = is_digit(c) || c == U'/' || c == U',' || c == U'\'';
    report(length ? Code::kLengthAlone : Code::kUnknownCharacter, events, c);
  }
  emit_single(LexemeKind::kJunk, c, events);
}

void Cursor::begin_timed(LexemeKind kind, char32_t c) {
  at_.lexeme.timed = kind;
  at_.text.letter = c;
  at_.lexeme.length.numerator = at_.lexeme.length.denominator = 0;
  at_.lexeme.length.slashes = 0;
  at_.lexeme.length.has_numerator = at_.lexeme.length.has_denominator = false;
  at_.text.stage = Stage::kPitch;
}

// A note letter, after its accidental if it has one.
void Cursor::begin_pitch(char32_t letter) {
  if (at_.text.stage != Stage::kAccidental) {
    at_.lexeme.accidental = kNoAccidental;
    at_.lexeme.odd_accidental = false;
  }
  at_.lexeme.pitch.step = static_cast<std::int8_t>(step_of(letter));
  at_.lexeme.pitch.octave = letter >= U'a' ? 1 : 0;
  begin_timed(LexemeKind::kNote, letter);
}

void Cursor::begin_bar(char32_t c) {
  at_.lexeme.bar.colons_before = c == U':' ? 1 : 0;
  at_.lexeme.bar.lines = c == U'|' ? 1 : 0;
  at_.lexeme.bar.colons_after = 0;
  at_.lexeme.bar.is_thick = at_.lexeme.bar.is_closed = false;
  at_.lexeme.bar.begins_line =
      at_.text.last == LexemeKind::kLineEnd || at_.text.last == LexemeKind::kField;
  at_.text.stage = Stage::kBar;
}

void Cursor::begin_ending(char32_t digit) {
  at_.lexeme.ending.number = at_.lexeme.ending.list = at_.lexeme.ending.range = 0;
  at_.lexeme.ending.number = with_digit(0, digit);
  at_.text.stage = Stage::kEnding;
}

void Cursor::complete(Events* events) {
  switch (at_.text.stage) {
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
  at_.text.stage = Stage::kMusic;
}

// --- Notes, chords, rests

// base × the length in progress.
Ticks Cursor::written_length(Ticks base, Events* events) {
  if (at_.text.stage == Stage::kPitch) return base;  // no number
  const Ticks numerator = at_.lexeme.length.has_numerator ? at_.lexeme.length.numerator : 1;
  const Ticks denominator = at_.lexeme.length.has_denominator
                                ? at_.lexeme.length.denominator
                                : Ticks{1} << at_.lexeme.length.slashes;
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
  switch (at_.lexeme.timed) {
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
      rest.letter = at_.text.letter;
      const Ticks written = written_length(at_.bar.unit, events);
      rest.length = written;
      if (!at_.chord.is_open && !at_.grace.is_open) {
        refuse_ties(events);
        at_.element.notes = 0;
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
  const Ticks written = written_length(at_.bar.unit, events);
  if (at_.lexeme.accidental != kNoAccidental && !at_.lexeme.odd_accidental) {
    at_.bar.alters[at_.lexeme.pitch.step] = at_.lexeme.accidental;
  }
  at_.lexeme.pitch.alter =
      at_.lexeme.odd_accidental ? std::int8_t{0} : at_.bar.alters[at_.lexeme.pitch.step];
  if (at_.lexeme.accidental == kNoAccidental && at_.tie.over_bar) {
    // A tie carries its accidental over the bar line, for this note alone.
    for (int i = 0; i < at_.tie.count; ++i) {
      if (at_.tie.positions[i] == at_.lexeme.pitch.position())
        at_.lexeme.pitch.alter = at_.tie.alters[i];
    }
  }
  constexpr int kLowest = -4, kHighest = 4;  // octaves that are within MIDI's range as a whole
  if (at_.lexeme.pitch.octave < kLowest || at_.lexeme.pitch.octave > kHighest) {
    if (at_.lexeme.pitch.midi() < 0 || at_.lexeme.pitch.midi() > 127)
      report(Code::kPitchRange, events);
  }
  Ticks length = written;
  if (at_.grace.is_open) {
    at_.grace.notes = static_cast<std::uint8_t>(std::min(at_.grace.notes + 1, 255));
    if (at_.chord.is_open)
      at_.chord.notes = static_cast<std::uint8_t>(std::min(at_.chord.notes + 1, 255));
  } else {
    if (!at_.chord.is_open || at_.chord.notes == 0) at_.element.notes = 0;
    if (at_.element.notes < kMostChordNotes) {
      at_.element.positions[at_.element.notes] =
          static_cast<std::int8_t>(at_.lexeme.pitch.position());
      at_.element.alters[at_.element.notes] = at_.lexeme.pitch.alter;
      ++at_.element.notes;
    }
    if (at_.chord.is_open) {
      if (at_.chord.notes == 0) at_.chord.length = written;
      at_.chord.notes = static_cast<std::uint8_t>(std::min(at_.chord.notes + 1, 255));
    } else {
      if (at_.tie.count > 0) resolve_ties(events);
      length = add_time(written, true, events);
    }
  }
  at_.text.last = LexemeKind::kNote;
  if (events == nullptr) return;
  Lexeme note = lexeme(LexemeKind::kNote);
  note.accidental = at_.lexeme.accidental;
  note.pitch = at_.lexeme.pitch;
  note.length = length;
  emit(note, events);
}

void Cursor::open_chord(Events* events) {
  if (at_.chord.is_open) report(Code::kChordNested, events);
  at_.chord.is_open = true;
  at_.chord.notes = 0;
  at_.chord.ties = 0;
  at_.chord.length = at_.bar.unit;
  emit(LexemeKind::kChordOpen, events);
}

void Cursor::close_chord(Events* events) {
  if (!at_.chord.is_open) {
    report(Code::kChordNotOpened, events);
    emit_single(LexemeKind::kJunk, U']', events);
    return;
  }
  at_.chord.is_open = false;
  begin_timed(LexemeKind::kChordClose, U']');
}

void Cursor::complete_chord(Events* events) {
  Lexeme chord = lexeme(LexemeKind::kChordClose);
  if (at_.chord.notes == 0) {
    report(Code::kChordEmpty, events);
  } else {
    const Ticks written = written_length(at_.chord.length, events);
    if (at_.grace.is_open) {
      chord.length = written;
    } else {
      resolve_ties(events);
      chord.length = add_time(written, true, events);
      if (at_.chord.ties != 0) start_ties(at_.chord.ties);
    }
  }
  emit(chord, events);
}

void Cursor::complete_bars_rest(Events* events) {
  Lexeme rest = lexeme(LexemeKind::kBarsRest);
  refuse_ties(events);
  at_.element.notes = 0;
  const std::int32_t bars =
      at_.lexeme.length.has_numerator ? std::max(at_.lexeme.length.numerator, 1) : 1;
  rest.letter = at_.text.letter;
  rest.number = bars;
  rest.length = (at_.bar.length == 0 ? kWholeNote : at_.bar.length) * bars;
  at_.bar.fill = std::min(at_.bar.fill + at_.bar.length, kMostTime);
  at_.bar.is_first = false;
  at_.bar.count = std::min(at_.bar.count + bars, kMostBars);
  at_.section.bars = std::min(at_.section.bars + bars, kMostBars);
  at_.bar.has_music = true;
  emit(rest, events);
}

// Counts a note, chord or rest of this written length; the time it takes.
Ticks Cursor::add_time(Ticks written, bool is_note, Events* events) {
  Ticks time = written;
  if (at_.tuplet.left > 0) [[unlikely]] {
    if (at_.tuplet.note == 0) at_.tuplet.note = written;
    if (at_.tuplet.note != written && !at_.tuplet.is_general) report(Code::kTupletUnequal, events);
    if (written * at_.tuplet.q % at_.tuplet.p != 0) report(Code::kLengthTooFine, events);
    time = written * at_.tuplet.q / at_.tuplet.p;
    --at_.tuplet.left;
  }
  if (at_.next.broken != 0) {
    if (at_.element.time != time) report(Code::kBrokenRhythmUnequal, events);
    const int count = std::abs(at_.next.broken);
    const Ticks part = time >> count;
    time = at_.next.broken > 0 ? part : 2 * time - part;
    at_.next.broken = 0;
    at_.element.time = 0;  // it cannot begin another pair
  } else {
    at_.element.time = time;
  }
  if (at_.bar.fill == 0 && !at_.bar.is_first) {
    ++at_.bar.count;
    ++at_.section.bars;
  }
  at_.bar.fill = std::min(at_.bar.fill + time, kMostTime);
  at_.next.chord_symbols = 0;
  at_.element.graces = at_.grace.waits ? at_.grace.notes : 0;
  at_.bar.last_line = {};
  at_.element.length = written;
  at_.bar.has_music = true;
  at_.repeat.after_ending = false;
  if (is_note) {
    at_.grace.waits = false;
    if (at_.slur.depth > 0)
      at_.slur.notes = static_cast<std::uint8_t>(std::min(at_.slur.notes + 1, 255));
  }
  return time;
}

void Cursor::complete_broken(Events* events) {
  Lexeme broken = lexeme(LexemeKind::kBroken);
  broken.number = at_.lexeme.broken;
  if (at_.element.time == 0 || at_.next.broken != 0 || at_.chord.is_open || at_.grace.is_open) {
    report(Code::kBrokenRhythmAlone, events);
  } else {
    const int count = std::min(std::abs(at_.lexeme.broken), 3);
    if (at_.element.time % (Ticks{1} << count) != 0) report(Code::kLengthTooFine, events);
    const Ticks moved = at_.element.time - (at_.element.time >> count);
    at_.bar.fill += at_.lexeme.broken > 0 ? moved : -moved;
    at_.next.broken = static_cast<std::int8_t>(at_.lexeme.broken > 0 ? count : -count);
  }
  emit(broken, events);
}

void Cursor::complete_tuplet(Events* events) {
  if (at_.lexeme.tuplet.p == 0) {
    open_slur();
    emit(LexemeKind::kSlurOpen, events);
    return;
  }
  Lexeme tuplet = lexeme(LexemeKind::kTuplet);
  const int q = at_.lexeme.tuplet.q > 0 ? at_.lexeme.tuplet.q
                                        : at_.bar.metre.tuplet_time(at_.lexeme.tuplet.p);
  const int r = at_.lexeme.tuplet.r > 0 ? at_.lexeme.tuplet.r : at_.lexeme.tuplet.p;
  if (at_.tuplet.left > 0) {
    report(Code::kTupletNested, events);
  } else if (q == 0 || at_.lexeme.tuplet.p > 100 || q > 100 || r > 100) {
    report(Code::kTupletNumber, events);
  } else {
    at_.tuplet.p = static_cast<std::int8_t>(at_.lexeme.tuplet.p);
    at_.tuplet.q = static_cast<std::int8_t>(q);
    at_.tuplet.left = static_cast<std::uint8_t>(r);
    at_.tuplet.note = 0;
    at_.tuplet.is_general = at_.lexeme.tuplet.r > 0;
    tuplet.number = at_.lexeme.tuplet.p;
    tuplet.q = static_cast<std::int16_t>(q);
    tuplet.r = static_cast<std::int16_t>(r);
  }
  emit(tuplet, events);
}

void Cursor::open_grace(Events* events) {
  if (at_.grace.is_open) report(Code::kGraceNotClosed, events);
  at_.grace.is_open = true;
  at_.grace.notes = 0;
  emit_single(LexemeKind::kGraceOpen, U'{', events);
}

void Cursor::close_grace(Events* events) {
  if (!at_.grace.is_open) report(Code::kGraceNotOpened, events);
  at_.grace.is_open = false;
  at_.grace.waits = true;
  emit_single(LexemeKind::kGraceClose, U'}', events);
}

void Cursor::open_slur() {
  at_.slur.depth = static_cast<std::uint8_t>(std::min(at_.slur.depth + 1, 255));
  if (at_.slur.depth == 1) at_.slur.notes = 0;
}

void Cursor::close_slur(Events* events) {
  if (at_.slur.depth == 0) {
    report(Code::kSlurNotOpened, events);
  } else {
    --at_.slur.depth;
  }
  emit_single(LexemeKind::kSlurClose, U')', events);
}

void Cursor::complete_quote(Events* events) {
  if (!at_.lexeme.quote.is_annotation)
    at_.next.chord_symbols = static_cast<std::uint8_t>(std::min(at_.next.chord_symbols + 1, 255));
  if (!at_.lexeme.quote.is_annotation && !at_.lexeme.quote.chord_symbol.is_complete()) {
    report(at_.lexeme.quote.chord_symbol.is_standard() ? Code::kChordSymbolUnusual
                                                       : Code::kChordSymbol,
           events);
  }
  emit(at_.lexeme.quote.is_annotation ? LexemeKind::kAnnotation : LexemeKind::kChordSymbol, events);
}

// --- Ties

void Cursor::tie(Events* events) {
  if (at_.grace.is_open) {
  } else if (at_.element.notes == 0) {
    report(Code::kTieFromNothing, events);
  } else if (at_.chord.is_open) {
    at_.chord.ties = static_cast<std::uint8_t>(at_.chord.ties | 1U << (at_.element.notes - 1));
  } else {
    start_ties(~0U);
  }
  emit_single(LexemeKind::kTie, U'-', events);
}

// Ties the notes of the last note or chord that have their bit in `which`.
void Cursor::start_ties(unsigned which) {
  at_.tie.count = 0;
  at_.tie.over_bar = false;
  for (int i = 0; i < at_.element.notes; ++i) {
    if ((which >> i & 1) == 0) continue;
    at_.tie.positions[at_.tie.count] = at_.element.positions[i];
    at_.tie.alters[at_.tie.count] = at_.element.alters[i];
    ++at_.tie.count;
  }
}

// A note or chord has come: every tie must have its note in it.
void Cursor::resolve_ties(Events* events) {
  for (int i = 0; i < at_.tie.count; ++i) {
    bool found = false;
    for (int j = 0; j < at_.element.notes; ++j) {
      found |= at_.element.positions[j] == at_.tie.positions[i] &&
               at_.element.alters[j] == at_.tie.alters[i];
    }
    if (!found) {
      report(Code::kTieToNothing, events);
      break;
    }
  }
  at_.tie.count = 0;
  at_.tie.over_bar = false;
}

void Cursor::refuse_ties(Events* events) {
  if (at_.tie.count > 0) report(Code::kTieToNothing, events);
  at_.tie.count = 0;
  at_.tie.over_bar = false;
}

// --- Bars, repeats, endings

void Cursor::complete_bar(Events* events) {
  Lexeme bar = lexeme(LexemeKind::kBar);
  const bool is_double_colon = at_.lexeme.bar.lines == 0 && at_.lexeme.bar.colons_before >= 2;
  bar.bar.ends_repeat =
      at_.lexeme.bar.colons_before > 0 && (at_.lexeme.bar.lines > 0 || is_double_colon);
  bar.bar.starts_repeat = at_.lexeme.bar.colons_after > 0 || is_double_colon;
  bar.bar.is_double = at_.lexeme.bar.lines > 1 || at_.lexeme.bar.is_thick;
  bar.bar.is_final = at_.lexeme.bar.is_thick && at_.lexeme.bar.is_closed;
  bar.bar.is_dotted = at_.lexeme.bar.lines == 0 && !is_double_colon;

  if (at_.tuplet.left > 0) report(Code::kTupletIncomplete, events);
  if (at_.grace.waits) report(Code::kGraceWithoutNote, events);
  at_.grace.waits = false;
  if (at_.next.broken == 0) at_.element.time = 0;  // > behind a bar line has no first note
  at_.bar.last_line = bar.bar;
  const bool was_all_right = !at_.has_error;
  check_bar(bar.bar.is_soft() || bar.bar.is_dotted, events);
  at_.bar.alters = at_.bar.key.alters;
  at_.tie.over_bar = at_.tie.count > 0;

  if (bar.bar.ends_repeat) end_repeat(was_all_right && at_.has_error ? nullptr : events);
  if (bar.bar.starts_repeat) {
    start_repeat(bar.bar.ends_repeat, events);
  } else if (bar.bar.is_double && !bar.bar.ends_repeat && !at_.repeat.is_open) {
    at_.repeat.ending = 0;
    start_section();
  }
  emit(bar, events);
}

// What is in the bar, in playing order, must fill it, where it may not go on behind the bar line.
void Cursor::check_bar(bool soft, Events* events) {
  if (at_.bar.length == 0) {
    if (at_.bar.fill > 0) at_.bar.is_first = false;
    at_.bar.fill = 0;
    return;
  }
  if (at_.bar.fill == 0) return;  // for the eye
  if (at_.bar.is_first) {
    at_.bar.is_first = false;
    if (at_.bar.fill > at_.bar.length) {
      report(Code::kBarTooLong, events, at_.bar.fill, at_.bar.length);
    } else if (at_.bar.fill == at_.bar.length) {
      ++at_.bar.count;
      ++at_.section.bars;
    } else {
      at_.bar.pickup = at_.bar.length - at_.bar.fill;
      at_.bar.pickup_bar_length = at_.bar.length;
      if (at_.section.in_first_bar) at_.section.start = at_.bar.pickup;
    }
    at_.bar.fill = 0;
    return;
  }
  if (soft && at_.bar.fill < at_.bar.length) return;
  if (at_.bar.fill > at_.bar.length)
    report(Code::kBarTooLong, events, at_.bar.fill, at_.bar.length);
  if (at_.bar.fill < at_.bar.length)
    report(Code::kBarTooShort, events, at_.bar.fill, at_.bar.length);
  at_.bar.fill = 0;
}

// :| goes back to where the section started: its first bar must go on where this one ends.
void Cursor::end_repeat(Events* events) {
  if (!at_.repeat.is_open && at_.repeat.ending == 0 && !at_.repeat.after_ending)
    imply_repeat(events);
  if (at_.bar.length != 0 && at_.bar.fill != at_.section.start) {
    report(Code::kRepeatMidBar, events, at_.bar.fill, at_.section.start);
  }
  at_.repeat.after_ending = at_.repeat.ending != 0;
  at_.repeat.is_open = false;
  at_.repeat.had_repeat = true;
  at_.repeat.ending = 0;
  at_.repeat.section_start = at_.section.start;
  at_.repeat.section_bar_length = at_.section.bar_length;
  start_section();
}

// A repeat without |:. The first one of a tune starts at the beginning, others with the section.
void Cursor::imply_repeat(Events* events) {
  report(at_.repeat.had_ending ? Code::kRepeatUnclear : Code::kRepeatNotOpened, events);
  if (!at_.repeat.had_repeat) at_.section.start = at_.bar.pickup;
}

void Cursor::start_repeat(bool ends_repeat, Events* events) {
  if (at_.repeat.is_open && !ends_repeat) {
    report(at_.repeat.ending != 0 ? Code::kEndingNotClosed : Code::kRepeatNotClosed, events);
  }
  at_.repeat.is_open = at_.repeat.had_repeat = true;
  at_.repeat.ending = 0;
  at_.repeat.endings_seen = 0;
  at_.repeat.after_ending = false;
  start_section();
}

void Cursor::start_section() {
  if (at_.section.bars > 0) ++at_.section.number;
  at_.section.start = at_.bar.fill;
  at_.section.bar_length = at_.bar.length;
  at_.section.bars = 0;
  at_.section.in_first_bar = at_.bar.is_first && at_.bar.fill == 0;
}

void Cursor::complete_ending(Events* events) {
  add_ending_number();
  Lexeme ending = lexeme(LexemeKind::kEnding);
  ending.number = at_.lexeme.ending.list;
  const bool is_first = (at_.lexeme.ending.list & 1) != 0;
  if (at_.lexeme.ending.list == 0) {
    report(Code::kEndingNumber, events);
  } else if (is_first) {
    if (at_.repeat.ending != 0) report(Code::kEndingNotClosed, events);
    if (!at_.repeat.is_open) imply_repeat(events);
    at_.repeat.is_open = at_.repeat.had_repeat = at_.repeat.had_ending = true;
    at_.repeat.ending_start = at_.bar.fill;
    at_.repeat.endings_seen = at_.lexeme.ending.list;
    at_.repeat.ending = at_.lexeme.ending.list;
  } else {
    if (!at_.repeat.after_ending) {
      report(at_.repeat.ending != 0 ? Code::kEndingNotClosed : Code::kEndingWithoutRepeat, events);
    } else {
      if ((at_.repeat.endings_seen & at_.lexeme.ending.list) != 0)
        report(Code::kEndingNumber, events);
      // The section goes on from where its first ending began.
      at_.bar.fill = at_.repeat.ending_start;
      at_.section.start = at_.repeat.section_start;
      at_.section.bar_length = at_.repeat.section_bar_length;
    }
    at_.repeat.endings_seen |= at_.lexeme.ending.list;
    at_.repeat.ending = at_.lexeme.ending.list;
  }
  at_.repeat.after_ending = false;
  at_.bar.is_first = false;
  emit(ending, events);
}

// --- Fields

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
      if (at_.text.part == Part::kHeader)
        at_.header.has_r = true, at_.header.is_hornpipe = is_hornpipe(text);
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
  if (text.size() == at_.field.characters.size())
    text = text.substr(0, text.find_last_of(" \t") + 1);
  const KeyField field = parse_key(text);
  if (!field.understood) report(Code::kFieldKey, events);
  if (field.key) {
    at_.bar.key = *field.key;
    at_.bar.alters = at_.bar.key.alters;
  }
  if (field.octave != 0 || field.transpose != 0)
    at_.bar.shift = 12 * field.octave + field.transpose;
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
    if (!at_.bar.has_music) report(Code::kNoMusic, events);
    end_line(events);
    refuse_ties(events);
    if (at_.next.broken != 0) report(Code::kBrokenRhythmAlone, events);
    if (at_.slur.depth > 0) report(Code::kSlurNotClosed, events);
    if (at_.tuplet.left > 0) report(Code::kTupletIncomplete, events);
    if (at_.repeat.is_open) {
      report(at_.repeat.ending != 0 ? Code::kEndingNotClosed : Code::kRepeatNotClosed, events);
    }
    if (at_.repeat.endings_seen == 1) report(Code::kEndingMissing, events);
    if (at_.bar.length > 0 && at_.bar.fill > at_.bar.length) {
      report(Code::kBarTooLong, events, at_.bar.fill, at_.bar.length);
    } else if (at_.bar.fill > 0 && at_.bar.fill != at_.bar.pickup &&
               at_.bar.fill < at_.bar.length) {
      report(Code::kLastBarShort, events, at_.bar.fill,
             at_.bar.pickup > 0 ? at_.bar.pickup : at_.bar.length);
    }
  }
  at_.text.part = Part::kEnded;
}

// --- Telling

Lexeme Cursor::lexeme(LexemeKind kind) const {
  Lexeme lexeme;
  lexeme.kind = kind;
  lexeme.begin = at_.text.lexeme_begin;
  lexeme.end = at_.text.offset;
  return lexeme;
}

void Cursor::emit(const Lexeme& lexeme, Events* events) {
  at_.text.last = lexeme.kind;
  if (events != nullptr) events->add(lexeme);
}

// A lexeme of one character, complete as soon as it is read.
void Cursor::emit_single(LexemeKind kind, char32_t c, Events* events) {
  at_.text.stage = Stage::kMusic;
  at_.text.last = kind;
  if (events == nullptr || !events->wants(kind)) return;
  Lexeme single = lexeme(kind);
  single.letter = c;
  single.end = at_.text.offset + utf8_size(c);
  events->add(single);
}

void Cursor::report(Code code, Events* events, Ticks found, Ticks expected) {
  if (severity(code) == Severity::kError) at_.has_error = true;
  if (events == nullptr) return;
  events->add(Problem{code, at_.text.lexeme_begin,
                      std::max(at_.text.offset, at_.text.lexeme_begin + 1), found, expected});
}

}  // namespace lilt::abc
