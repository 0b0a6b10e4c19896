// How tunes, sections and phrases end.
#include <algorithm>
#include <cstdlib>

#include "likeness/habit_lists.h"

namespace lilt::likeness {
namespace {

constexpr int kFifth = 7;
constexpr int kWholeTone = 2;
constexpr abc::Ticks kQuarter = abc::kWholeNote / 4;

const HeardNote* last_note(const Heard& tune) {
  return tune.sections.empty() ? nullptr : tune.last_note_of(tune.sections.back().last);
}

template <class Holds>
double of_last_note(const Heard& tune, Holds&& holds) {
  const HeardNote* note = last_note(tune);
  return note == nullptr ? kAbsent : static_cast<double>(holds(*note));
}

bool section_ends_on(const Heard& tune, const HeardSection& section, int degree) {
  const HeardNote* note = tune.last_note_of(section.last);
  return note != nullptr && note->degree == degree;
}

// The shortest last note that is an ending: a quarter, also where a beat is three eighths, since
// the next time begins with a pickup.
bool is_shorter_than_beat(const Heard& tune, const HeardNote& note) {
  return note.length < std::min(tune.beat(), kQuarter);
}

// Over the sections that go on to bar `bar`, from 1: what holds of its last note.
template <class Holds>
double at_bar(const Heard& tune, std::size_t bar, Holds&& holds) {
  constexpr std::size_t kPhrases = 8;  // a section of fewer bars has other phrases
  double those = 0, all = 0;
  for (const HeardSection& section : tune.sections) {
    if (section.bars.size() < kPhrases) continue;
    const std::size_t at = section.bars[bar - 1];
    if (tune.notes_in(at) == 0) continue;
    ++all;
    those += holds(*tune.last_note_of(at)) ? 1 : 0;
  }
  return ratio_of(those, all);
}

template <int kBar, int kDegree>
double cadence_on(const Heard& tune) {
  return at_bar(tune, kBar, [](const HeardNote& note) { return note.degree == kDegree; });
}

template <int kBar>
double cadence_rests(const Heard& tune) {
  return at_bar(tune, kBar,
                [&](const HeardNote& note) { return !is_shorter_than_beat(tune, note); });
}

double last_step(const Heard& tune) {
  const HeardNote* note = last_note(tune);
  if (note == nullptr || note == tune.notes.data()) return kAbsent;
  return as_share(std::abs(note->pitch - (note - 1)->pitch) <= kWholeTone);
}

double last_bar_completes_pickup(const Heard& tune) {
  if (tune.bars.empty() || tune.sections.empty() || !tune.sections.front().has_pickup) {
    return kAbsent;
  }
  const MelodyBar& last = tune.bars[tune.sections.back().last];
  return as_share(!last.metre.is_free() && last.time < last.metre.bar());
}

// Of the last bar, whether no note is shorter than an eighth.
double last_bar_is_calm(const Heard& tune) {
  if (tune.sections.empty()) return kAbsent;
  return share_of(tune.bars[tune.sections.back().last].notes,
                  [](const BarNote& note) { return note.length >= abc::kWholeNote / 8; });
}

constexpr Habit kEndings[] = {
    {"ends-on-tonic", "tune ends on the tonic", HabitKind::kShare,
     [](const Heard& t) {
       return of_last_note(t, [](const HeardNote& note) { return note.degree == 0; });
     }},
    {"ends-on-fifth", "tune ends on the fifth", HabitKind::kShare,
     [](const Heard& t) {
       return of_last_note(t, [](const HeardNote& note) { return note.degree == kFifth; });
     }},
    {"sections-end-on-tonic", "sections that end on the tonic", HabitKind::kShare,
     [](const Heard& t) {
       return share_of(t.sections, [&](const HeardSection& s) { return section_ends_on(t, s, 0); });
     }},
    {"last-note-short", "last note shorter than a beat", HabitKind::kShare,
     [](const Heard& t) {
       return of_last_note(t, [&](const HeardNote& n) { return is_shorter_than_beat(t, n); });
     }},
    {"last-note-quarters", "last note, in quarters", HabitKind::kMean,
     [](const Heard& t) {
       return of_last_note(t, [](const HeardNote& note) {
         constexpr abc::Ticks kLongest = 4 * kQuarter;
         return static_cast<double>(std::min(note.length, kLongest)) / kQuarter;
       });
     }},
    {"last-note-on-beat", "last note on a beat", HabitKind::kShare,
     [](const Heard& t) { return of_last_note(t, [](const auto& n) { return n.is_on_beat; }); }},
    {"last-step", "last note reached by a step", HabitKind::kShare, last_step},
    {"last-bar-calm", "notes of the last bar not shorter than an eighth", HabitKind::kShare,
     last_bar_is_calm},
    {"last-bar-completes-pickup", "last bar leaves room for the pickup", HabitKind::kShare,
     last_bar_completes_pickup},
    {"bar-4-tonic", "bar 4 of sections ends on the tonic", HabitKind::kShare, cadence_on<4, 0>},
    {"bar-4-fifth", "bar 4 of sections ends on the fifth", HabitKind::kShare,
     cadence_on<4, kFifth>},
    {"bar-4-rests", "bar 4 of sections ends with at least a beat", HabitKind::kShare,
     cadence_rests<4>},
    {"bar-8-tonic", "bar 8 of sections ends on the tonic", HabitKind::kShare, cadence_on<8, 0>},
    {"bar-8-fifth", "bar 8 of sections ends on the fifth", HabitKind::kShare,
     cadence_on<8, kFifth>},
    {"bar-8-rests", "bar 8 of sections ends with at least a beat", HabitKind::kShare,
     cadence_rests<8>},
};

}  // namespace

std::span<const Habit> ending_habits() { return kEndings; }

}  // namespace lilt::likeness
