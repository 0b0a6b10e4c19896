// Harmony: which chords, when they change, and how the melody goes with them. Tunes without chords
// have none of these.
#include <algorithm>
#include <set>
#include <utility>

#include "likeness/habit_lists.h"

namespace lilt::likeness {
namespace {

constexpr int kFourth = 5, kFifth = 7;

// A chord that comes again while it is in force says nothing new: the chords that change it.
std::vector<HeardChord> changes_of(const Heard& tune) {
  std::vector<HeardChord> changes;
  for (const HeardChord& chord : tune.chords) {
    if (changes.empty() || !changes.back().is_same(chord)) changes.push_back(chord);
  }
  return changes;
}

template <class Holds>
double share_of_changes(const Heard& tune, Holds&& holds) {
  return share_of(changes_of(tune), holds);
}

template <int kRoot>
double root_share(const Heard& tune) {
  return share_of_changes(tune, [](const HeardChord& chord) { return chord.root == kRoot; });
}

// The chord in force at a time; none before the first.
const HeardChord* chord_at(const Heard& tune, abc::Ticks time) {
  const auto next =
      std::upper_bound(tune.chords.begin(), tune.chords.end(), time,
                       [](abc::Ticks at, const HeardChord& chord) { return at < chord.start; });
  return next == tune.chords.begin() ? nullptr : &*(next - 1);
}

double time_inside_chord(const Heard& tune) {
  double inside = 0, all = 0;
  for (const HeardNote& note : tune.notes) {
    const abc::Ticks end = note.start + note.length;
    abc::Ticks from = note.start;
    for (const HeardChord* chord = chord_at(tune, from); chord != nullptr && from < end; ++chord) {
      const bool is_last = chord == &tune.chords.back();
      const abc::Ticks to = is_last ? end : std::min(end, (chord + 1)->start);
      all += static_cast<double>(to - from);
      inside += chord->has(note.pitch) ? static_cast<double>(to - from) : 0;
      from = to;
      if (is_last) break;
    }
  }
  return ratio_of(inside, all);
}

template <class Takes>
double notes_inside_chord(const Heard& tune, Takes&& takes) {
  double inside = 0, all = 0;
  for (const HeardNote& note : tune.notes) {
    const HeardChord* chord = chord_at(tune, note.start);
    if (chord == nullptr || !takes(note)) continue;
    ++all;
    inside += chord->has(note.pitch) ? 1 : 0;
  }
  return ratio_of(inside, all);
}

// Whether the last chord is that of the tonic, and the one before it that of the fifth.
double ends_with_fifth_and_tonic(const Heard& tune) {
  const std::vector<HeardChord> changes = changes_of(tune);
  if (changes.empty()) return kAbsent;
  if (changes.back().root != 0) return 0;
  const auto before = std::find_if(changes.rbegin(), changes.rend(),
                                   [](const HeardChord& chord) { return chord.root != 0; });
  return as_share(before != changes.rend() && before->root == kFifth);
}

// Of successive roots, those a fourth up or a fifth up.
double root_moves(const Heard& tune, int up) {
  const std::vector<HeardChord> changes = changes_of(tune);
  double those = 0, all = 0;
  for (std::size_t i = 1; i < changes.size(); ++i) {
    if (changes[i].root == changes[i - 1].root) continue;
    ++all;
    those += (changes[i].root - changes[i - 1].root + 12) % 12 == up ? 1 : 0;
  }
  return ratio_of(those, all);
}

double changes_a_bar(const Heard& tune) {
  if (tune.chords.empty()) return kAbsent;
  return ratio_of(static_cast<double>(changes_of(tune).size()),
                  static_cast<double>(tune.bars.size()));
}

double distinct_roots(const Heard& tune) {
  if (tune.chords.empty()) return kAbsent;
  std::set<int> roots;
  for (const HeardChord& chord : tune.chords) roots.insert(chord.root);
  return static_cast<double>(roots.size());
}

double distinct_chords(const Heard& tune) {
  if (tune.chords.empty()) return kAbsent;
  std::set<std::pair<int, std::uint32_t>> chords;
  for (const HeardChord& chord : tune.chords) chords.emplace(chord.root, chord.notes);
  return static_cast<double>(chords.size());
}

// Those that say again what is in force included.
double symbols_a_bar(const Heard& tune) {
  if (tune.chords.empty()) return kAbsent;
  return ratio_of(static_cast<double>(tune.chords.size()), static_cast<double>(tune.bars.size()));
}

// The longest time that one chord is in force, in bars of the tune's metre.
double longest_chord(const Heard& tune) {
  const std::vector<HeardChord> changes = changes_of(tune);
  if (changes.empty() || tune.metre.is_free()) return kAbsent;
  abc::Ticks longest = 0, end = 0;
  for (const HeardNote& note : tune.notes) end = std::max(end, note.start + note.length);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const abc::Ticks to = i + 1 < changes.size() ? changes[i + 1].start : end;
    longest = std::max(longest, to - changes[i].start);
  }
  return static_cast<double>(longest) / static_cast<double>(tune.metre.bar());
}

double bars_with_new_chord(const Heard& tune) {
  if (tune.chords.empty()) return kAbsent;
  const std::vector<HeardChord> changes = changes_of(tune);
  const auto those = std::count_if(changes.begin(), changes.end(),
                                   [](const HeardChord& chord) { return chord.in_bar == 0; });
  return ratio_of(static_cast<double>(those), static_cast<double>(tune.bars.size()));
}

double doubled(const Heard& tune) {
  if (tune.chords.empty()) return kAbsent;
  const auto doubled = static_cast<double>(tune.doubled_chords);
  return doubled / (doubled + static_cast<double>(tune.chords.size()));
}

constexpr Habit kHarmony[] = {
    {"v-before-last-i", "V before the last I", HabitKind::kShare, ends_with_fifth_and_tonic},
    {"last-chord-tonic", "last chord is I", HabitKind::kShare,
     [](const Heard& t) {
       return t.chords.empty() ? kAbsent : as_share(t.chords.back().root == 0);
     }},
    {"first-chord-tonic", "first chord is I", HabitKind::kShare,
     [](const Heard& t) {
       return t.chords.empty() ? kAbsent : as_share(t.chords.front().root == 0);
     }},
    {"foreign-roots", "chord roots foreign to the key", HabitKind::kShare,
     [](const Heard& t) {
       return share_of(t.chords, [](const HeardChord& c) { return !c.is_root_in_key; });
     }},
    {"time-inside-chord", "melody time inside the chord", HabitKind::kShare, time_inside_chord},
    {"beats-inside-chord", "melody on the beat a note of the chord", HabitKind::kShare,
     [](const Heard& t) {
       return notes_inside_chord(t, [](const HeardNote& note) { return note.is_on_beat; });
     }},
    {"first-beats-inside-chord", "melody on the first beat a note of the chord", HabitKind::kShare,
     [](const Heard& t) {
       return notes_inside_chord(t, [](const HeardNote& note) { return note.in_bar == 0; });
     }},
    {"chord-changes", "chord changes a bar", HabitKind::kMean, changes_a_bar},
    {"chord-symbols", "chord symbols a bar", HabitKind::kMean, symbols_a_bar},
    {"longest-chord", "longest time on one chord, in bars", HabitKind::kMean, longest_chord},
    {"changes-on-first-beat", "chord changes on the first beat", HabitKind::kShare,
     [](const Heard& t) {
       return share_of_changes(t, [](const HeardChord& c) { return c.in_bar == 0; });
     }},
    {"new-chord-bars", "bars that begin with a new chord", HabitKind::kShare, bars_with_new_chord},
    {"changes-on-beat", "chord changes on a beat", HabitKind::kShare,
     [](const Heard& t) {
       return share_of_changes(t, [&](const HeardChord& c) { return c.in_bar % t.beat() == 0; });
     }},
    {"doubled-chords", "two chord symbols at one place", HabitKind::kShare, doubled},
    {"distinct-roots", "distinct chord roots", HabitKind::kMean, distinct_roots},
    {"distinct-chords", "distinct chords", HabitKind::kMean, distinct_chords},
    {"tonic-chords", "chords that are I", HabitKind::kShare, root_share<0>},
    {"fourth-chords", "chords that are IV", HabitKind::kShare, root_share<kFourth>},
    {"fifth-chords", "chords that are V", HabitKind::kShare, root_share<kFifth>},
    {"second-chords", "chords that are II", HabitKind::kShare, root_share<2>},
    {"sixth-chords", "chords that are VI", HabitKind::kShare, root_share<9>},
    {"minor-chords", "minor chords", HabitKind::kShare,
     [](const Heard& t) {
       return share_of_changes(t, [](const HeardChord& c) { return c.is_minor; });
     }},
    {"sevenths", "chords with a seventh", HabitKind::kShare,
     [](const Heard& t) {
       return share_of_changes(t, [](const HeardChord& c) { return c.is_seventh; });
     }},
    {"roots-up-fourth", "roots that go up a fourth", HabitKind::kShare,
     [](const Heard& t) { return root_moves(t, kFourth); }},
    {"roots-up-fifth", "roots that go up a fifth", HabitKind::kShare,
     [](const Heard& t) { return root_moves(t, kFifth); }},
};

}  // namespace

std::span<const Habit> harmony_habits() { return kHarmony; }

}  // namespace lilt::likeness
