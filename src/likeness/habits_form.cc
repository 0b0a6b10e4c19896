// Form: sections, repeats, and which bars return.
#include <algorithm>

#include "likeness/habit_lists.h"

namespace lilt::likeness {
namespace {

constexpr std::int64_t kLongSection = 16;
constexpr std::size_t kPhrases = 8;  // bars of a section that has two phrases

bool is_regular(const HeardSection& section) {
  return section.length == 4 || section.length == 8 || section.length == 16;
}

template <class Holds>
double share_of_sections(const Heard& tune, Holds&& holds) {
  return share_of(tune.sections, holds);
}

double section_length(const Heard& tune) {
  return mean_of(tune.sections, [](const HeardSection& section) { return section.length; });
}

double has_equal_sections(const Heard& tune) {
  if (tune.sections.empty()) return kAbsent;
  return as_share(std::all_of(tune.sections.begin(), tune.sections.end(), [&](const auto& s) {
    return s.length == tune.sections.front().length;
  }));
}

double length_in_bars(const Heard& tune) {
  double bars = 0;
  for (const HeardSection& section : tune.sections) bars += static_cast<double>(section.length);
  return bars > 0 ? bars : kAbsent;
}

// The bars of all sections in a row, without pickups and later endings.
std::vector<const MelodyBar*> bars_in_a_row(const Heard& tune) {
  std::vector<const MelodyBar*> row;
  for (const HeardSection& section : tune.sections) {
    for (const std::size_t b : section.bars) row.push_back(&tune.bars[b]);
  }
  return row;
}

using Alike = bool (*)(const MelodyBar& a, const MelodyBar& b);

// How many of the bars are the first of their kind.
double distinct_share(const Heard& tune, Alike is_alike) {
  const std::vector<const MelodyBar*> row = bars_in_a_row(tune);
  double distinct = 0, all = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i]->notes.empty()) continue;
    ++all;
    const auto before = row.begin() + static_cast<std::ptrdiff_t>(i);
    distinct += std::none_of(row.begin(), before, [&](auto* b) { return is_alike(*b, *row[i]); });
  }
  return ratio_of(distinct, all);
}

double longest_run(const Heard& tune) {
  const std::vector<const MelodyBar*> row = bars_in_a_row(tune);
  if (row.empty()) return kAbsent;
  std::size_t longest = 1, run = 1;
  for (std::size_t i = 1; i < row.size(); ++i) {
    run = is_same_bar(*row[i - 1], *row[i]) ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return static_cast<double>(longest);
}

// The share of bars that are as some bar before: the one `back` bars before.
template <std::size_t kBack>
double repeats_bar(const Heard& tune) {
  const std::vector<const MelodyBar*> row = bars_in_a_row(tune);
  double those = 0, all = 0;
  for (std::size_t i = kBack; i < row.size(); ++i) {
    ++all;
    those += is_same_bar(*row[i - kBack], *row[i]) ? 1 : 0;
  }
  return ratio_of(those, all);
}

// Whether kBars bars come three times in a row.
template <std::size_t kBars>
double has_loop(const Heard& tune) {
  const std::vector<const MelodyBar*> row = bars_in_a_row(tune);
  std::size_t run = 0;  // bars that are those kBars before
  for (std::size_t i = kBars; i < row.size(); ++i) {
    run = is_same_bar(*row[i - kBars], *row[i]) ? run + 1 : 0;
    if (run == 2 * kBars) return 1;
  }
  return row.empty() ? kAbsent : 0;
}

// The same rhythm, and up and down in the same places, but not the same notes.
bool is_sequence(const MelodyBar& a, const MelodyBar& b) {
  if (a.notes.size() < 3 || !is_same_rhythm(a, b) || is_same_bar(a, b)) return false;
  const auto direction = [](const MelodyBar& bar, std::size_t i) {
    const int up = bar.notes[i].pitch - bar.notes[i - 1].pitch;
    return up > 0 ? 1 : up < 0 ? -1 : 0;
  };
  for (std::size_t i = 1; i < a.notes.size(); ++i) {
    if (direction(a, i) != direction(b, i)) return false;
  }
  return true;
}

double sequences(const Heard& tune) {
  const std::vector<const MelodyBar*> row = bars_in_a_row(tune);
  double those = 0;
  for (std::size_t i = 1; i < row.size(); ++i) those += is_sequence(*row[i - 1], *row[i]) ? 1 : 0;
  return ratio_of(those, static_cast<double>(row.size()) - 1);
}

// Within sections of at least two phrases of four bars: whether bars from `later` on are as those
// from `earlier` on, both counted from 1.
template <std::size_t kEarlier, std::size_t kLater, std::size_t kCount>
double phrase_returns(const Heard& tune) {
  double those = 0, all = 0;
  for (const HeardSection& section : tune.sections) {
    if (section.bars.size() < kPhrases) continue;
    bool is_same = true;
    for (std::size_t i = 0; i < kCount; ++i) {
      is_same = is_same && is_same_bar(tune.bars[section.bars[kEarlier - 1 + i]],
                                       tune.bars[section.bars[kLater - 1 + i]]);
    }
    ++all;
    those += is_same ? 1 : 0;
  }
  return ratio_of(those, all);
}

double rhythm_of_phrase_returns(const Heard& tune) {
  double those = 0, all = 0;
  for (const HeardSection& section : tune.sections) {
    if (section.bars.size() < kPhrases) continue;
    ++all;
    those += is_same_rhythm(tune.bars[section.bars[0]], tune.bars[section.bars[4]]) ? 1 : 0;
  }
  return ratio_of(those, all);
}

// The first two sections, where there are two of at least four bars.
const HeardSection* second_section(const Heard& tune) {
  const bool has_both = tune.sections.size() > 1 && tune.sections[0].bars.size() >= 4 &&
                        tune.sections[1].bars.size() >= 4;
  return has_both ? &tune.sections[1] : nullptr;
}

double taken_from_first(const Heard& tune) {
  const HeardSection* second = second_section(tune);
  if (second == nullptr) return kAbsent;
  return share_of(second->bars, [&](std::size_t b) {
    const auto& first = tune.sections[0].bars;
    return std::any_of(first.begin(), first.end(),
                       [&](std::size_t a) { return is_same_bar(tune.bars[a], tune.bars[b]); });
  });
}

template <std::size_t kBars>
double ends_as_first(const Heard& tune) {
  const HeardSection* second = second_section(tune);
  if (second == nullptr) return kAbsent;
  const auto& first = tune.sections[0].bars;
  for (std::size_t i = 1; i <= kBars; ++i) {
    const std::size_t a = first[first.size() - i], b = second->bars[second->bars.size() - i];
    if (!is_same_bar(tune.bars[a], tune.bars[b])) return 0;
  }
  return 1;
}

double share_in_common(const NotesInCommon& notes) {
  return ratio_of(2.0 * static_cast<double>(notes.common), static_cast<double>(notes.of_both));
}

// Of the later sections, each beside the first.
double notes_of_first(const Heard& tune) {
  const std::vector<MelodySection> sections = melody_sections(tune.bars);
  if (sections.size() < 2 || sections[0].bars() < 4) return kAbsent;
  return mean_of(std::span(sections).subspan(1), [&](const MelodySection& section) {
    const abc::Ticks end = std::max(section.time, sections[0].time);
    return share_in_common(notes_in_common(sections[0], 0, section, 0, end));
  });
}

// Of sections of an even number of bars.
double notes_of_first_phrase(const Heard& tune) {
  std::vector<MelodySection> sections = melody_sections(tune.bars);
  std::erase_if(sections, [](const MelodySection& section) {
    return section.bars() < 4 || section.bars() % 2 != 0;
  });
  return mean_of(sections, [](const MelodySection& section) {
    const abc::Ticks half = section.bars() / 2 * section.bar;
    return share_in_common(notes_in_common(section, 0, section, half, half));
  });
}

double height_above_first(const Heard& tune) {
  const auto mean_pitch = [](const MelodySection& section) {
    double sum = 0, time = 0;
    for (const BarNote& note : section.notes) {
      sum += static_cast<double>(note.pitch) * static_cast<double>(note.length);
      time += static_cast<double>(note.length);
    }
    return ratio_of(sum, time);
  };
  const std::vector<MelodySection> sections = melody_sections(tune.bars);
  return sections.size() < 2 ? kAbsent : mean_pitch(sections[1]) - mean_pitch(sections[0]);
}

double begins_as_first(const Heard& tune) {
  const HeardSection* second = second_section(tune);
  if (second == nullptr) return kAbsent;
  return as_share(is_same_bar(tune.bars[tune.sections[0].bars[0]], tune.bars[second->bars[0]]));
}

constexpr Habit kForm[] = {
    {"bars", "bars, repeats once", HabitKind::kMean, length_in_bars},
    {"sections", "sections", HabitKind::kMean,
     [](const Heard& t) { return static_cast<double>(t.sections.size()); }},
    {"section-bars", "bars of a section", HabitKind::kMean, section_length},
    {"long-sections", "sections longer than 16 bars", HabitKind::kShare,
     [](const Heard& t) {
       return share_of_sections(t, [](const auto& s) { return s.length > kLongSection; });
     }},
    {"regular-sections", "sections of 4, 8 or 16 bars", HabitKind::kShare,
     [](const Heard& t) { return share_of_sections(t, is_regular); }},
    {"eight-bar-sections", "sections of 8 bars", HabitKind::kShare,
     [](const Heard& t) {
       return share_of_sections(t, [](const auto& s) { return s.length == 8; });
     }},
    {"equal-sections", "all sections equally long", HabitKind::kShare, has_equal_sections},
    {"repeated-sections", "sections repeated", HabitKind::kShare,
     [](const Heard& t) {
       return share_of_sections(t, [](const auto& s) { return s.is_repeated; });
     }},
    {"endings", "has first and second endings", HabitKind::kShare,
     [](const Heard& t) { return as_share(t.has_endings); }},
    {"pickup", "begins with a pickup", HabitKind::kShare,
     [](const Heard& t) {
       return t.sections.empty() ? kAbsent : as_share(t.sections.front().has_pickup);
     }},
    {"section-pickups", "later sections with a pickup", HabitKind::kShare,
     [](const Heard& t) {
       return t.sections.empty() ? kAbsent
                                 : share_of(std::span(t.sections).subspan(1),
                                            [](const auto& s) { return s.has_pickup; });
     }},
    {"distinct-bars", "distinct bars of all", HabitKind::kShare,
     [](const Heard& t) { return distinct_share(t, is_same_bar); }},
    {"longest-run", "longest run of one bar", HabitKind::kMean, longest_run},
    {"loop", "has a bar three times in a row", HabitKind::kShare, has_loop<1>},
    {"loop-2", "has two bars three times in a row", HabitKind::kShare, has_loop<2>},
    {"bar-again", "bars that are the bar before", HabitKind::kShare, repeats_bar<1>},
    {"second-bar-again", "bars that are the bar two before", HabitKind::kShare, repeats_bar<2>},
    {"fourth-bar-again", "bars that are the bar four before", HabitKind::kShare, repeats_bar<4>},
    {"sequences", "bars that are the bar before on other notes", HabitKind::kShare, sequences},
    {"bar-3-is-1", "bar 3 of sections is bar 1", HabitKind::kShare, phrase_returns<1, 3, 1>},
    {"bar-5-is-1", "bar 5 of sections is bar 1", HabitKind::kShare, phrase_returns<1, 5, 1>},
    {"bars-5-6-are-1-2", "bars 5–6 of sections are bars 1–2", HabitKind::kShare,
     phrase_returns<1, 5, 2>},
    {"bars-5-7-are-1-3", "bars 5–7 of sections are bars 1–3", HabitKind::kShare,
     phrase_returns<1, 5, 3>},
    {"bar-8-is-4", "bar 8 of sections is bar 4", HabitKind::kShare, phrase_returns<4, 8, 1>},
    {"rhythm-5-is-1", "bar 5 of sections has the rhythm of bar 1", HabitKind::kShare,
     rhythm_of_phrase_returns},
    {"b-from-a", "bars of B taken from A", HabitKind::kShare, taken_from_first},
    {"notes-of-a", "notes of later sections as at their place in A", HabitKind::kShare,
     notes_of_first},
    {"notes-of-first-half", "notes of second halves of sections as in the first", HabitKind::kShare,
     notes_of_first_phrase},
    {"b-above-a", "B above A, in semitones", HabitKind::kMean, height_above_first},
    {"b-begins-as-a", "B begins with the bar of A", HabitKind::kShare, begins_as_first},
    {"b-ends-as-a", "B ends with the bar of A", HabitKind::kShare, ends_as_first<1>},
    {"b-ends-as-a-2", "B ends with the last two bars of A", HabitKind::kShare, ends_as_first<2>},
    {"distinct-rhythms", "distinct bar rhythms of all bars", HabitKind::kShare,
     [](const Heard& t) { return distinct_share(t, is_same_rhythm); }},
    {"usual-rhythm", "bars of the most frequent rhythm", HabitKind::kShare,
     [](const Heard& t) {
       const std::vector<const MelodyBar*> row = bars_in_a_row(t);
       std::ptrdiff_t most = 0;
       for (const MelodyBar* a : row) {
         most = std::max(most, std::count_if(row.begin(), row.end(), [&](const MelodyBar* b) {
                           return is_same_rhythm(*a, *b);
                         }));
       }
       return ratio_of(static_cast<double>(most), static_cast<double>(row.size()));
     }},
};

}  // namespace

std::span<const Habit> form_habits() { return kForm; }

}  // namespace lilt::likeness
