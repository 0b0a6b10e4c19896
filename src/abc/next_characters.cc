#include "abc/next_characters.h"

#include "abc/dialect.h"
#include "abc/next_bars.h"
#include "abc/next_elements.h"
#include "abc/next_fields.h"
#include "abc/next_pitches.h"
#include "abc/playability.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

constexpr CharacterSet kNeeded("\n/0123456789:ABCDEFGKLMTX[]abcdefgz|");

}  // namespace

Alphabet::Alphabet() {
  for (char32_t c = 32; c < 127; ++c) characters_.add(c);
  characters_.add(U'\n');
  characters_.add(U'\u00e9');
}

Result<Alphabet> Alphabet::of(std::span<const char32_t> vocabulary) {
  Alphabet alphabet;
  alphabet.characters_ = {};
  for (const char32_t c : vocabulary) alphabet.characters_.add(c);
  for (char32_t c = 0; c < 128; ++c) {
    if (kNeeded.contains(c) && !alphabet.characters_.contains(c)) {
      return Error{
          ErrorCode::kVocabulary,
          "expected a vocabulary that can write ABC tunes, found one without " + lilt::describe(c)};
    }
  }
  return alphabet;
}

namespace {

// The Cursor is looked at from the place where the set is wanted: the lexeme in progress can go on,
// or be complete and something else can begin.
class NextCharacters {
 public:
  NextCharacters(const Cursor& cursor, const Requirements& requirements,
                 const CharacterSet& alphabet)
      : NextCharacters(cursor, requirements, alphabet, {cursor.state(), requirements}) {}

  // In the body of a tune.
  CharacterSet all() {
    if (requirements_.ends_here && requirements_.form.empty()) {
      with_fewest_bars();
    } else {
      body();
    }
    return set_;
  }

 private:
  static constexpr int kMostToClose = 4;  // bars that what is open can still need

  NextCharacters(const Cursor& cursor, const Requirements& requirements,
                 const CharacterSet& alphabet, const BarsToCome& bars)
      : cursor_(cursor),
        at_(cursor.state()),
        requirements_(requirements),
        alphabet_(alphabet),
        bars_(at_, bars),
        pitches_(at_, requirements.range, alphabet),
        elements_(at_, requirements, alphabet, bars_, pitches_) {}

  void add(char32_t c) { set_.add(c); }
  void add_if(bool can_come, char32_t c) {
    if (can_come) set_.add(c);
  }
  void add(const Continuation& next) {
    set_ |= next.characters;
    if (next.can_end) when_complete();
  }

  // With as few bars as closing what is open takes.
  void with_fewest_bars() {
    for (int more = 0; !can_go_on() && more <= kMostToClose; ++more) {
      bars_.set_bars(at_.bar.count + more);
      body();
    }
  }

  // Octave marks change nothing: what can come without them can come behind them.
  bool can_go_on() const {
    CharacterSet others = set_ & alphabet_;
    others.remove(U'\'');
    others.remove(U',');
    return !others.empty();
  }

  void body() {
    switch (at_.text.stage) {
      case Stage::kLineStart:
        return line_start();
      case Stage::kLineLetter:
        return line_letter();
      case Stage::kLineColon:
      case Stage::kField:
      case Stage::kInlineField:
        set_ |= next_in_body_field(at_, requirements_, alphabet_);
        return;
      case Stage::kMusic:
        return begin();
      case Stage::kAccidental:
        set_ |= pitches_.letters(at_.lexeme.accidental);
        return;
      case Stage::kPitch:
      case Stage::kNumerator:
      case Stage::kSlash:
      case Stage::kDenominator:
        return timed();
      case Stage::kBroken:
      case Stage::kSpaces:
      case Stage::kEnding:
        return when_complete();
      case Stage::kBar:
        return bar();
      case Stage::kBracket:
        return bracket();
      case Stage::kBarBracket:
        return bar_bracket();
      case Stage::kBracketLetter:
        return bracket_letter();
      case Stage::kQuote:
        return chord_symbol();
      case Stage::kParenthesis:
        return add(elements_.parenthesis());
      default:
        return;
    }
  }

  // --- At another place

  // What can begin once the lexeme in progress is complete.
  void when_complete() {
    const Cursor after = cursor_.settled();
    if (after.can_become_correct()) with(after, [](NextCharacters& next) { next.begin(); });
  }

  template <class Look>
  void with(const Cursor& cursor, Look look) {
    NextCharacters next(cursor, requirements_, alphabet_, bars_);
    look(next);
    set_ |= next.set_;
  }

  // --- The beginnings of lines

  void line_start() {
    if (requirements_.music_until) return elements();
    const bool at_start = !at_.bar.has_music;
    const BarLine& last = at_.bar.last_line;
    if (!at_start && bars_.tune_can_end_at_line()) add(U'\n');
    if (at_.repeat.after_ending) return add(U'[');
    if (!at_start && last.is_final) return;
    const bool soft = at_start || last.ends_repeat || last.is_double;
    if (soft && bars_.can_start_repeat_at_line()) add(U'|');
    if (!bars_.music_can_follow()) return;
    if (!at_start) field_letters();
    elements();
    if (bars_.can_start_ending_at_line()) add(U'[');
  }

  // Changes of key, metre and unit length.
  void field_letters() {
    if (has_open_marks(at_) || requirements_.music_until) return;
    add_if(!requirements_.key, U'K');
    add_if(bars_.can_change_metre(), U'M');
    add_if(!requirements_.unit, U'L');
  }

  static bool is_field_letter(char32_t c) { return c == U'K' || c == U'M' || c == U'L'; }

  void line_letter() {
    if (is_field_letter(at_.text.letter)) return add(U':');
    // A note: as if it had begun within a line.
    with(cursor_.taken_for_music(), [](NextCharacters& next) { next.body(); });
    set_ -= kNotAfterTheLetterOfALine;
  }

  // --- The beginning of a lexeme

  void begin() {
    if (at_.chord.is_open) return in_chord();
    if (at_.grace.is_open) return in_graces();
    if (before(at_) != Before::kNothing || at_.next.broken != 0) return elements();
    if (at_.text.last == LexemeKind::kSpace) return elements();
    if (is_after_time()) return after_time();
    // Behind a bar line, an ending or an inline field.
    if (requirements_.music_until) return elements();
    if (at_.text.last == LexemeKind::kBar) after_bar();
    if (!bars_.music_can_follow()) return;
    elements();
    if (is_behind_bar() && at_.bar.has_music && inline_field_possible()) add(U'[');
  }

  void elements() { set_ |= elements_.beginnings(); }

  bool is_after_note() const {
    return at_.text.last == LexemeKind::kNote || at_.text.last == LexemeKind::kChordClose;
  }
  bool is_after_time() const {
    return is_after_note() || at_.text.last == LexemeKind::kRest ||
           at_.text.last == LexemeKind::kTie || at_.text.last == LexemeKind::kSlurClose;
  }
  bool is_behind_bar() const {
    return at_.text.last == LexemeKind::kBar || at_.text.last == LexemeKind::kEnding ||
           at_.text.last == LexemeKind::kInlineField;
  }
  bool is_first_of_line() const {
    return at_.text.last == LexemeKind::kLineEnd || at_.text.last == LexemeKind::kField;
  }

  bool inline_field_possible() const {
    if (has_open_marks(at_)) return false;
    return !requirements_.key || bars_.can_change_metre() || !requirements_.unit;
  }

  void in_chord() {
    if (at_.chord.notes < kMostChordNotes) set_ |= pitches_.letters(kNoAccidental);
    if (at_.chord.notes >= 2 && pitches_.chord_has_ties()) add(U']');
  }

  void in_graces() {
    if (elements_.grace_fits(at_.grace.notes + 1)) set_ |= pitches_.letters(kNoAccidental);
    if (at_.grace.notes >= 1) add(U'}');
  }

  // --- Behind notes, rests and chords

  void after_time() {
    const bool room = bars_.room() >= kShortestNote;
    if (at_.tuplet.left > 0 || (at_.bar.fill > 0 && room)) add(U' ');  // within a beam
    if (is_after_note()) {
      if (bars_.note_can_follow() && keeps_pitches() && can_be_tied(!room)) add(U'-');
      set_ |= elements_.broken_rhythm();
    }
    if (at_.slur.notes >= 2 && at_.slur.depth > 0 && at_.text.last != LexemeKind::kRest &&
        at_.text.last != LexemeKind::kSlurClose) {
      add(U')');
    }
    if (at_.tuplet.left == 0) bar_lines();
    if (bars_.music_can_follow()) elements();
    if (at_.tuplet.left == 0 && bars_.can_start_ending_in_bar()) add(U'[');
  }

  // Whether the same notes can be written once more without accidentals: a tie leads to them.
  // Behind a bar line they always can.
  bool keeps_pitches() const {
    if (at_.tuplet.left == 0 && bars_.room() < kShortestNote) return true;
    for (int i = 0; i < at_.element.notes; ++i) {
      const int step = (at_.element.positions[i] + 70) % 7;
      if (at_.bar.alters[step] != at_.element.alters[i]) return false;
    }
    return true;
  }

  bool can_be_tied(bool over_bar) const {
    return at_.text.last == LexemeKind::kNote || keeps_ties(at_, over_bar);
  }

  void bar_lines() {
    if (requirements_.music_until) {
      return add_if(bars_.room() == 0 && !has_open_marks(at_), U'|');
    }
    const bool is_pickup = at_.bar.is_first && at_.bar.fill < at_.bar.length;
    if (is_pickup && !elements_.can_accompany_from_here()) return;
    add_if(bars_.bar_can_follow(at_.bar.fill) || bars_.can_be_double() ||
               bars_.can_start_repeat() || bars_.can_end_plainly(),
           U'|');
    add_if(bars_.can_end_repeat(), U':');
  }

  // Whether the line ends behind a bar line.
  void after_bar() {
    const BarLine& bar = at_.bar.last_line;
    if (bar.starts_repeat) return;
    if (bar.is_final || bars_.music_can_follow()) return add(U'\n');
    const bool goes_on =
        bars_.tune_can_end_at_line() || at_.repeat.after_ending || bars_.must_start_repeat();
    add_if(bar.ends_repeat && goes_on, U'\n');
  }

  // --- Lexemes in progress

  // A note, rest or chord: octave marks, its length, or what comes behind it.
  void timed() {
    const LexemeKind timed = at_.lexeme.timed;
    if (timed == LexemeKind::kBarsRest || timed == LexemeKind::kSpacer) return;
    if (timed == LexemeKind::kNote) {
      if (at_.text.stage == Stage::kPitch) set_ |= pitches_.octave_marks();
      if (!pitches_.fits()) return;
      if (at_.chord.is_open || at_.grace.is_open) return when_complete();
    }
    add(elements_.length());
  }

  void bar() {
    if (requirements_.music_until) return when_complete();
    const BarLineState& bar = at_.lexeme.bar;
    if (bar.is_closed || bar.colons_after > 0 || bar.colons_before == 2) {
      if (bar.colons_before == 2 || bar.colons_after > 0 || bar.lines > 0) when_complete();
      return;
    }
    if (bar.colons_before == 1) return bar_after_colon();
    if (bar.lines == 2) return when_complete();  // "||"
    // "|", which may become something else
    const bool line_start = bar.begins_line;
    if (bars_.can_start_repeat() || (line_start && bars_.can_start_repeat_at_line())) add(U':');
    if (line_start) return;
    if (bars_.can_be_double()) add(U'|');
    if (bars_.can_end_plainly()) add(U']');
    if (bars_.bar_can_follow(at_.bar.fill)) {
      when_complete();
      if (bars_.can_start_ending_at_bar()) add(U'1');
    }
  }

  void bar_after_colon() {
    if (at_.lexeme.bar.lines == 0) {  // ":" of ":|" or "::"
      add(U'|');
      return add_if(bars_.can_repeat_again(), U':');
    }
    if (at_.repeat.ending == 0) return when_complete();
    later_ending();
    add(U'\n');
  }

  void later_ending() {
    const int ending = next_ending(at_);
    add_if(ending <= kMostEndings, static_cast<char32_t>(U'0' + ending));
  }

  // "[": a chord, an ending or a field.
  void bracket() {
    if (at_.repeat.after_ending) {
      if (is_first_of_line()) later_ending();
      return;
    }
    if (is_behind_bar() && at_.bar.has_music && bars_.music_can_follow() &&
        !at_.bar.last_line.is_final && inline_field_possible()) {
      field_letters();
    }
    if (is_first_of_line() && bars_.can_start_ending_at_line()) add(U'1');
    if (is_after_time() && at_.tuplet.left == 0 && bars_.can_start_ending_in_bar()) add(U'1');
    if (elements_.chord_can_begin()) {
      with(cursor_.taken_for_music(), [](NextCharacters& next) { next.begin(); });
    }
  }

  void bar_bracket() {
    const Cursor after = cursor_.taken_for_music();
    if (after.can_become_correct()) with(after, [](NextCharacters& next) { next.bracket(); });
  }

  void bracket_letter() {
    if (is_field_letter(at_.text.letter)) return add(U':');
    with(cursor_.taken_for_music(), [](NextCharacters& next) { next.body(); });
  }

  void chord_symbol() {
    const QuoteState& quote = at_.lexeme.quote;
    if (quote.is_annotation || quote.has_bracket) return;
    set_ |= quote.chord_symbol.next(alphabet_);
    if (quote.chord_symbol.is_complete()) add(U'"');
  }

  const Cursor& cursor_;
  const CursorState& at_;
  const Requirements& requirements_;
  const CharacterSet& alphabet_;
  BarsToCome bars_;
  PitchesToCome pitches_;
  ElementsToCome elements_;
  CharacterSet set_;
};

}  // namespace

CharacterSet next_characters(const Cursor& cursor, const Requirements& requirements,
                             const Alphabet& alphabet) {
  const CharacterSet& characters = alphabet.characters();
  if (!cursor.can_become_correct()) return {};
  switch (cursor.part()) {
    case Part::kHeader:
      return next_in_header(cursor.state(), requirements, characters) & characters;
    case Part::kBody:
      return NextCharacters(cursor, requirements, characters).all() & characters;
    default:
      return {};
  }
}

}  // namespace lilt::abc
