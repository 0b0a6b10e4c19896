#include "abc/next_characters.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace lilt::abc {
namespace {

constexpr CharacterSet kNeeded("\n/0123456789:ABCDEFGKLMTX[]abcdefgz|");
constexpr CharacterSet kDigits("0123456789");

// Fields of the header that are only text, in their order, between X and M.
constexpr std::string_view kTextFields = "TCOAGDBFHNSZR";

// Metres for which programs know an accompaniment, and 3/2.
constexpr std::array<std::string_view, 16> kMetres = {"C",   "C|",  "2/4", "3/4", "4/4", "5/4",
                                                      "6/4", "7/4", "2/2", "3/2", "3/8", "5/8",
                                                      "6/8", "7/8", "9/8", "12/8"};
constexpr std::array<std::string_view, 4> kUnits = {"1/4", "1/8", "1/16", "1/2"};

constexpr std::array<Mode, 7> kModes = {Mode::kMajor,  Mode::kMinor,    Mode::kMixolydian,
                                        Mode::kDorian, Mode::kPhrygian, Mode::kLydian,
                                        Mode::kLocrian};

constexpr Ticks kLongestNote = 4 * kWholeNote;
constexpr Ticks kUnlimited = std::numeric_limits<Ticks>::max() / 4;
constexpr int kMostBars = std::numeric_limits<int>::max() / 4;
constexpr int kMostEndings = 4;
constexpr int kMostToClose = 4;  // bars that what is open can still need
constexpr std::array<Ticks, 20> kNumerators = {1,  2,  3,  4,  6,  7,  8,  12,  14,  16,
                                               24, 28, 32, 48, 56, 64, 96, 112, 128, 192};
constexpr int kLowestPosition = -14, kHighestPosition = 27;  // C,, and b''

// A value that a field can have.
template <class Value>
struct Listed {
  std::string name;
  Value value;
  CharacterSet characters;  // of the name
};

std::vector<Listed<Metre>> list_metres() {
  std::vector<Listed<Metre>> metres;
  for (const std::string_view name : kMetres) {
    metres.push_back({std::string(name), *parse_metre(name), CharacterSet(name)});
  }
  return metres;
}

std::vector<Listed<Ticks>> list_units() {
  std::vector<Listed<Ticks>> units;
  for (const std::string_view name : kUnits) {
    units.push_back({std::string(name), *parse_unit(name), CharacterSet(name)});
  }
  return units;
}

// Of each step the keys with at most five flats or six sharps.
std::array<std::vector<Listed<Key>>, 7> list_keys() {
  std::array<std::vector<Listed<Key>>, 7> keys;
  for (int step = 0; step < 7; ++step) {
    for (int alter = -1; alter <= 1; ++alter) {
      for (const Mode mode : kModes) {
        const auto key = make_key(step, alter, mode);
        if (!key || key->fifths() < -5 || key->fifths() > 6) continue;
        const std::string name = key->to_string();
        keys[step].push_back({name, *key, CharacterSet(name)});
      }
    }
  }
  return keys;
}

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

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

// Whether abc2midi's accompaniment has a chord, or its bass, that begins before this place of a bar
// and ends behind it.
bool chord_sounds_on(const Metre& metre, Ticks place) {
  if (metre.is_free()) return false;
  const bool is_odd = metre.beats == 5 || metre.beats == 7;
  const bool in_threes = is_odd || (metre.beat_unit == 8 && metre.beats > 3);
  const Ticks step = is_odd || metre.beat_unit == 8 ? kWholeNote / metre.beat_unit : kWholeNote / 8;
  const Ticks length = metre.beats == 3 && metre.beat_unit == 8 ? step / 2 : step;
  const Ticks number = place / length;
  if (place % length == 0 || (metre.beats == 7 && number == 6)) return false;
  return in_threes ? number % 3 != 1 : number % 2 == 0;
}

// The cursor's state is looked at from the place where the set is wanted: the lexeme in progress
// can go on, or be complete and something else can begin.
class NextCharacters {
 public:
  NextCharacters(const Cursor& cursor, const Requirements& requirements, const Alphabet& alphabet)
      : cursor_(cursor),
        at_(cursor.state()),
        requirements_(requirements),
        alphabet_(alphabet.characters()) {
    if (requirements.bars > 0) bars_ = requirements.bars;
    if (has_form()) bars_ = bars_of_form();
  }

  CharacterSet all() {
    if (at_.text.part == Part::kEnded || at_.has_error) return {};
    if (at_.text.part == Part::kHeader) {
      header();
    } else if (requirements_.ends_here && !has_form()) {
      // With as few bars as closing takes.
      for (bars_ = at_.bar.count; !can_go_on() && bars_ <= at_.bar.count + kMostToClose; ++bars_)
        body();
    } else {
      body();
    }
    return set_ & alphabet_;
  }

 private:
  void add(char32_t c) { set_.add(c); }
  // Octave marks change nothing: what can come without them can come behind them.
  bool can_go_on() const {
    CharacterSet others = set_ & alphabet_;
    others.remove(U'\'');
    others.remove(U',');
    return !others.empty();
  }
  bool can_write(char32_t c) const { return alphabet_.contains(c); }

  // --- Header

  void header() {
    switch (at_.text.stage) {
      case Stage::kLineStart:
        return header_line();
      case Stage::kLineLetter:
        return add(U':');
      case Stage::kLineColon:
        return field_text(static_cast<char>(at_.text.letter), {}, true);
      case Stage::kField:
        return field_text(static_cast<char>(at_.field.letter), written(), false);
      default:
        return;
    }
  }

  std::string_view written() const { return at_.field.text(); }

  // The letters of fields that may come next.
  void header_line() {
    if (!at_.header.has_x) return add(U'X');
    if (!at_.header.has_t) return add(U'T');
    if (at_.header.has_l) return add(U'K');
    if (at_.header.has_m) return add(U'L');
    const std::size_t last = kTextFields.find(static_cast<char>(at_.field.letter));
    if (last == std::string_view::npos) return;
    const bool wants_rhythm = !requirements_.rhythm.empty() && !at_.header.has_r;
    for (std::size_t i = last; i < kTextFields.size(); ++i) {
      if (kTextFields[i] == 'R' && at_.header.has_r) continue;
      add(static_cast<unsigned char>(kTextFields[i]));
    }
    if (!wants_rhythm) add(U'M');
  }

  void field_text(char field, std::string_view text, bool is_start) {
    switch (field) {
      case 'X':
        if (text.size() < 6) {
          set_ |= kDigits;
          if (is_start) set_.remove(U'0');
        }
        if (!is_start) add(U'\n');
        return;
      case 'M':
        return metre_text(text, U'\n');
      case 'L':
        return unit_text(text, U'\n');
      case 'K':
        return key_text(text, U'\n');
      case 'R':
        if (!requirements_.rhythm.empty()) return required_text(requirements_.rhythm, text);
        free_text(is_start);
        return leave_out_hornpipes(text);
      default:
        return free_text(is_start);
    }
  }

  void required_text(std::string_view required, std::string_view text) {
    if (!begins_with(required, text)) return;
    add(text.size() == required.size() ? U'\n' : static_cast<unsigned char>(required[text.size()]));
  }

  // A title and the like: no space at its ends, nothing that means something to a program.
  void free_text(bool is_start) {
    for (char32_t c = 33; c < 127; ++c) add(c);
    for (const char32_t c : {U'%', U'\\', U'$'}) set_.remove(c);
    if (is_start) set_.remove(U':'), set_.remove(U'|');  // it would look like a repeat
    add(0xE9);                                           // all that is not ASCII
    const bool after_space = at_.field.last == U' ';
    if (is_start) return;
    add(U' ');
    if (!after_space) add(U'\n');
  }

  // A rhythm of the model's own must go with the metre that was asked for.
  void leave_out_hornpipes(std::string_view text) {
    if (!requirements_.metre || is_of_hornpipes(*requirements_.metre)) return;
    for (const char c : {'e', 'E'}) {
      if (is_hornpipe(std::string(text) + c)) set_.remove(static_cast<unsigned char>(c));
    }
  }

  // The values of a list that begin with the text; `end` when it is one.
  template <class Value, class Allowed>
  void listed_text(const std::vector<Listed<Value>>& values, std::string_view text, char32_t end,
                   Allowed allowed) {
    for (const Listed<Value>& listed : values) {
      const std::string_view name = listed.name;
      if (!begins_with(name, text) || !can_write_all(listed.characters)) continue;
      if (!allowed(listed.value)) continue;
      add(name.size() == text.size() ? end : static_cast<unsigned char>(name[text.size()]));
    }
  }

  bool can_write_all(const CharacterSet& characters) const {
    return (characters & alphabet_) == characters;
  }

  void metre_text(std::string_view text, char32_t end) {
    static const std::vector<Listed<Metre>> metres = list_metres();
    listed_text(metres, text, end, [&](const Metre& metre) {
      if (at_.text.part == Part::kBody && metre == at_.bar.metre) return false;
      if (requirements_.ends_here && must_change_metre() && metre.bar() != at_.section.bar_length) {
        return false;
      }
      if (at_.header.is_hornpipe && !is_of_hornpipes(metre)) return false;
      return !requirements_.metre || metre == *requirements_.metre;
    });
    if (requirements_.metre && at_.text.part == Part::kHeader) {
      required_text(requirements_.metre->to_string(), text);
    }
  }

  static bool is_of_hornpipes(const Metre& metre) {
    if (metre.sign != MetreSign::kFraction) return metre.sign == MetreSign::kCommon;
    return metre.beat_unit == 4 && (metre.beats == 2 || metre.beats == 4);
  }

  void unit_text(std::string_view text, char32_t end) {
    static const std::vector<Listed<Ticks>> units = list_units();
    listed_text(units, text, end, [&](Ticks unit) {
      if (at_.text.part == Part::kBody && unit == at_.bar.unit) return false;
      return !requirements_.unit || unit == *requirements_.unit;
    });
  }

  void key_text(std::string_view text, char32_t end) {
    static const std::array<std::vector<Listed<Key>>, 7> keys = list_keys();
    for (int step = 0; step < 7; ++step) {
      if (!text.empty() && text[0] != kLetters[step]) continue;
      listed_text(keys[step], text, end, [&](const Key& key) {
        if (requirements_.key && key != *requirements_.key) return false;
        return at_.text.part != Part::kBody || key != at_.bar.key;
      });
    }
    // One with more flats or sharps.
    if (requirements_.key && at_.text.part == Part::kHeader) {
      required_text(requirements_.key->to_string(), text);
    }
  }

  // --- The form that was asked for

  bool has_form() const { return !requirements_.form.empty(); }

  // Where the section under way ends, or the tune if all are written.
  int bars_of_form() const {
    int bars = 0;
    for (int i = 0; i <= at_.section.number && is_section(i); ++i)
      bars += requirements_.form[i].bars;
    return bars;
  }
  bool is_section(int i) const { return i < static_cast<int>(requirements_.form.size()); }
  bool is_repeated(int i) const { return is_section(i) && requirements_.form[i].repeated; }
  bool section_is_written() const { return bars_so_far() == bars_ && ends_where_it_began(); }

  // Whether a section that begins needs its |: first.
  bool must_start_repeat() const {
    return has_form() && is_repeated(at_.section.number) && !at_.repeat.is_open;
  }

  // --- Bars and what is open

  // Whether the beginning of another bar is possible, `more` bars having to come after it.
  bool has_bar(int more) const { return at_.bar.count + 1 + more <= bars_; }

  // Bars that have to begin, after the one that is filled up to here, to close what is open.
  int owed(Ticks fill) const { return owed(fill, at_.section.bars); }
  int owed_in_new_bar() const { return owed(0, at_.section.bars + 1); }
  int owed(Ticks fill, int section_bars) const {
    if (!ends_as_it_began()) return 0;
    int bars = 0;
    const Ticks start = section_start();
    if (start != 0 && (fill > start || section_bars == 0)) bars = 1;
    if (at_.bar.length != at_.section.bar_length) bars = std::max(bars, 1);
    if (at_.repeat.ending != 0 && at_.repeat.ending_start == 0) ++bars;
    return bars;
  }

  // Whether the section must end where in the bar it began.
  bool ends_as_it_began() const { return at_.repeat.is_open || has_form(); }

  // Where in its bar the section started. In the first bar it is not known before its end, and then
  // as it should be.
  Ticks section_start() const {
    return at_.bar.is_first && at_.section.in_first_bar ? 0 : at_.section.start;
  }

  bool is_free() const { return at_.bar.length == 0; }

  // How far the bar may be filled.
  Ticks limit() const {
    if (requirements_.music_until) return *requirements_.music_until;
    if (is_free()) return kUnlimited;
    const Ticks start = section_start();
    // The bar of the note to come, which may be the first of it.
    const int begins = at_.bar.fill == 0 && !at_.bar.is_first ? 1 : 0;
    const bool must_stop = ends_as_it_began() && start != 0 && at_.bar.fill <= start &&
                           at_.bar.length == at_.section.bar_length &&
                           at_.section.bars + begins > 0 &&
                           at_.bar.count + begins + owed(at_.bar.length) > bars_;
    return must_stop ? start : at_.bar.length;
  }

  Ticks room() const { return limit() - at_.bar.fill; }

  // Whether a note or rest can come, in this bar or as the first of a new one.
  bool music_can_follow() const {
    if (at_.tuplet.left > 0) return true;
    if (requirements_.music_until) return room() >= kShortestNote;
    if (at_.repeat.after_ending || at_.bar.last_line.is_final) return false;
    if (has_form() && (!is_section(at_.section.number) || must_start_repeat())) return false;
    if (at_.bar.fill == 0 && !at_.bar.is_first) return has_bar(owed_in_new_bar());
    return room() >= kShortestNote;
  }

  // Whether a plain bar line can come when the bar is filled so far, and music behind it.
  bool bar_can_follow(Ticks fill) const {
    if (fill <= 0 || requirements_.music_until) return false;
    const bool full = is_free() || fill == at_.bar.length;
    if (at_.bar.is_first) {
      return (full || fill < at_.bar.length) &&
             at_.bar.count + (fill == at_.bar.length ? 1 : 0) + 1 <= bars_;
    }
    // Of a bar that the note to come would begin.
    const int begins = at_.bar.fill == 0 ? 1 : 0;
    return full && at_.bar.count + begins + 1 + owed(0, at_.section.bars + begins + 1) <= bars_;
  }

  // Whether a section may end here, where it is not a repeat's end.
  bool section_can_end() const {
    if (at_.bar.fill == 0) return false;
    if (has_form()) return section_is_written();
    if (is_free()) return true;
    if (at_.bar.fill == at_.bar.length) return true;
    if (!requirements_.complete_bars) return !at_.bar.is_first;
    return !at_.bar.is_first && at_.bar.pickup != 0 && at_.bar.fill == at_.bar.pickup &&
           at_.bar.length == at_.bar.pickup_bar_length;
  }

  // Bars begun once the one in progress is complete.
  int bars_so_far() const {
    return at_.bar.count + (at_.bar.is_first && at_.bar.fill == at_.bar.length ? 1 : 0);
  }
  bool all_bars_written() const { return bars_ == kMostBars || bars_so_far() == bars_; }

  bool can_end_plainly() const {
    if (has_form() && is_section(at_.section.number + 1)) return false;
    if (lacks_chord_symbols()) return false;
    return !at_.repeat.is_open && !open_marks() && section_can_end() && all_bars_written();
  }
  bool can_be_double() const {
    if (open_marks()) return false;
    if (has_form()) {
      const bool parts = is_section(at_.section.number + 1) && !is_repeated(at_.section.number + 1);
      return !at_.repeat.is_open && parts && section_can_end();
    }
    // Within a repeat it is but a bar line.
    if (at_.repeat.is_open) {
      if (at_.repeat.ending != 0 || is_free()) return false;
      return is_full() ? bar_can_follow(at_.bar.fill) : section_can_end() && music_can_follow();
    }
    if (!section_can_end()) return false;
    return is_full() ? bars_so_far() + 1 <= bars_ : true;
  }
  bool is_full() const { return is_free() || at_.bar.fill == at_.bar.length; }
  bool open_marks() const { return at_.slur.depth > 0 || at_.tie.count > 0; }

  bool can_start_repeat() const {
    if (at_.repeat.is_open || open_marks()) return false;
    if (has_form()) return is_repeated(at_.section.number + 1) && section_can_end();
    if (at_.bar.is_first && at_.bar.fill == 0) return 1 <= bars_;  // at the very beginning
    const bool pickup = at_.bar.is_first && at_.bar.fill < at_.bar.length;
    return (pickup || section_can_end()) && bars_so_far() + 1 <= bars_;
  }

  // Whether :| can come here; what may come behind it is another question.
  bool can_end_repeat() const {
    const bool later_ending = at_.repeat.ending > 1 && next_ending() <= kMostEndings;
    if (!at_.repeat.is_open && !later_ending) return false;
    if (open_marks() || at_.bar.fill == 0) return false;
    if (has_form() && bars_so_far() != bars_) return false;
    if (lacks_chord_symbols()) return false;
    if (is_free()) return at_.section.bar_length == 0 && repeat_can_go_on();
    return ends_where_it_began() && repeat_can_go_on();
  }

  bool ends_where_it_began() const {
    if (is_free()) return at_.section.bar_length == 0;
    if (at_.bar.length != at_.section.bar_length) return false;
    const bool full = at_.bar.fill == at_.bar.length;
    if (at_.bar.is_first) return full && at_.section.in_first_bar;
    if (at_.section.bars == 0) return false;
    return (full ? 0 : at_.bar.fill) == section_start();
  }

  // After :| comes another ending, the end of the tune, or another section.
  bool repeat_can_go_on() const {
    if (at_.repeat.ending != 0) return at_.repeat.ending_start != 0 || bars_so_far() + 1 <= bars_;
    return true;
  }

  bool can_start_ending() const {
    if (has_form() || requirements_.music_until) return false;
    return at_.repeat.is_open && at_.repeat.ending == 0 && !open_marks() && has_repeat_music() &&
           (is_free() || at_.bar.length == at_.section.bar_length);
  }
  bool has_repeat_music() const {
    return at_.section.bars > 0 || (at_.bar.is_first && is_full() && at_.bar.fill > 0);
  }
  // A first ending at a bar line takes a bar, and the second one too.
  bool can_start_ending_at_bar() const { return can_start_ending() && bars_so_far() + 2 <= bars_; }
  bool can_start_ending_in_bar() const {
    if (is_free() || at_.bar.is_first || at_.bar.fill == 0) return false;
    const Ticks start = section_start();
    if (room() < kShortestNote) return false;
    return can_start_ending() &&
           at_.bar.count + (start != 0 && at_.bar.fill > start ? 1 : 0) <= bars_;
  }
  int next_ending() const {
    int n = 1;
    while (n < 31 && (at_.repeat.endings_seen >> (n - 1) & 1) != 0) ++n;
    return n;
  }

  // --- Body

  void body() {
    switch (at_.text.stage) {
      case Stage::kLineStart:
        return body_line();
      case Stage::kLineLetter:
        return body_line_letter();
      case Stage::kLineColon:
        return body_field({}, static_cast<char>(at_.text.letter), U'\n');
      case Stage::kField:
        return body_field(written(), static_cast<char>(at_.field.letter), U'\n');
      case Stage::kInlineField:
        return body_field(written(), static_cast<char>(at_.field.letter), U']');
      case Stage::kMusic:
        return begin();
      case Stage::kAccidental:
        return letters(at_.lexeme.accidental);
      case Stage::kPitch:
      case Stage::kNumerator:
      case Stage::kSlash:
      case Stage::kDenominator:
        return timed();
      case Stage::kBroken:
      case Stage::kSpaces:
        return when_complete();
      case Stage::kBar:
        return bar();
      case Stage::kEnding:
        return when_complete();
      case Stage::kBracket:
        return bracket();
      case Stage::kBarBracket:
        return bar_bracket();
      case Stage::kBracketLetter:
        return bracket_letter();
      case Stage::kQuote:
        return chord_symbol();
      case Stage::kParenthesis:
        return parenthesis();
      default:
        return;
    }
  }

  // What can begin once the lexeme in progress is complete.
  void when_complete() {
    const Cursor after = cursor_.settled();
    if (after.can_become_correct()) with(after, [](NextCharacters& next) { next.begin(); });
  }

  template <class Look>
  void with(const Cursor& cursor, Look look) {
    NextCharacters next(*this, cursor);
    look(next);
    set_ |= next.set_;
  }

  NextCharacters(const NextCharacters& other, const Cursor& cursor)
      : cursor_(cursor),
        at_(cursor.state()),
        requirements_(other.requirements_),
        alphabet_(other.alphabet_),
        bars_(other.bars_) {
    if (has_form()) bars_ = bars_of_form();
  }

  void body_line() {
    if (requirements_.music_until) return elements();
    const bool at_start = !at_.bar.has_music;
    if (!at_start && tune_can_end_at_line()) add(U'\n');
    if (at_.repeat.after_ending) return add(U'[');
    if (!at_start && at_.bar.last_line.is_final) return;
    const bool soft = at_start || at_.bar.last_line.ends_repeat || at_.bar.last_line.is_double;
    if (soft && can_start_repeat_at_line()) add(U'|');
    if (!music_can_follow()) return;
    if (!at_start) field_letters();
    elements();
    if (!at_start && at_.bar.fill == 0 && can_start_ending() && at_.bar.count + 2 <= bars_)
      add(U'[');
  }

  bool tune_can_end_at_line() const {
    if (at_.repeat.after_ending || at_.repeat.is_open || open_marks()) return false;
    if (!at_.bar.last_line.is_final && !at_.bar.last_line.ends_repeat) return false;
    return bars_ == kMostBars || at_.bar.count == bars_;
  }

  bool can_start_repeat_at_line() const {
    if (at_.repeat.is_open || open_marks()) return false;
    if (has_form()) return must_start_repeat();
    return at_.bar.count + 1 <= bars_;
  }

  // Changes of key, metre and unit length, on a line of their own.
  void field_letters() {
    if (open_marks() || requirements_.music_until) return;
    if (!requirements_.key) add(U'K');
    if (can_change_metre()) add(U'M');
    if (!requirements_.unit) add(U'L');
  }

  bool can_change_metre() const {
    if (requirements_.metre || at_.bar.fill != 0 || is_free()) return false;
    return requirements_.ends_here ? must_change_metre() : bars_ == kMostBars;
  }
  // A bar may not begin before that.
  bool must_change_metre_now() const {
    return requirements_.ends_here && must_change_metre() && at_.bar.fill == 0 && !open_marks() &&
           rank() == 0;
  }
  // To where the repeat started, before it can end.
  bool must_change_metre() const {
    return at_.repeat.is_open && at_.bar.length != at_.section.bar_length;
  }

  void body_line_letter() {
    if (at_.text.letter == U'K' || at_.text.letter == U'M' || at_.text.letter == U'L')
      return add(U':');
    // A note: as if it had begun within a line.
    with(cursor_.taken_for_music(), [](NextCharacters& next) { next.body(); });
    set_.remove(U':');  // programs would take it for a field
  }

  void body_field(std::string_view text, char field, char32_t end) {
    if (field == 'K') key_text(text, end);
    if (field == 'M') metre_text(text, end);
    if (field == 'L') unit_text(text, end);
  }

  bool is_after_time() const {
    return at_.text.last == LexemeKind::kNote || at_.text.last == LexemeKind::kRest ||
           at_.text.last == LexemeKind::kChordClose || at_.text.last == LexemeKind::kTie ||
           at_.text.last == LexemeKind::kSlurClose;
  }

  // What stands before a note, in its order: 1 chord symbol, 2 tuplet, 3 slur, 4 grace notes.
  int rank() const {
    switch (at_.text.last) {
      case LexemeKind::kChordSymbol:
        return 1;
      case LexemeKind::kTuplet:
        return 2;
      case LexemeKind::kSlurOpen:
        return 3;
      case LexemeKind::kGraceClose:
        return 4;
      default:
        return 0;
    }
  }

  // The beginning of a lexeme.
  void begin() {
    if (at_.chord.is_open) return in_chord();
    if (at_.grace.is_open) return in_grace();
    if (rank() > 0 || at_.next.broken != 0) return elements();
    if (at_.text.last == LexemeKind::kSpace) return elements();
    if (is_after_time()) {
      marks_after_time();
      if (at_.tuplet.left == 0) bar_lines();
      if (music_can_follow()) elements();
      if (at_.tuplet.left == 0 && can_start_ending_in_bar()) add(U'[');
      return;
    }
    // Behind a bar line, an ending or an inline field.
    if (requirements_.music_until) return elements();
    if (at_.text.last == LexemeKind::kBar) after_bar();
    if (music_can_follow()) {
      elements();
      if (is_behind_bar() && at_.bar.has_music && inline_field_possible()) add(U'[');
    }
  }

  bool is_behind_bar() const {
    return at_.text.last == LexemeKind::kBar || at_.text.last == LexemeKind::kEnding ||
           at_.text.last == LexemeKind::kInlineField;
  }

  bool inline_field_possible() const {
    if (open_marks()) return false;
    return !requirements_.key || can_change_metre() || !requirements_.unit;
  }

  void after_bar() {
    const BarLine& bar = at_.bar.last_line;
    if (bar.starts_repeat) return;
    if (bar.is_final || bar.ends_repeat) {
      // The tune, or only the line, ends.
      if (bar.is_final || tune_can_end_at_line() || at_.repeat.after_ending ||
          must_start_repeat() || music_can_follow()) {
        add(U'\n');
      }
      return;
    }
    if (music_can_follow()) add(U'\n');
  }

  void marks_after_time() {
    const bool in_beam = at_.tuplet.left > 0 || (at_.bar.fill > 0 && room() >= kShortestNote);
    if (in_beam) add(U' ');
    if ((at_.text.last == LexemeKind::kNote || at_.text.last == LexemeKind::kChordClose) &&
        note_can_follow() && pitches_stay() && chord_can_be_tied()) {
      add(U'-');
    }
    if (at_.slur.depth > 0 && at_.slur.notes >= 2 && at_.text.last != LexemeKind::kRest &&
        at_.text.last != LexemeKind::kSlurClose) {
      add(U')');
    }
    if ((at_.text.last == LexemeKind::kNote || at_.text.last == LexemeKind::kChordClose) &&
        can_break_rhythm()) {
      add(U'>');
      // The first note of < is the shorter one.
      if (at_.element.graces * at_.bar.unit / 4 < at_.bar.unit / 2) add(U'<');
    }
  }

  // Whether the same notes can be written once more without accidentals: a tie leads to them.
  // Behind a bar line they always can.
  bool pitches_stay() const {
    if (at_.tuplet.left == 0 && room() < kShortestNote) return true;
    for (int i = 0; i < at_.element.notes; ++i) {
      if (at_.bar.alters[(at_.element.positions[i] + 70) % 7] != at_.element.alters[i])
        return false;
    }
    return true;
  }

  // Programs lose a tie from a chord that has a note twice or, over a bar line, accidentals.
  bool chord_can_be_tied() const {
    if (at_.text.last == LexemeKind::kNote) return true;
    const bool over_bar = room() < kShortestNote;
    for (int i = 0; i < at_.element.notes; ++i) {
      const int step = (at_.element.positions[i] + 70) % 7;
      if (over_bar && at_.element.alters[i] != at_.bar.key.alters[step]) return false;
      if (i > 0 && at_.element.positions[i] == at_.element.positions[i - 1]) return false;
    }
    return true;
  }

  // Whether another note can come, in this bar or behind a plain bar line.
  bool note_can_follow() const {
    return at_.tuplet.left > 0 || room() >= kShortestNote || bar_can_follow(at_.bar.fill);
  }

  // After a note of one unit, for another one.
  bool can_break_rhythm() const {
    if (at_.element.length != at_.bar.unit) return false;
    if (at_.element.time != at_.bar.unit || at_.bar.unit < 2 * kShortestNote) return false;
    return room() >= at_.bar.unit && at_.tuplet.left == 0 && !is_in_swing();
  }

  // Programs that play hornpipes with a swing break the rhythm of an eighth on the beat and the one
  // behind it themselves; the second cannot be in another such pair.
  bool is_in_swing() const {
    constexpr Ticks kEighth = kWholeNote / 8;
    const Ticks begin = at_.bar.fill - at_.element.time;
    return requirements_.complete_bars && at_.header.is_hornpipe && at_.bar.unit == kEighth &&
           begin % (2 * kEighth) != 0;
  }

  void bar_lines() {
    if (requirements_.music_until) {
      if (room() == 0 && !open_marks()) add(U'|');
      return;
    }
    const bool is_pickup = at_.bar.is_first && at_.bar.fill < at_.bar.length;
    if (is_pickup && !can_accompany(at_.bar.length - at_.bar.fill)) return;
    if (bar_can_follow(at_.bar.fill) || can_be_double() || can_start_repeat() ||
        can_end_plainly()) {
      add(U'|');
    }
    if (can_end_repeat()) add(U':');
  }

  // --- The beginning of a note, rest or chord, and what may stand before it

  void elements() {
    if (!element_can_begin() || must_change_metre_now()) return;
    const int rank = this->rank();
    if (chord_symbol_can_begin() && (rank == 0 || (rank == 1 && at_.next.chord_symbols < 2)))
      add(U'"');
    if (needs_chord_symbol()) return;
    if (rank < 3 && (can_start_tuplet() || can_start_slur())) add(U'(');
    if (rank < 4 && can_start_grace()) add(U'{');
    if (rest_can_begin()) add(U'z');
    if (chord_can_begin()) add(U'[');
    if (at_.tie.count < 2) letters(kNoAccidental);
  }

  bool chord_symbol_can_begin() const {
    if (requirements_.chord_symbols == ChordSymbols::kNone) return false;
    return at_.bar.is_first || !requirements_.complete_bars ||
           !chord_can_sound_on(at_.bar.pickup_bar_length, at_.bar.pickup);
  }

  // Whether a tune with a pickup may end there in its last bar: not within a chord of the
  // accompaniment, if it has one. Programs play that chord beyond the end, and complain.
  bool can_accompany(Ticks end) const {
    const bool has_chord_symbols = at_.lexeme.quote.chord_symbol.is_complete();
    if (!requirements_.complete_bars) return true;
    if (!has_chord_symbols && requirements_.chord_symbols != ChordSymbols::kSome) return true;
    return !chord_can_sound_on(at_.bar.length, end);
  }

  // In a metre that the tune may have in its last bar.
  bool chord_can_sound_on(Ticks bar_length, Ticks place) const {
    if (requirements_.metre) return chord_sounds_on(*requirements_.metre, place);
    static const std::vector<Listed<Metre>> metres = list_metres();
    return std::any_of(metres.begin(), metres.end(), [&](const Listed<Metre>& metre) {
      return metre.value.bar() == bar_length && chord_sounds_on(metre.value, place);
    });
  }

  bool chord_can_begin() const {
    return at_.tie.count != 1 && at_.tuplet.left == 0 && element_can_begin() &&
           !must_change_metre_now() && !needs_chord_symbol();
  }

  // In the first bar, behind which the tune could end without them.
  bool lacks_chord_symbols() const {
    return at_.bar.is_first && requirements_.chord_symbols == ChordSymbols::kSome &&
           !at_.lexeme.quote.chord_symbol.is_complete();
  }

  // Accompaniment begins with the first full bar; whether the first bar is a pickup is not known
  // before the bar line.
  bool needs_chord_symbol() const {
    if (requirements_.chord_symbols != ChordSymbols::kSome) return false;
    if (!chord_symbol_can_begin()) return false;  // after the pickup of a given tune
    if (rank() > 0 || at_.bar.fill != 0 || requirements_.music_until) return false;
    if (at_.bar.is_first) return bars_ == 1;
    return at_.bar.count == (at_.bar.pickup == 0 ? 1 : 0);
  }

  bool element_can_begin() const {
    return at_.tuplet.left > 0 || at_.next.broken != 0 || rank() > 0 || music_can_follow();
  }

  bool rest_can_begin() const {
    if (at_.tie.count > 0 || at_.grace.waits || at_.next.broken != 0) return false;
    if (at_.slur.depth > 0 && at_.slur.notes == 0) return false;
    if (at_.tuplet.left == 0) return longest_note(longest(true)) >= shortest();
    // A slur ends on a note.
    return at_.slur.depth == 0 || at_.tuplet.left > 1 || note_can_follow_at(tuplet_end());
  }

  // Where the tuplet of which only one note is left ends.
  Ticks tuplet_end() const { return at_.bar.fill + at_.tuplet.note * at_.tuplet.q / at_.tuplet.p; }

  bool can_start_tuplet() const {
    if (at_.tuplet.left > 0 || at_.next.broken != 0 || rank() >= 2 || at_.tie.count > 1)
      return false;
    for (int p = 2; p <= 9; ++p) {
      if (tuplet_fits(p)) return true;
    }
    return false;
  }

  bool tuplet_fits(int p) const {
    // Programs go by the metre of the header.
    if (at_.bar.metre.tuplet_time(p) != at_.header.metre.tuplet_time(p)) return false;
    return at_.bar.metre.tuplet_time(p) * kShortestNote <= room_for_element();
  }

  // Two notes have to come in a slur.
  bool can_start_slur() const {
    if (at_.slur.depth > 0 || !can_write(U')')) return false;
    if (at_.tuplet.left > 1) return true;
    if (at_.tuplet.left == 1) return note_can_follow_at(tuplet_end());
    if (at_.next.broken != 0) return note_can_follow_at(at_.bar.fill + broken_time());
    return room_for_element() >= 2 * kShortestNote ||
           note_can_follow_at(at_.bar.fill + room_for_element());
  }

  Ticks broken_time() const {
    const Ticks part = at_.bar.unit >> 1;
    return at_.next.broken > 0 ? part : 2 * at_.bar.unit - part;
  }

  bool note_can_follow_at(Ticks fill) const { return fill < limit() || bar_can_follow(fill); }

  // Programs count grace notes and chords in a tuplet wrongly.
  bool can_start_grace() const {
    return at_.tie.count == 0 && at_.tuplet.left == 0 && at_.next.broken == 0 && can_write(U'}') &&
           grace_fits(1);
  }

  // Whether the note that comes can be longer than that many grace notes.
  bool grace_fits(int graces) const {
    return longest_note(longest(false)) > graces * at_.bar.unit / 4;
  }

  Ticks room_for_element() const {
    return is_free() ? kLongestNote : std::min(kLongestNote, limit() - at_.bar.fill);
  }

  // A slur that has just begun needs a note after the next one, and any slur one after a rest;
  // where no bar line can lead to it, there must be room in this bar.
  Ticks reserve(bool is_rest) const {
    const bool wants_another = at_.slur.depth > 0 && (is_rest || at_.slur.notes == 0);
    return wants_another && !bar_can_follow(at_.bar.fill + room_for_element()) ? kShortestNote : 0;
  }

  Ticks longest(bool is_rest) const { return room_for_element() - reserve(is_rest); }

  Ticks shortest() const {
    if (!at_.grace.waits) return kShortestNote;
    const Ticks taken = at_.grace.notes * at_.bar.unit / 4;
    return (taken / kShortestNote + 1) * kShortestNote;
  }

  // Whether one note, dotted or not, has this length: 1, 3 or 7 times a power of two.
  static bool is_one_note(Ticks length) {
    if (length % kShortestNote != 0) return false;
    auto n = static_cast<std::uint64_t>(length / kShortestNote);
    n >>= std::countr_zero(n);
    return n == 1 || n == 3 || n == 7;
  }

  // The longest of them that is not longer than `limit`; 0 if there is none.
  static Ticks longest_note(Ticks limit) {
    Ticks longest = 0;
    for (const Ticks n : kNumerators) {
      if (n * kShortestNote <= limit) longest = n * kShortestNote;
    }
    return longest;
  }

  // abc2midi counts a dotted chord wrongly that begins a bar of a hornpipe, behind a triplet.
  bool is_lost_in_swing(Ticks length) const {
    return requirements_.complete_bars && at_.header.is_hornpipe && at_.bar.fill == 0 &&
           at_.lexeme.timed == LexemeKind::kChordClose &&
           !std::has_single_bit(static_cast<std::uint64_t>(length / kShortestNote));
  }

  // Whether the element may have this written length.
  bool length_fits(Ticks length, bool is_rest) const {
    if (!is_one_note(length) || is_lost_in_swing(length)) return false;
    if (at_.next.broken != 0) return length == at_.bar.unit;
    if (at_.tuplet.left > 0) {
      if (at_.tuplet.note != 0) return length == at_.tuplet.note;
      return at_.tuplet.q * length <= room_for_element();
    }
    return length >= shortest() && length <= longest(is_rest);
  }

  // --- Notes

  struct Range {
    int low, high;
  };

  // Staff positions that a letter and octave marks can reach.
  static Range reach(int step, bool lower_case) {
    return lower_case ? Range{step + 7, step + 21} : Range{step - 14, step};
  }

  // Where the dialect is left, a chord may have lost its notes.
  int last_of_chord() const {
    const int notes = at_.element.notes;
    return notes == 0 ? kLowestPosition - 1 : at_.element.positions[notes - 1];
  }

  int ties_to_come(int low) const {
    int ties = 0;
    for (int i = 0; i < at_.tie.count; ++i) ties += at_.tie.positions[i] >= low ? 1 : 0;
    return ties;
  }

  bool is_tied_step(int step) const {
    for (int i = 0; i < at_.tie.count; ++i) {
      if ((at_.tie.positions[i] + 70) % 7 == step) return true;
    }
    return false;
  }

  // Where the note that comes may be: anywhere, in a chord above the last one, of a tie where it
  // is. A chord may have a note twice, as a fiddle plays it, but not altered.
  Range positions(bool altered) const {
    if (at_.chord.is_open) {
      const int untied = at_.chord.notes > 0 ? last_of_chord() + 1 : kLowestPosition;
      const bool can_repeat = at_.chord.notes > 0 && !altered && at_.tie.count == 0;
      const int low = can_repeat ? untied - 1 : untied;
      // A chord has at least two notes, perhaps the same one twice, and those that are tied to it.
      const bool needs_higher = at_.chord.notes == 0 && at_.tie.count > 0;
      int high = needs_higher ? kHighestPosition - 1 : kHighestPosition;
      for (int i = 0; i < at_.tie.count; ++i) {
        if (at_.tie.positions[i] >= untied) high = std::min<int>(high, at_.tie.positions[i]);
      }
      const int to_come = ties_to_come(untied);
      if (to_come > 0 && at_.chord.notes + to_come >= kMostChordNotes) return {high, high};
      return {low, high};
    }
    if (at_.tie.count > 0 && !at_.grace.is_open)
      return {at_.tie.positions[0], at_.tie.positions[0]};
    return {kLowestPosition, kHighestPosition};
  }

  // Whether a note there, raised by so much, is within the range that was asked for. A tie leads to
  // a note that was.
  bool in_range(int position, int alter) const {
    for (int i = 0; i < at_.tie.count && !at_.grace.is_open; ++i) {
      if (at_.tie.positions[i] == position) return true;
    }
    const int step = (position + 70) % 7;
    const int midi = 60 + 12 * ((position - step) / 7) + kSemitones[step] + alter;
    return midi >= requirements_.range.lowest && midi <= requirements_.range.highest;
  }

  int alter_of(int step, int accidental) const {
    return accidental != kNoAccidental ? accidental : at_.bar.alters[step];
  }

  bool can_reach(int step, bool lower_case, int accidental) const {
    const Range wanted = positions(accidental != kNoAccidental);
    const int alter = alter_of(step, accidental);
    Range range = reach(step, lower_case);
    if (!can_write(lower_case ? U'\'' : U',')) {
      (lower_case ? range.high : range.low) = lower_case ? step + 7 : step;
    }
    for (int position = range.low; position <= range.high; position += 7) {
      if (position >= wanted.low && position <= wanted.high && in_range(position, alter)) {
        return true;
      }
    }
    return false;
  }

  // Whether a note of that step can have that accidental: only where it is needed, and a tie brings
  // its own.
  bool can_alter(int step, int accidental) const {
    if (accidental < -1 || accidental > 1 || at_.bar.alters[step] == accidental) return false;
    if (!at_.grace.is_open && is_tied_step(step)) return false;
    return can_reach(step, false, accidental) || can_reach(step, true, accidental);
  }

  // The letters of notes after this accidental, or with accidentals if there is none yet.
  void letters(int accidental) {
    for (int step = 0; step < 7; ++step) {
      if (accidental == kNoAccidental) {
        if (can_alter(step, 1)) add(U'^');
        if (can_alter(step, 0)) add(U'=');
        if (can_alter(step, -1)) add(U'_');
      } else if (!can_alter(step, accidental)) {
        continue;
      }
      const bool upper = can_reach(step, false, accidental);
      const bool lower = can_reach(step, true, accidental);
      const auto letter = static_cast<unsigned char>(kLetters[step]);
      if (upper) add(letter);
      if (lower) add(letter + 32U);
    }
  }

  void in_chord() {
    if (at_.chord.notes < kMostChordNotes) letters(kNoAccidental);
    if (at_.chord.notes >= 2 && ties_to_come(last_of_chord() + 1) == 0) add(U']');
  }

  void in_grace() {
    if (grace_fits(at_.grace.notes + 1)) letters(kNoAccidental);
    if (at_.grace.notes >= 1) add(U'}');
  }

  // A note, rest or chord in progress: octave marks, its length, or what comes behind it.
  void timed() {
    const bool is_note = at_.lexeme.timed == LexemeKind::kNote;
    if (at_.lexeme.timed == LexemeKind::kBarsRest || at_.lexeme.timed == LexemeKind::kSpacer)
      return;
    if (is_note && at_.text.stage == Stage::kPitch) octave_marks();
    const int position = at_.lexeme.pitch.position();
    const Range wanted = positions(at_.lexeme.accidental != kNoAccidental);
    if (is_note && (position < wanted.low || position > wanted.high)) return;
    if (is_note && !in_range(position, alter_of(at_.lexeme.pitch.step, at_.lexeme.accidental)))
      return;
    if (is_note && (at_.chord.is_open || at_.grace.is_open)) return when_complete();
    length(at_.lexeme.timed == LexemeKind::kRest);
  }

  void octave_marks() {
    const bool lower_case = at_.lexeme.pitch.octave >= 1;
    const Range wanted = positions(at_.lexeme.accidental != kNoAccidental);
    const int position = at_.lexeme.pitch.position();
    const int alter = alter_of(at_.lexeme.pitch.step, at_.lexeme.accidental);
    const auto fits = [&](int p) {
      return p >= wanted.low && p <= wanted.high && in_range(p, alter);
    };
    if (lower_case) {
      for (int p = position + 7; p <= at_.lexeme.pitch.step + 21; p += 7) {
        if (fits(p)) add(U'\'');
      }
    } else {
      for (int p = position - 7; p >= at_.lexeme.pitch.step - 14; p -= 7) {
        if (fits(p)) add(U',');
      }
    }
  }

  // n, /2, n/2, /4 …: in lowest terms, without 1 as a numerator.
  void length(bool is_rest) {
    const Ticks unit = at_.bar.unit;
    const Ticks numerator = at_.lexeme.length.has_numerator ? at_.lexeme.length.numerator : 1;
    if (at_.text.stage == Stage::kSlash || at_.text.stage == Stage::kDenominator) {
      if (at_.lexeme.length.slashes != 1 || (at_.lexeme.length.has_numerator && numerator % 2 == 0))
        return;
      for (Ticks d = 2; d <= 64 && unit % d == 0; d *= 2) {
        if (!length_fits(unit / d * numerator, is_rest)) continue;
        denominator_digits(d);
      }
      return;
    }
    const bool plain = !at_.lexeme.length.has_numerator || numerator >= 2;
    if (plain && length_fits(unit * numerator, is_rest)) when_complete();
    if (!at_.lexeme.length.has_numerator || numerator % 2 == 1) {
      for (Ticks d = 2; d <= 64 && unit % d == 0; d *= 2) {
        if ((numerator > 1 || !at_.lexeme.length.has_numerator) &&
            length_fits(unit / d * numerator, is_rest)) {
          add(U'/');
          break;
        }
      }
    }
    numerator_digits(is_rest);
  }

  void denominator_digits(Ticks d) {
    const int begun = at_.lexeme.length.has_denominator ? at_.lexeme.length.denominator : 0;
    if (begun == d) return when_complete();
    if (d >= 10) {
      if (begun == 0) add(static_cast<char32_t>(U'0' + d / 10));
      if (begun == d / 10) add(static_cast<char32_t>(U'0' + d % 10));
    } else if (begun == 0) {
      add(static_cast<char32_t>(U'0' + d));
    }
  }

  // Numerators are 1, 3 or 7 times a power of two, odd ones alone over a denominator.
  void numerator_digits(bool is_rest) {
    const Ticks begun = at_.lexeme.length.has_numerator ? at_.lexeme.length.numerator : 0;
    for (const Ticks n : kNumerators) {
      const int digit = digit_after(begun, n);
      if (digit < 0) continue;
      for (Ticks d = 1; d <= (n % 2 == 0 ? 1 : 64) && at_.bar.unit % d == 0; d *= 2) {
        if (n == 1 || !length_fits(at_.bar.unit / d * n, is_rest)) continue;
        add(static_cast<char32_t>(U'0' + digit));
        break;
      }
    }
  }

  // The digit of n that comes after those of `begun` (0: none); −1 if n does not begin with them.
  static int digit_after(Ticks begun, Ticks n) {
    if (begun == 0) {
      while (n >= 10) n /= 10;
      return static_cast<int>(n);
    }
    for (; n >= 10; n /= 10) {
      if (n / 10 == begun) return static_cast<int>(n % 10);
    }
    return -1;
  }

  // --- Bar lines, brackets, parentheses, quotes in progress

  void bar() {
    if (requirements_.music_until) return when_complete();
    const int before = at_.lexeme.bar.colons_before, lines = at_.lexeme.bar.lines;
    if (at_.lexeme.bar.is_closed || at_.lexeme.bar.colons_after > 0 || before == 2) {
      if (before == 2 || at_.lexeme.bar.colons_after > 0 || lines > 0) when_complete();
      return;
    }
    if (before == 1 && lines == 0) {  // ":" of ":|" or "::"
      add(U'|');
      const bool another = has_form() ? is_repeated(at_.section.number + 1)
                                      : at_.repeat.ending == 0 && bars_so_far() + 1 <= bars_;
      if (another) add(U':');
      return;
    }
    if (before == 1) {  // ":|"
      if (at_.repeat.ending != 0) {
        if (next_ending() <= kMostEndings) add(static_cast<char32_t>(U'0' + next_ending()));
        add(U'\n');
        return;
      }
      return when_complete();
    }
    if (lines == 2) return when_complete();  // "||"
    // "|", which may become something else
    const bool line_start = at_.lexeme.bar.begins_line;
    if (can_start_repeat() || (line_start && can_start_repeat_at_line())) add(U':');
    if (line_start) return;
    if (can_be_double()) add(U'|');
    if (can_end_plainly()) add(U']');
    if (bar_can_follow(at_.bar.fill)) {
      when_complete();
      if (can_start_ending_at_bar()) add(U'1');
    }
  }

  // "[": a chord, an ending or a field.
  void bracket() {
    const bool at_line =
        at_.text.last == LexemeKind::kLineEnd || at_.text.last == LexemeKind::kField;
    if (at_.repeat.after_ending) {
      if (at_line && next_ending() <= kMostEndings) {
        add(static_cast<char32_t>(U'0' + next_ending()));
      }
      return;
    }
    if (is_behind_bar() && at_.bar.has_music && music_can_follow() && !at_.bar.last_line.is_final &&
        inline_field_possible()) {
      field_letters();
    }
    if (at_line && at_.bar.has_music && at_.bar.fill == 0 && can_start_ending() &&
        at_.bar.count + 2 <= bars_) {
      add(U'1');
    }
    if (is_after_time() && at_.tuplet.left == 0 && can_start_ending_in_bar()) add(U'1');
    if (chord_can_begin()) {
      with(cursor_.taken_for_music(), [](NextCharacters& next) { next.begin(); });
    }
  }

  void bar_bracket() {
    const Cursor after = cursor_.taken_for_music();
    if (after.can_become_correct()) with(after, [](NextCharacters& next) { next.bracket(); });
  }

  void bracket_letter() {
    if (at_.text.letter == U'K' || at_.text.letter == U'M' || at_.text.letter == U'L')
      return add(U':');
    with(cursor_.taken_for_music(), [](NextCharacters& next) { next.body(); });
  }

  void chord_symbol() {
    if (at_.lexeme.quote.is_annotation || at_.lexeme.quote.has_bracket) return;
    set_ |= at_.lexeme.quote.chord_symbol.next(alphabet_);
    if (at_.lexeme.quote.chord_symbol.is_complete()) add(U'"');
  }

  void parenthesis() {
    if (at_.lexeme.tuplet.p == 0) {
      if (can_start_tuplet()) {
        for (int p = 2; p <= 9; ++p) {
          if (tuplet_fits(p)) add(static_cast<char32_t>(U'0' + p));
        }
      }
      if (rank() < 3 && can_start_slur()) when_complete();
      return;
    }
    if (at_.lexeme.tuplet.colons == 0 && at_.lexeme.tuplet.p <= 9) when_complete();
  }

  const Cursor& cursor_;
  const CursorState& at_;
  const Requirements& requirements_;
  const CharacterSet& alphabet_;
  int bars_ = kMostBars;  // how many the tune has
  CharacterSet set_;
};

CharacterSet next_characters(const Cursor& cursor, const Requirements& requirements,
                             const Alphabet& alphabet) {
  return NextCharacters(cursor, requirements, alphabet).all();
}

}  // namespace lilt::abc
