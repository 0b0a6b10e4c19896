#include "abc/next_bars.h"

namespace lilt::abc {

int next_ending(const CursorState& at) {
  int n = 1;
  while (n < 31 && (at.repeat.endings_seen >> (n - 1) & 1) != 0) ++n;
  return n;
}

int BarsToCome::bars_of_form() const {
  int bars = 0;
  for (int i = 0; i <= at_.section.number && is_section(i); ++i) bars += requirements_.form[i].bars;
  return bars;
}

// --- Sections

// Whether a section may end here, where it is not a repeat's end.
bool BarsToCome::section_can_end() const {
  if (at_.bar.fill == 0) return false;
  if (has_form()) return bars_so_far() == bars_ && ends_where_it_began();
  if (is_full()) return true;
  if (!requirements_.complete_bars) return !at_.bar.is_first;
  return !at_.bar.is_first && at_.bar.pickup != 0 && at_.bar.fill == at_.bar.pickup &&
         at_.bar.length == at_.bar.pickup_bar_length;
}

bool BarsToCome::ends_where_it_began() const {
  if (is_free()) return at_.section.bar_length == 0;
  if (at_.bar.length != at_.section.bar_length) return false;
  const bool full = at_.bar.fill == at_.bar.length;
  if (at_.bar.is_first) return full && at_.section.in_first_bar;
  if (at_.section.bars == 0) return false;
  return (full ? 0 : at_.bar.fill) == section_start();
}

bool BarsToCome::can_end_plainly() const {
  if (has_form() && is_section(at_.section.number + 1)) return false;
  if (lacks_chord_symbols()) return false;
  return !at_.repeat.is_open && !has_open_marks(at_) && section_can_end() && all_bars_written();
}

bool BarsToCome::tune_can_end_at_line() const {
  if (at_.repeat.after_ending || at_.repeat.is_open || has_open_marks(at_)) return false;
  if (!at_.bar.last_line.is_final && !at_.bar.last_line.ends_repeat) return false;
  return bars_ == kAnyNumber || at_.bar.count == bars_;
}

bool BarsToCome::can_be_double() const {
  if (has_open_marks(at_)) return false;
  if (has_form()) {
    const bool parts = is_section(at_.section.number + 1) && !is_repeated(at_.section.number + 1);
    return !at_.repeat.is_open && parts && section_can_end();
  }
  // Within a repeat it is but a bar line.
  if (at_.repeat.is_open) {
    if (at_.repeat.ending != 0 || is_free()) return false;
    return is_full() ? bar_can_follow(at_.bar.fill) : section_can_end() && music_can_follow();
  }
  return section_can_end() && (!is_full() || has_more(1));
}

// --- Repeats

bool BarsToCome::can_repeat_again() const {
  if (has_form()) return is_repeated(at_.section.number + 1);
  return at_.repeat.ending == 0 && has_more(1);
}

bool BarsToCome::can_start_repeat() const {
  if (at_.repeat.is_open || has_open_marks(at_)) return false;
  if (has_form()) return is_repeated(at_.section.number + 1) && section_can_end();
  if (at_.bar.is_first && at_.bar.fill == 0) return 1 <= bars_;  // at the very beginning
  const bool pickup = at_.bar.is_first && at_.bar.fill < at_.bar.length;
  return (pickup || section_can_end()) && has_more(1);
}

bool BarsToCome::can_start_repeat_at_line() const {
  if (at_.repeat.is_open || has_open_marks(at_)) return false;
  if (has_form()) return must_start_repeat();
  return at_.bar.count + 1 <= bars_;
}

bool BarsToCome::can_end_repeat() const {
  const bool later_ending = at_.repeat.ending > 1 && next_ending(at_) <= kMostEndings;
  if (!at_.repeat.is_open && !later_ending) return false;
  if (has_open_marks(at_) || at_.bar.fill == 0) return false;
  if (has_form() && bars_so_far() != bars_) return false;
  if (lacks_chord_symbols()) return false;
  return ends_where_it_began() && repeat_can_go_on();
}

// After :| comes another ending, the end of the tune, or another section.
bool BarsToCome::repeat_can_go_on() const {
  if (at_.repeat.ending != 0) return at_.repeat.ending_start != 0 || has_more(1);
  return true;
}

// --- Endings

bool BarsToCome::can_start_ending() const {
  if (has_form() || requirements_.music_until) return false;
  return at_.repeat.is_open && at_.repeat.ending == 0 && !has_open_marks(at_) &&
         has_repeat_music() && (is_free() || at_.bar.length == at_.section.bar_length);
}

bool BarsToCome::has_repeat_music() const {
  return at_.section.bars > 0 || (at_.bar.is_first && is_full() && at_.bar.fill > 0);
}

// A first ending at a bar line takes a bar, and the second one too.
bool BarsToCome::can_start_ending_at_bar() const { return can_start_ending() && has_more(2); }

bool BarsToCome::can_start_ending_at_line() const {
  return at_.bar.has_music && at_.bar.fill == 0 && can_start_ending() && at_.bar.count + 2 <= bars_;
}

bool BarsToCome::can_start_ending_in_bar() const {
  if (is_free() || at_.bar.is_first || at_.bar.fill == 0) return false;
  const Ticks start = section_start();
  if (room() < kShortestNote) return false;
  return can_start_ending() &&
         at_.bar.count + (start != 0 && at_.bar.fill > start ? 1 : 0) <= bars_;
}

// --- Changes of metre

bool BarsToCome::can_change_metre() const {
  if (requirements_.metre || at_.bar.fill != 0 || is_free()) return false;
  return requirements_.ends_here ? must_change_metre() : bars_ == kAnyNumber;
}

}  // namespace lilt::abc
