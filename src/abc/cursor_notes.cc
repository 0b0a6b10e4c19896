// Notes, chords and rests, the time they take, and what is open between them.

#include "abc/cursor.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "abc/character_classes.h"

namespace lilt::abc {
namespace {

constexpr Ticks kMostTime = kWholeNote << 24;  // sums stop there, far below overflow
constexpr std::int32_t kMostBars = 1 << 30;
constexpr Ticks kLongestNote = kWholeNote * kLargestNumber;

void count(std::uint8_t& number) { number = static_cast<std::uint8_t>(std::min(number + 1, 255)); }

}  // namespace

int Pitch::midi() const { return 60 + 12 * octave + kSemitones[step] + alter; }

void Cursor::complete_timed(Events* events) {
  switch (at_.lexeme.timed) {
    case LexemeKind::kNote:
      return complete_note(events);
    case LexemeKind::kChordClose:
      return complete_chord(events);
    case LexemeKind::kBarsRest:
      return complete_bars_rest(events);
    case LexemeKind::kRest:
      return complete_rest(events);
    default:
      return emit(LexemeKind::kSpacer, events);
  }
}

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

// The time of the tuplet's next note.
Ticks Cursor::tuplet_time(Ticks written, Events* events) {
  TupletState& tuplet = at_.tuplet;
  if (tuplet.note == 0) tuplet.note = written;
  if (tuplet.note != written && !tuplet.is_general) report(Code::kTupletUnequal, events);
  if (written * tuplet.q % tuplet.p != 0) report(Code::kLengthTooFine, events);
  --tuplet.left;
  return written * tuplet.q / tuplet.p;
}

// The time of an element that a > or < before it may change.
inline Ticks Cursor::broken_time(Ticks time, Events* events) {
  if (at_.next.broken == 0) {
    at_.element.time = time;
    return time;
  }
  if (at_.element.time != time) report(Code::kBrokenRhythmUnequal, events);
  const Ticks part = time >> std::abs(at_.next.broken);
  const Ticks broken = at_.next.broken > 0 ? part : 2 * time - part;
  at_.next.broken = 0;
  at_.element.time = 0;  // it cannot begin another pair
  return broken;
}

// Counts a note, chord or rest of this written length; the time it takes.
inline Ticks Cursor::add_time(Ticks written, bool is_note, Events* events) {
  const Ticks time =
      broken_time(at_.tuplet.left > 0 ? tuplet_time(written, events) : written, events);
  if (at_.bar.fill == 0 && !at_.bar.is_first) {
    ++at_.bar.count;
    ++at_.section.bars;
  }
  at_.bar.fill = std::min(at_.bar.fill + time, kMostTime);
  at_.bar.last_line = {};
  at_.bar.has_music = true;
  at_.repeat.ending_is_empty = false;
  at_.repeat.after_ending = false;
  at_.element.length = written;
  at_.element.graces = at_.grace.waits ? at_.grace.notes : 0;
  at_.next.chord_symbols = 0;
  if (is_note) {
    at_.grace.waits = false;
    if (at_.slur.depth > 0) count(at_.slur.notes);
  }
  return time;
}

// The pitch in progress as accidentals, here and before, raise it.
inline void Cursor::alter_pitch() {
  Pitch& pitch = at_.lexeme.pitch;
  const std::int8_t accidental = at_.lexeme.accidental;
  const bool is_odd = at_.lexeme.odd_accidental;
  if (accidental != kNoAccidental && !is_odd) at_.bar.alters[pitch.step] = accidental;
  pitch.alter = is_odd ? std::int8_t{0} : at_.bar.alters[pitch.step];
  if (accidental != kNoAccidental || !at_.tie.over_bar) return;
  // A tie carries its accidental over the bar line, for this note alone.
  for (int i = 0; i < at_.tie.count; ++i) {
    if (at_.tie.positions[i] == pitch.position()) pitch.alter = at_.tie.alters[i];
  }
}

// Counts a note, alone or of a chord or grace notes; the time it takes.
inline Ticks Cursor::take_note(Ticks written, Events* events) {
  ElementState& element = at_.element;
  if (at_.grace.is_open) {
    count(at_.grace.notes);
    if (at_.chord.is_open) count(at_.chord.notes);
    return written;
  }
  if (!at_.chord.is_open || at_.chord.notes == 0) element.notes = 0;
  if (element.notes < kMostChordNotes) {
    element.positions[element.notes] = static_cast<std::int8_t>(at_.lexeme.pitch.position());
    element.alters[element.notes] = at_.lexeme.pitch.alter;
    ++element.notes;
  }
  if (at_.chord.is_open) {
    if (at_.chord.notes == 0) at_.chord.length = written;
    count(at_.chord.notes);
    return written;
  }
  if (at_.tie.count > 0) resolve_ties(events);
  return add_time(written, true, events);
}

void Cursor::complete_note(Events* events) {
  const Ticks written = written_length(at_.bar.unit, events);
  alter_pitch();
  Pitch& pitch = at_.lexeme.pitch;
  constexpr int kLowest = -4, kHighest = 4;  // octaves that are within MIDI's range as a whole
  if (pitch.octave < kLowest || pitch.octave > kHighest) {
    if (pitch.midi() < 0 || pitch.midi() > 127) report(Code::kPitchRange, events);
  }
  const Ticks length = take_note(written, events);
  at_.text.last = LexemeKind::kNote;
  if (events == nullptr) return;
  Lexeme note = lexeme(LexemeKind::kNote);
  note.accidental = at_.lexeme.accidental;
  note.pitch = pitch;
  note.length = length;
  note.written = written;
  emit(note, events);
}

void Cursor::complete_rest(Events* events) {
  Lexeme rest = lexeme(LexemeKind::kRest);
  rest.letter = at_.text.letter;
  rest.length = rest.written = written_length(at_.bar.unit, events);
  if (!at_.chord.is_open && !at_.grace.is_open) {
    refuse_ties(events);
    at_.element.notes = 0;
    rest.length = add_time(rest.length, false, events);
  }
  emit(rest, events);
}

void Cursor::complete_bars_rest(Events* events) {
  Lexeme rest = lexeme(LexemeKind::kBarsRest);
  const LengthState& length = at_.lexeme.length;
  refuse_ties(events);
  at_.element.notes = 0;
  const std::int32_t bars = length.has_numerator ? std::max(length.numerator, 1) : 1;
  rest.letter = at_.text.letter;
  rest.number = bars;
  rest.length = (at_.bar.length == 0 ? kWholeNote : at_.bar.length) * bars;
  at_.bar.fill = std::min(at_.bar.fill + at_.bar.length, kMostTime);
  at_.bar.is_first = false;
  at_.bar.count = std::min(at_.bar.count + bars, kMostBars);
  at_.section.bars = std::min(at_.section.bars + bars, kMostBars);
  at_.bar.has_music = true;
  at_.repeat.ending_is_empty = false;
  emit(rest, events);
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
  const TupletNumbers& written = at_.lexeme.tuplet;
  if (written.p == 0) {
    open_slur();
    emit(LexemeKind::kSlurOpen, events);
    return;
  }
  Lexeme tuplet = lexeme(LexemeKind::kTuplet);
  const int q = written.q > 0 ? written.q : at_.bar.metre.tuplet_time(written.p);
  const int r = written.r > 0 ? written.r : written.p;
  if (at_.tuplet.left > 0) {
    report(Code::kTupletNested, events);
  } else if (q == 0 || written.p > 100 || q > 100 || r > 100) {
    report(Code::kTupletNumber, events);
  } else {
    at_.tuplet = {.left = static_cast<std::uint8_t>(r),
                  .p = static_cast<std::int8_t>(written.p),
                  .q = static_cast<std::int8_t>(q),
                  .is_general = written.r > 0};
    tuplet.number = written.p;
    tuplet.q = static_cast<std::int16_t>(q);
    tuplet.r = static_cast<std::int16_t>(r);
  }
  emit(tuplet, events);
}

// --- Chords, grace notes, slurs

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
    chord.written = written;
    if (at_.grace.is_open) {
      chord.length = written;
    } else {
      resolve_ties(events);
      chord.length = add_time(written, true, events);
      at_.bar.has_chord = true;
      if (at_.chord.ties != 0) start_ties(at_.chord.ties);
    }
  }
  emit(chord, events);
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
  count(at_.slur.depth);
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
  const QuoteState& quote = at_.lexeme.quote;
  if (quote.is_annotation) return emit(LexemeKind::kAnnotation, events);
  count(at_.next.chord_symbols);
  if (!quote.chord_symbol.is_complete()) {
    const bool is_standard = quote.chord_symbol.is_standard();
    report(is_standard ? Code::kChordSymbolUnusual : Code::kChordSymbol, events);
  }
  emit(LexemeKind::kChordSymbol, events);
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

}  // namespace lilt::abc
