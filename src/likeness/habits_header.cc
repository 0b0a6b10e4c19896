// Key, metre and title.
#include <algorithm>
#include <array>
#include <string_view>

#include "likeness/habit_lists.h"

namespace lilt::likeness {
namespace {

// A dance as titles name it, and the metres in which it is that dance.
struct Dance {
  std::string_view word;
  std::string_view metres;
};
constexpr std::array kDances = {
    Dance{"slip jig", " 9/8 "},
    Dance{"jig", " 6/8 9/8 12/8 "},
    Dance{"reel", " 4/4 C C| 2/2 2/4 "},
    Dance{"hornpipe", " 4/4 C C| 2/2 2/4 3/2 3/4 "},
    Dance{"waltz", " 3/4 3/8 "},
    Dance{"polka", " 2/4 4/4 C C| "},
    Dance{"mazurka", " 3/4 3/8 "},
    Dance{"minuet", " 3/4 3/8 "},
    Dance{"strathspey", " 4/4 C C| 2/2 "},
    Dance{"schottische", " 4/4 C C| 2/2 2/4 "},
    Dance{"slide", " 12/8 6/8 "},
};

// The dance that a text names, or none; a slip jig before a jig.
const Dance* dance_in(const std::string& text) {
  const auto found = std::find_if(kDances.begin(), kDances.end(), [&](const Dance& dance) {
    return text.find(dance.word) != std::string::npos;
  });
  return found == kDances.end() ? nullptr : found;
}

// Where the title names a dance: whether the tune is another one, by its R: if that names one,
// otherwise by its metre.
double title_misleads(const Heard& tune) {
  const Dance* named = dance_in(tune.title);
  if (named == nullptr) return 0;
  if (dance_in(tune.rhythm) != nullptr) {
    return as_share(tune.rhythm.find(named->word) == std::string::npos);
  }
  return as_share(named->metres.find(" " + tune.metre.to_string() + " ") == std::string_view::npos);
}

template <abc::Mode... kModes>
double is_in(const Heard& tune) {
  return as_share(((tune.key.mode == kModes) || ...));
}

constexpr Habit kHeader[] = {
    {"key-c", "key is C", HabitKind::kShare,
     [](const Heard& t) {
       return as_share(t.key.step == 0 && t.key.alter == 0 && t.key.mode == abc::Mode::kMajor);
     }},
    {"sharps", "sharps of the key, less its flats", HabitKind::kMean,
     [](const Heard& t) { return static_cast<double>(t.key.fifths()); }},
    {"major", "key is major", HabitKind::kShare, is_in<abc::Mode::kMajor>},
    {"minor", "key is minor", HabitKind::kShare, is_in<abc::Mode::kMinor>},
    {"modal", "key is dorian or mixolydian", HabitKind::kShare,
     is_in<abc::Mode::kDorian, abc::Mode::kMixolydian>},
    {"key-changes", "changes its key", HabitKind::kShare,
     [](const Heard& t) {
       return as_share(std::any_of(t.bars.begin(), t.bars.end(),
                                   [&](const MelodyBar& bar) { return bar.key != t.key; }));
     }},
    {"compound", "metre is compound", HabitKind::kShare,
     [](const Heard& t) { return as_share(t.metre.is_compound()); }},
    {"title-misleads", "title names another dance", HabitKind::kShare, title_misleads},
};

}  // namespace

std::span<const Habit> header_habits() { return kHeader; }

}  // namespace lilt::likeness
