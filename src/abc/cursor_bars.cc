// Bars, repeats and endings.

#include "abc/cursor.h"

namespace lilt::abc {

void Cursor::complete_bar(Events* events) {
  Lexeme bar = lexeme(LexemeKind::kBar);
  bar.bar = at_.lexeme.bar.bar_line();
  if (at_.tuplet.left > 0) report(Code::kTupletIncomplete, events);
  if (at_.grace.waits) report(Code::kGraceWithoutNote, events);
  at_.grace.waits = false;
  if (at_.next.broken == 0) at_.element.time = 0;  // > behind a bar line has no first note
  at_.bar.last_line = bar.bar;
  if (at_.bar.in_overlay) end_overlay(events);
  if (at_.repeat.ending_is_empty && bar.bar.is_soft()) close_empty_ending(events);
  const bool was_all_right = !at_.has_error;
  check_bar(bar.bar.is_soft() || bar.bar.is_dotted, events);
  at_.bar.alters = at_.bar.key.alters;
  at_.bar.has_chord = false;
  at_.tie.over_bar = at_.tie.count > 0;

  if (bar.bar.ends_repeat) end_repeat(was_all_right && at_.has_error ? nullptr : events);
  if (bar.bar.starts_repeat) {
    start_repeat(bar.bar.ends_repeat, events);
  } else if (bar.bar.is_double && !bar.bar.ends_repeat && !at_.repeat.is_open) {
    at_.repeat.ending = 0;
    start_section();
  }
  bar.bar.is_within_bar = at_.bar.fill > 0;
  emit(bar, events);
}

// A later ending without music is none: all goes on as if its number were not there.
void Cursor::close_empty_ending(Events* events) {
  if ((at_.repeat.ending & 1) != 0) report(Code::kEndingEmpty, events);
  at_.repeat.ending_is_empty = false;
  at_.bar.fill = at_.repeat.fill_before_ending;
}

// Another voice of the bar, from its beginning.
void Cursor::start_overlay(Events* events) {
  report(Code::kSeveralVoices, events);
  if (!at_.bar.in_overlay) at_.bar.fill_before_overlay = at_.bar.fill;
  at_.bar.in_overlay = true;
  at_.bar.fill = 0;
}

// The first voice of the bar is the one that counts.
void Cursor::end_overlay(Events* events) {
  BarState& bar = at_.bar;
  if (bar.length != 0 && bar.fill > bar.length) {
    report(Code::kBarTooLong, events, bar.fill, bar.length);
  }
  bar.in_overlay = false;
  bar.fill = bar.fill_before_overlay;
}

// What is in the bar, in playing order, must fill it, where it may not go on behind the bar line.
void Cursor::check_bar(bool soft, Events* events) {
  BarState& bar = at_.bar;
  if (bar.length == 0) {
    if (bar.fill > 0) bar.is_first = false;
    bar.fill = 0;
    return;
  }
  if (bar.fill == 0) return;  // for the eye
  if (bar.is_first) return check_first_bar(events);
  if (soft && bar.fill < bar.length) return;
  if (bar.fill > bar.length) report(Code::kBarTooLong, events, bar.fill, bar.length);
  if (bar.fill < bar.length) report(Code::kBarTooShort, events, bar.fill, bar.length);
  bar.fill = 0;
}

// The first bar may be a pickup.
void Cursor::check_first_bar(Events* events) {
  BarState& bar = at_.bar;
  bar.is_first = false;
  if (bar.fill > bar.length) {
    report(Code::kBarTooLong, events, bar.fill, bar.length);
  } else if (bar.fill == bar.length) {
    ++bar.count;
    ++at_.section.bars;
  } else {
    bar.pickup = bar.length - bar.fill;
    bar.pickup_bar_length = bar.length;
    if (at_.section.in_first_bar) at_.section.start = bar.pickup;
  }
  bar.fill = 0;
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
  at_.lexeme.ending.add();
  Lexeme ending = lexeme(LexemeKind::kEnding);
  ending.number = at_.lexeme.ending.list;
  if (!at_.repeat.ending_is_empty) at_.repeat.fill_before_ending = at_.bar.fill;
  at_.repeat.ending_is_empty = true;
  if (ending.number == 0) {
    report(Code::kEndingNumber, events);
  } else if ((ending.number & 1) != 0) {
    start_first_ending(ending.number, events);
  } else {
    start_later_ending(ending.number, events);
  }
  at_.repeat.after_ending = false;
  at_.bar.is_first = false;
  emit(ending, events);
}

void Cursor::start_first_ending(std::int32_t numbers, Events* events) {
  RepeatState& repeat = at_.repeat;
  if (repeat.ending != 0) report(Code::kEndingNotClosed, events);
  if (!repeat.is_open) imply_repeat(events);
  repeat.is_open = repeat.had_repeat = repeat.had_ending = true;
  repeat.ending_start = at_.bar.fill;
  repeat.endings_seen = repeat.ending = numbers;
}

void Cursor::start_later_ending(std::int32_t numbers, Events* events) {
  RepeatState& repeat = at_.repeat;
  if (!repeat.after_ending) {
    report(repeat.ending != 0 ? Code::kEndingNotClosed : Code::kEndingWithoutRepeat, events);
  } else {
    if ((repeat.endings_seen & numbers) != 0) report(Code::kEndingNumber, events);
    // The section goes on from where its first ending began.
    at_.bar.fill = repeat.ending_start;
    at_.section.start = repeat.section_start;
    at_.section.bar_length = repeat.section_bar_length;
  }
  repeat.endings_seen |= numbers;
  repeat.ending = numbers;
}

}  // namespace lilt::abc
