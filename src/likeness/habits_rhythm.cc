// Rhythm: how long notes are, and where in the bar they stand.
#include <algorithm>

#include "likeness/habit_lists.h"

namespace lilt::likeness {
namespace {

constexpr abc::Ticks kQuarter = abc::kWholeNote / 4, kEighth = kQuarter / 2,
                     kSixteenth = kEighth / 2;

// The share of notes of that length, in sixteenths.
template <int kSixteenths>
double length_share(const Heard& tune) {
  return share_of(tune.notes,
                  [](const HeardNote& note) { return note.length == kSixteenths * kSixteenth; });
}

// Of successive notes, those of which one has three times the length of the other and both fill a
// beat or its half.
double dotted_pairs(const Heard& tune) {
  double those = 0;
  for (std::size_t i = 1; i < tune.notes.size(); ++i) {
    const abc::Ticks a = tune.notes[i - 1].length, b = tune.notes[i].length;
    const bool is_pair = a == 3 * b || b == 3 * a;
    those += is_pair && (a + b == kQuarter || a + b == 2 * kQuarter) ? 1 : 0;
  }
  return ratio_of(those, static_cast<double>(tune.notes.size()) - 1);
}

// Notes that a sixteenth does not divide.
double triplets(const Heard& tune) {
  return share_of(tune.notes, [](const HeardNote& n) { return n.length % (kSixteenth / 2) != 0; });
}

// Notes that begin off the beat and last over the next one.
double syncopes(const Heard& tune) {
  return share_of(tune.notes, [&](const HeardNote& note) {
    const abc::Ticks beat = tune.beat();
    return !note.is_on_beat && note.in_bar % beat + note.length > beat;
  });
}

double notes_a_bar(const Heard& tune) {
  double bars = 0;
  for (const MelodyBar& bar : tune.bars) {
    bars += bar.metre.is_free()
                ? 1
                : static_cast<double>(bar.time) / static_cast<double>(bar.metre.bar());
  }
  return ratio_of(static_cast<double>(tune.notes.size()), bars);
}

double rest_time(const Heard& tune) {
  double sounding = 0, all = 0;
  for (const HeardNote& note : tune.notes) sounding += static_cast<double>(note.length);
  for (const MelodyBar& bar : tune.bars) all += static_cast<double>(bar.time);
  return all > 0 ? std::max(0.0, 1 - sounding / all) : kAbsent;
}

// Of full bars, those in which a note begins with the bar.
double first_beats_struck(const Heard& tune) {
  double those = 0, all = 0;
  for (const MelodyBar& bar : tune.bars) {
    if (!bar.is_full()) continue;
    ++all;
    those += !bar.notes.empty() && bar.notes.front().start == 0 ? 1 : 0;
  }
  return ratio_of(those, all);
}

double beats_struck(const Heard& tune) {
  double beats = 0;
  for (const MelodyBar& bar : tune.bars) {
    beats += static_cast<double>(bar.time) / static_cast<double>(tune.beat());
  }
  const auto struck = std::count_if(tune.notes.begin(), tune.notes.end(),
                                    [](const HeardNote& note) { return note.is_on_beat; });
  return ratio_of(static_cast<double>(struck), beats);
}

double mean_length(const Heard& tune) {
  return mean_of(tune.notes, [](const HeardNote& note) {
    return static_cast<double>(note.length) / static_cast<double>(kEighth);
  });
}

constexpr Habit kRhythm[] = {
    {"notes-a-bar", "notes a bar", HabitKind::kMean, notes_a_bar},
    {"mean-length", "mean length of notes, in eighths", HabitKind::kMean, mean_length},
    {"sixteenths", "sixteenths", HabitKind::kShare, length_share<1>},
    {"eighths", "eighths", HabitKind::kShare, length_share<2>},
    {"dotted-eighths", "dotted eighths", HabitKind::kShare, length_share<3>},
    {"quarters", "quarters", HabitKind::kShare, length_share<4>},
    {"dotted-quarters", "dotted quarters", HabitKind::kShare, length_share<6>},
    {"halves", "halves", HabitKind::kShare, length_share<8>},
    {"long-notes", "notes longer than a half", HabitKind::kShare,
     [](const Heard& t) {
       return share_of(t.notes, [](const HeardNote& n) { return n.length > 2 * kQuarter; });
     }},
    {"dotted-pairs", "dotted pairs", HabitKind::kShare, dotted_pairs},
    {"triplets", "notes of triplets", HabitKind::kShare, triplets},
    {"rests", "time in rests", HabitKind::kShare, rest_time},
    {"on-beat", "notes on a beat", HabitKind::kShare,
     [](const Heard& t) {
       return share_of(t.notes, [](const HeardNote& note) { return note.is_on_beat; });
     }},
    {"between-eighths", "notes between eighths", HabitKind::kShare,
     [](const Heard& t) {
       return share_of(t.notes, [](const HeardNote& note) { return note.in_bar % kEighth != 0; });
     }},
    {"first-beats-struck", "bars that begin with a note", HabitKind::kShare, first_beats_struck},
    {"beats-struck", "beats on which a note begins", HabitKind::kShare, beats_struck},
    {"syncopes", "notes held over a beat", HabitKind::kShare, syncopes},
};

}  // namespace

std::span<const Habit> rhythm_habits() { return kRhythm; }

}  // namespace lilt::likeness
