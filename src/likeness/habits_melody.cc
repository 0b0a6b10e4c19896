// Melody: intervals, range, and what notes of the key it uses.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "likeness/habit_lists.h"

namespace lilt::likeness {
namespace {

constexpr int kMiddleC = 60, kG3 = 55, kB5 = 83;

std::vector<int> intervals_of(const Heard& tune) {
  std::vector<int> intervals;
  for (std::size_t i = 1; i < tune.notes.size(); ++i) {
    intervals.push_back(tune.notes[i].pitch - tune.notes[i - 1].pitch);
  }
  return intervals;
}

// The share of intervals of `least` … `most` semitones, up or down.
template <int kLeast, int kMost>
double intervals_between(const Heard& tune) {
  return share_of(intervals_of(tune), [](int interval) {
    return std::abs(interval) >= kLeast && std::abs(interval) <= kMost;
  });
}

struct Bounds {
  int lowest = 0, highest = 0;
};
Bounds bounds_of(const Heard& tune) {
  const auto [lowest, highest] =
      std::minmax_element(tune.notes.begin(), tune.notes.end(),
                          [](const HeardNote& a, const HeardNote& b) { return a.pitch < b.pitch; });
  return {lowest->pitch, highest->pitch};
}

template <class Value>
double of_notes(const Heard& tune, Value&& value) {
  return tune.notes.empty() ? kAbsent : static_cast<double>(value(bounds_of(tune)));
}

// The tonic from middle C upwards.
int tonic_pitch(const Heard& tune) {
  return kMiddleC +
         (abc::kSemitones[static_cast<std::size_t>(tune.key.step)] + tune.key.alter + 12) % 12;
}

// The binary logarithm of a number of at least 1, digit by digit: the same bits everywhere, which
// std::log2() is not.
double log2_of(double number) {
  constexpr int kDigits = 30;
  double logarithm = 0;
  while (number >= 2) {
    number /= 2;
    ++logarithm;
  }
  double digit = 0.5;
  for (int i = 0; i < kDigits; ++i, digit /= 2) {
    number *= number;
    if (number < 2) continue;
    number /= 2;
    logarithm += digit;
  }
  return logarithm;
}

// In bits, of the distribution of what is counted.
double entropy_of(const std::map<int, double>& counts) {
  double all = 0, sum = 0;
  for (const auto& [value, count] : counts) {
    all += count;
    sum += count * log2_of(count);
  }
  return all == 0 ? kAbsent : log2_of(all) - sum / all;
}

double interval_entropy(const Heard& tune) {
  std::map<int, double> counts;
  for (const int interval : intervals_of(tune)) ++counts[interval];
  return entropy_of(counts);
}

double degree_entropy(const Heard& tune) {
  std::map<int, double> counts;
  for (const HeardNote& note : tune.notes) ++counts[note.degree];
  return entropy_of(counts);
}

template <class Holds>
double time_of(const Heard& tune, Holds&& holds) {
  double those = 0, all = 0;
  for (const HeardNote& note : tune.notes) {
    all += static_cast<double>(note.length);
    those += holds(note) ? static_cast<double>(note.length) : 0;
  }
  return ratio_of(those, all);
}

template <int kDegree>
double degree_time(const Heard& tune) {
  return time_of(tune, [](const HeardNote& note) { return note.degree == kDegree; });
}

bool turns(int before, int after) { return (before > 0 && after < 0) || (before < 0 && after > 0); }

double direction_changes(const Heard& tune) {
  const std::vector<int> intervals = intervals_of(tune);
  double those = 0;
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    those += turns(intervals[i - 1], intervals[i]) ? 1 : 0;
  }
  return ratio_of(those, static_cast<double>(intervals.size()) - 1);
}

// The longest run of notes that rises or falls.
double longest_line(const Heard& tune) {
  const std::vector<int> intervals = intervals_of(tune);
  if (intervals.empty()) return kAbsent;
  std::size_t longest = 1, run = 1;
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    run = intervals[i] != 0 && intervals[i - 1] != 0 && !turns(intervals[i - 1], intervals[i])
              ? run + 1
              : 1;
    longest = std::max(longest, run);
  }
  return static_cast<double>(longest + 1);
}

// Of leaps, those after which the melody turns back.
double leaps_made_good(const Heard& tune) {
  const std::vector<int> intervals = intervals_of(tune);
  double those = 0, all = 0;
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    if (std::abs(intervals[i - 1]) <= 5) continue;
    ++all;
    those += turns(intervals[i - 1], intervals[i]) ? 1 : 0;
  }
  return ratio_of(those, all);
}

double largest_leap(const Heard& tune) {
  int largest = 0;
  for (const int interval : intervals_of(tune)) largest = std::max(largest, std::abs(interval));
  return tune.notes.empty() ? kAbsent : largest;
}

// Of the first note that is no pickup.
template <int kDegree>
double first_note_is(const Heard& tune) {
  if (tune.sections.empty()) return kAbsent;
  const std::size_t first = tune.first_notes[tune.sections.front().bars.front()];
  return first < tune.notes.size() ? as_share(tune.notes[first].degree == kDegree) : kAbsent;
}

double mean_pitch(const Heard& tune) {
  return mean_of(tune.notes, [](const HeardNote& note) { return note.pitch; });
}

constexpr Habit kMelody[] = {
    {"steps", "steps (1–2 semitones)", HabitKind::kShare, intervals_between<1, 2>},
    {"thirds", "thirds", HabitKind::kShare, intervals_between<3, 4>},
    {"leaps", "leaps (more than 5 semitones)", HabitKind::kShare, intervals_between<6, 127>},
    {"octaves", "leaps of an octave or more", HabitKind::kShare, intervals_between<12, 127>},
    {"repeated-notes", "notes repeated", HabitKind::kShare, intervals_between<0, 0>},
    {"largest-leap", "largest leap, in semitones", HabitKind::kMean, largest_leap},
    {"leaps-made-good", "leaps after which it turns back", HabitKind::kShare, leaps_made_good},
    {"direction-changes", "notes where it turns", HabitKind::kShare, direction_changes},
    {"longest-line", "notes of the longest rise or fall", HabitKind::kMean, longest_line},
    {"interval-entropy", "entropy of intervals, in bits", HabitKind::kMean, interval_entropy},
    {"degree-entropy", "entropy of degrees, in bits", HabitKind::kMean, degree_entropy},
    {"range", "range, in semitones", HabitKind::kMean,
     [](const Heard& t) { return of_notes(t, [](Bounds b) { return b.highest - b.lowest; }); }},
    {"highest", "highest note, semitones above the tonic", HabitKind::kMean,
     [](const Heard& t) {
       return of_notes(t, [&](Bounds b) { return b.highest - tonic_pitch(t); });
     }},
    {"lowest", "lowest note, semitones above the tonic", HabitKind::kMean,
     [](const Heard& t) {
       return of_notes(t, [&](Bounds b) { return b.lowest - tonic_pitch(t); });
     }},
    {"mean-pitch", "mean pitch (MIDI)", HabitKind::kMean, mean_pitch},
    {"above-b5", "has notes above B5", HabitKind::kShare,
     [](const Heard& t) { return of_notes(t, [](Bounds b) { return b.highest > kB5; }); }},
    {"below-g3", "has notes below G3", HabitKind::kShare,
     [](const Heard& t) { return of_notes(t, [](Bounds b) { return b.lowest < kG3; }); }},
    {"foreign-notes", "notes foreign to the key", HabitKind::kShare,
     [](const Heard& t) {
       return share_of(t.notes, [](const HeardNote& note) { return !note.is_in_key; });
     }},
    {"tonic-time", "time on the tonic", HabitKind::kShare, degree_time<0>},
    {"fifth-time", "time on the fifth", HabitKind::kShare, degree_time<7>},
    {"fourth-time", "time on the fourth", HabitKind::kShare, degree_time<5>},
    {"third-time", "time on the third", HabitKind::kShare,
     [](const Heard& t) {
       return time_of(t, [](const HeardNote& n) { return n.degree == 3 || n.degree == 4; });
     }},
    {"first-note-tonic", "first note the tonic", HabitKind::kShare, first_note_is<0>},
    {"begins-on-fifth", "begins on the fifth, with the pickup if it has one", HabitKind::kShare,
     [](const Heard& t) {
       return t.notes.empty() ? kAbsent : as_share(t.notes.front().degree == 7);
     }},
    {"first-note-fifth", "first note the fifth", HabitKind::kShare, first_note_is<7>},
};

}  // namespace

std::span<const Habit> melody_habits() { return kMelody; }

}  // namespace lilt::likeness
