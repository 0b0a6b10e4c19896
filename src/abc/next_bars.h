// What of bars, sections and repeats can still come: part of next_characters.
#pragma once

#include <algorithm>
#include <limits>

#include "abc/cursor_state.h"
#include "abc/dialect.h"
#include "abc/duration.h"
#include "abc/next_characters.h"

namespace lilt::abc {

// Slurs and ties, which lead on.
[[nodiscard]] inline bool has_open_marks(const CursorState& at) {
  return at.slur.depth > 0 || at.tie.count > 0;
}

// The lowest ending of the repeat that has not been: 1 for the first.
[[nodiscard]] int next_ending(const CursorState& at);

class BarsToCome {
 public:
  // All functions tell of the place and of what the tune has to be; both must outlive this.
  BarsToCome(const CursorState& at, const Requirements& requirements)
      : at_(at), requirements_(requirements) {
    if (requirements.bars > 0) bars_ = requirements.bars;
    if (has_form()) bars_ = bars_of_form();
  }
  // The same at another place, for a tune with as many bars.
  BarsToCome(const CursorState& at, const BarsToCome& other)
      : at_(at), requirements_(other.requirements_), bars_(other.bars_) {
    if (has_form()) bars_ = bars_of_form();
  }

  // How many bars the tune has, or with a form the sections as far as they have begun.
  [[nodiscard]] int bars() const { return bars_; }
  void set_bars(int bars) { bars_ = bars; }

  // --- The bar

  // How far the bar may be filled.
  [[nodiscard]] Ticks limit() const {
    if (requirements_.music_until) return *requirements_.music_until;
    if (is_free()) return kUnlimited;
    const Ticks start = section_start();
    // The bar of the note to come, which may be the first of it.
    const int begins = at_.bar.fill == 0 && !at_.bar.is_first ? 1 : 0;
    const bool must_stop = ends_as_it_began() && start != 0 && at_.bar.fill <= start &&
                           at_.bar.length == at_.section.bar_length &&
                           at_.section.bars + begins > 0 &&
                           at_.bar.count + begins + owed(at_.bar.length, at_.section.bars) > bars_;
    return must_stop ? start : at_.bar.length;
  }
  [[nodiscard]] Ticks room() const { return limit() - at_.bar.fill; }
  // For one note, rest or chord, however long.
  [[nodiscard]] Ticks room_for_element() const {
    return is_free() ? kLongestElement : std::min(kLongestElement, room());
  }

  // Whether a note or rest can come, in this bar or as the first of a new one.
  [[nodiscard]] bool music_can_follow() const {
    if (at_.tuplet.left > 0) return true;
    if (requirements_.music_until) return room() >= kShortestNote;
    if (at_.repeat.after_ending || at_.bar.last_line.is_final) return false;
    if (has_form() && (!is_section(at_.section.number) || must_start_repeat())) return false;
    if (at_.bar.fill == 0 && !at_.bar.is_first) {
      return at_.bar.count + 1 + owed(0, at_.section.bars + 1) <= bars_;
    }
    return room() >= kShortestNote;
  }

  // Whether a plain bar line can come when the bar is filled so far, and music behind it.
  [[nodiscard]] bool bar_can_follow(Ticks fill) const {
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

  // Whether a note can come when the bar is filled so far, in it or behind a plain bar line.
  [[nodiscard]] bool note_can_follow_at(Ticks fill) const {
    return fill < limit() || bar_can_follow(fill);
  }
  [[nodiscard]] bool note_can_follow() const {
    return at_.tuplet.left > 0 || room() >= kShortestNote || bar_can_follow(at_.bar.fill);
  }

  // Whether what comes next is in the tune's first bar and that is its only one.
  [[nodiscard]] bool is_only_bar() const { return at_.bar.is_first && bars_ == 1; }

  // --- The end of sections and of the tune

  // Whether a section that begins needs its |: first.
  [[nodiscard]] bool must_start_repeat() const {
    return has_form() && is_repeated(at_.section.number) && !at_.repeat.is_open;
  }
  // Whether "::" can stand here: another repeat can follow.
  [[nodiscard]] bool can_repeat_again() const;
  // |: behind a bar line or in its place, and at the start of a line.
  [[nodiscard]] bool can_start_repeat() const;
  [[nodiscard]] bool can_start_repeat_at_line() const;
  // Whether :| can come here; what may come behind it is another question.
  [[nodiscard]] bool can_end_repeat() const;
  // A first ending: behind the bar line here, behind one at the end of a line, within the bar.
  [[nodiscard]] bool can_start_ending_at_bar() const;
  [[nodiscard]] bool can_start_ending_at_line() const;
  [[nodiscard]] bool can_start_ending_in_bar() const;
  // || here, |] here, and the end of the text behind the line before.
  [[nodiscard]] bool can_be_double() const;
  [[nodiscard]] bool can_end_plainly() const;
  [[nodiscard]] bool tune_can_end_at_line() const;

  // --- Changes of metre

  [[nodiscard]] bool can_change_metre() const;
  // To that of the repeat's start, before it can end.
  [[nodiscard]] bool must_change_metre() const {
    return at_.repeat.is_open && at_.bar.length != at_.section.bar_length;
  }

  // In the first bar, behind which the tune could end without chord symbols that were asked for.
  [[nodiscard]] bool lacks_chord_symbols() const {
    return at_.bar.is_first && requirements_.chord_symbols == ChordSymbols::kSome &&
           !at_.lexeme.quote.chord_symbol.is_complete();
  }

 private:
  static constexpr Ticks kUnlimited = std::numeric_limits<Ticks>::max() / 4;
  static constexpr int kAnyNumber = std::numeric_limits<int>::max() / 4;

  // The form that was asked for.
  [[nodiscard]] bool has_form() const { return !requirements_.form.empty(); }
  [[nodiscard]] bool is_section(int i) const {
    return i < static_cast<int>(requirements_.form.size());
  }
  [[nodiscard]] bool is_repeated(int i) const {
    return is_section(i) && requirements_.form[i].repeated;
  }
  // Where the section under way ends, or the tune if all are written.
  [[nodiscard]] int bars_of_form() const;

  [[nodiscard]] bool is_free() const { return at_.bar.length == 0; }
  [[nodiscard]] bool is_full() const { return is_free() || at_.bar.fill == at_.bar.length; }

  // Bars that have to begin to close what is open, after the one that is filled up to here and is
  // the section's last so far.
  [[nodiscard]] int owed(Ticks fill, int section_bars) const {
    if (!ends_as_it_began()) return 0;
    int bars = 0;
    const Ticks start = section_start();
    if (start != 0 && (fill > start || section_bars == 0)) bars = 1;
    if (at_.bar.length != at_.section.bar_length) bars = std::max(bars, 1);
    if (at_.repeat.ending != 0 && at_.repeat.ending_start == 0) ++bars;
    return bars;
  }

  // Whether the section must end where in the bar it began.
  [[nodiscard]] bool ends_as_it_began() const { return at_.repeat.is_open || has_form(); }
  // Where in its bar the section started. In the first bar it is not known before its end, and then
  // as it should be.
  [[nodiscard]] Ticks section_start() const {
    return at_.bar.is_first && at_.section.in_first_bar ? 0 : at_.section.start;
  }

  // Bars begun once the one in progress is complete.
  [[nodiscard]] int bars_so_far() const {
    return at_.bar.count + (at_.bar.is_first && at_.bar.fill == at_.bar.length ? 1 : 0);
  }
  [[nodiscard]] bool has_more(int more) const { return bars_so_far() + more <= bars_; }
  [[nodiscard]] bool all_bars_written() const {
    return bars_ == kAnyNumber || bars_so_far() == bars_;
  }

  [[nodiscard]] bool section_can_end() const;
  [[nodiscard]] bool ends_where_it_began() const;
  [[nodiscard]] bool repeat_can_go_on() const;
  [[nodiscard]] bool can_start_ending() const;
  [[nodiscard]] bool has_repeat_music() const;

  const CursorState& at_;
  const Requirements& requirements_;
  int bars_ = kAnyNumber;
};

}  // namespace lilt::abc
