#include "abc/surroundings.h"

#include <algorithm>
#include <string>

#include "abc/chord_symbol.h"

namespace lilt::abc {
namespace {

constexpr std::size_t kHashSize = 4096;
constexpr std::uint32_t kRepetitionContext = 6;  // characters that must be the same
constexpr std::uint32_t kLongestRepetition = 64;
constexpr std::int64_t kMostBarsOfSection = 32, kMostBarsOfTune = 64;

int modulo(int a, int b) { return (a % b + b) % b; }

std::uint8_t small(std::int64_t value, std::int64_t largest) {
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 0, largest));
}

// 1 … 64 for lengths on the grid of the shortest note, 65 … 96 for others, by eighth notes.
std::uint8_t length_class(Ticks length) {
  if (length >= 0 && length % kShortestNote == 0 && length / kShortestNote < 64) {
    return static_cast<std::uint8_t>(1 + length / kShortestNote);
  }
  return static_cast<std::uint8_t>(65 + small(length / (kWholeNote / 8), 31));
}

std::uint8_t metre_class(const Metre& metre) {
  struct Named {
    int beats, unit;
  };
  constexpr std::array<Named, 16> kUsual = {{{4, 4},
                                             {2, 4},
                                             {3, 4},
                                             {6, 8},
                                             {9, 8},
                                             {12, 8},
                                             {2, 2},
                                             {3, 2},
                                             {3, 8},
                                             {5, 4},
                                             {6, 4},
                                             {7, 4},
                                             {5, 8},
                                             {7, 8},
                                             {4, 2},
                                             {4, 8}}};
  if (metre.is_free()) return 1;
  const auto found = std::find_if(kUsual.begin(), kUsual.end(), [&](const Named& named) {
    return named.beats == metre.beats && named.unit == metre.beat_unit;
  });
  return found == kUsual.end() ? std::uint8_t{2}
                               : static_cast<std::uint8_t>(3 + (found - kUsual.begin()));
}

int tonic_of(const Key& key) { return modulo(kSemitones[key.step] + key.alter, 12); }

std::uint8_t key_class(const Key& key) {
  if (!key.has_tonic) return 1;
  return static_cast<std::uint8_t>(2 + 15 * static_cast<int>(key.mode) +
                                   std::clamp(key.fifths() + 7, 0, 14));
}

// Which of four kinds a chord is: major, minor, seventh, any other.
std::uint8_t chord_class(std::string_view quality) {
  if (quality.empty()) return 0;
  if (quality == "m" || quality == "min" || quality == "m7") return 1;
  return quality == "7" ? 2 : 3;
}

// How the notes of a chord are raised: thirds above each other, as they are written.
std::array<std::int8_t, 7> chord_alters(const ChordSymbol& chord, std::int8_t none) {
  constexpr std::array<std::int8_t, 12> kSteps = {0, 1, 1, 2, 2, 3, 4, 4, 4, 5, 6, 6};
  std::array<std::int8_t, 7> alters{};
  alters.fill(none);
  const int root = kSemitones[chord.root_step] + chord.root_alter;
  for (const int semitones : chord_semitones(chord.quality)) {
    const int step = (chord.root_step + kSteps[semitones % 12]) % 7;
    alters[step] =
        static_cast<std::int8_t>(modulo(root + semitones - kSemitones[step] + 6, 12) - 6);
  }
  return alters;
}

// Bars that have begun. The first one counts, although it may turn out to be a pickup.
std::int64_t bar_of(const Cursor& settled) {
  return settled.in_first_bar() && settled.filled() > 0 ? 1 : settled.bars();
}

// 1: none are left, 2: one …
std::uint8_t bars_left(std::int64_t bars, std::int64_t begun, std::int64_t most) {
  return static_cast<std::uint8_t>(1 + small(bars - begun, most));
}

// The bar, from 1, that the next note belongs to.
std::int64_t bar_to_come(const Cursor& settled) {
  return settled.filled() == 0 ? settled.bars() + 1 : std::max<std::int64_t>(1, bar_of(settled));
}

// Whether c, behind that character, is part of a bar line, an ending or the end of a line.
bool belongs_to_bar_line(char32_t c, char32_t before) {
  if (c >= U'1' && c <= U'9') return before == U'|' || before == U'[';
  return c == U'|' || c == U':' || c == U']' || c == U'\n';
}

std::uint8_t streak_class(std::uint32_t streak) {
  constexpr std::array<std::uint32_t, 7> kSteps = {1, 2, 4, 7, 12, 20, 32};
  return static_cast<std::uint8_t>(std::upper_bound(kSteps.begin(), kSteps.end(), streak) -
                                   kSteps.begin());
}

}  // namespace

std::optional<std::size_t> find_feature(std::string_view name) {
  const auto found = std::find_if(kFeatures.begin(), kFeatures.end(),
                                  [&](const Feature& feature) { return feature.name == name; });
  if (found == kFeatures.end()) return {};
  return static_cast<std::size_t>(found - kFeatures.begin());
}

Result<std::vector<std::size_t>> feature_places(std::span<const Feature> features) {
  std::vector<std::size_t> places;
  for (const Feature& feature : features) {
    const std::optional<std::size_t> place = find_feature(feature.name);
    if (!place || kFeatures[*place].values != feature.values) {
      return Error{ErrorCode::kFormat,
                   "the model wants to be told \"" + std::string(feature.name) + "\" in " +
                       std::to_string(feature.values) +
                       " values, which this version of Lilt does not know; use the version that "
                       "trained it"};
    }
    places.push_back(*place);
  }
  return places;
}

void Surroundings::reset(std::uint8_t dialect, const Outline* outline) {
  cursor_ = Cursor();
  outline_ = outline;
  values_ = {};
  streaks_ = {};
  text_.clear();
  places_.assign(1, {});
  bar_starts_.assign(1, 0);
  section_bars_.assign(1, 0);
  repetition_ = kNowhere;
  repetition_size_ = planned_streak_ = 0;
  last_seen_.assign(kHashSize, kNowhere);
  has_note_ = has_chord_ = false;
  value(FeatureIndex::kDialect) = dialect;
  value(FeatureIndex::kField) = 1;
  if (outline == nullptr) return;
  value(FeatureIndex::kTonic) = outline->tonic;
  value(FeatureIndex::kDance) = outline->dance;
  value(FeatureIndex::kChorded) = outline->chords;
  value(FeatureIndex::kDensity) = outline->density;
  value(FeatureIndex::kLowest) = outline->lowest;
  value(FeatureIndex::kHighest) = outline->highest;
  value(FeatureIndex::kChordRate) = outline->chord_rate;
  if (outline->metre) value(FeatureIndex::kToldMetre) = metre_class(*outline->metre);
  value(FeatureIndex::kTuneBars) =
      bars_left(static_cast<std::int64_t>(outline->bars.size()), 0, kMostBarsOfTune);
}

void Surroundings::push(char32_t c) {
  keep_streaks(c);
  follow_repetition(c);
  text_.push_back(c);
  events_.clear();
  cursor_.push(c, &events_);
  note(events_);
  // As if the element in progress ended here: what is known of the bar then.
  Cursor settled = cursor_;
  if (cursor_.part() == Part::kBody && cursor_.field() == '\0') {
    events_.clear();
    settled.push(U' ', &events_);
    note(events_);
  }
  place(c, settled);
  describe_place(settled);
  if (outline_ != nullptr) look_ahead(settled);
  recall(settled);
}

void Surroundings::note(const Events& events) {
  for (const Lexeme& lexeme : events.lexemes()) {
    if (lexeme.kind == LexemeKind::kNote) {
      has_note_ = true;
      note_ = lexeme.pitch.midi();
    } else if (lexeme.kind == LexemeKind::kChordSymbol) {
      note_chord_symbol();
    }
  }
}

// The text between the last two quotes.
void Surroundings::note_chord_symbol() {
  constexpr std::size_t kLongest = 16;
  std::array<char, kLongest> symbol{};
  std::size_t size = 0;
  for (std::size_t i = text_.size() - 1; i-- > 0 && text_[i] != U'"' && size < kLongest;) {
    symbol[size++] = text_[i] < 128 ? static_cast<char>(text_[i]) : '?';
  }
  std::reverse(symbol.begin(), symbol.begin() + static_cast<std::ptrdiff_t>(size));
  const auto parsed = parse_chord_symbol({symbol.data(), size});
  if (!parsed) return;
  has_chord_ = true;
  chord_root_ =
      static_cast<std::uint8_t>(modulo(kSemitones[parsed->root_step] + parsed->root_alter, 12));
  chord_class_ = chord_class(parsed->quality);
  chord_alters_ = chord_alters(*parsed, kNoStep);
}

bool Surroundings::is_within_bar() const {
  return values_[static_cast<std::size_t>(FeatureIndex::kPosition)] > length_class(0);
}

std::uint32_t Surroundings::false_relations() const {
  if (!has_chord_) return 0;
  std::optional<std::int8_t> sign;
  if (text_.back() == U'^') sign = 1;
  if (text_.back() == U'_') sign = -1;
  if (text_.back() == U'=') sign = 0;
  std::uint32_t steps = 0;
  for (std::size_t step = 0; step < alters_.size(); ++step) {
    const bool clashes =
        chord_alters_[step] != kNoStep && chord_alters_[step] != sign.value_or(alters_[step]);
    steps |= static_cast<std::uint32_t>(clashes) << step;
  }
  return steps;
}

void Surroundings::keep_streaks(char32_t c) {
  if (const std::uint8_t told = value(FeatureIndex::kPlanned); told != 0) {
    planned_streak_ = told == c ? planned_streak_ + 1 : 0;
  }
  for (std::size_t i = 0; i < kMemories; ++i) {
    const std::uint8_t told = values_[static_cast<std::size_t>(FeatureIndex::kBar1) + i];
    if (told == 0) continue;
    streaks_[i] = told == c ? streaks_[i] + 1 : 0;
  }
}

void Surroundings::follow_repetition(char32_t c) {
  if (repetition_ != kNowhere && text_[repetition_] == c) {
    ++repetition_;
    ++repetition_size_;
  } else {
    repetition_ = kNowhere;
    repetition_size_ = 0;
  }
  if (text_.size() + 1 < kRepetitionContext) return;
  // The last characters, c among them.
  std::uint32_t hash = c;
  for (std::size_t i = 1; i < kRepetitionContext; ++i) {
    hash = hash * 0x01000193 + static_cast<std::uint32_t>(text_[text_.size() - i]);
  }
  std::uint32_t& seen = last_seen_[(hash * 0x9E3779B1U) >> 20];
  if (repetition_ == kNowhere && seen != kNowhere && text_[seen - 1] == c) {
    std::uint32_t size = 1;
    while (size < kLongestRepetition && size < seen &&
           text_[seen - 1 - size] == text_[text_.size() - size]) {
      ++size;
    }
    if (size >= kRepetitionContext) {
      repetition_ = seen;
      repetition_size_ = size;
    }
  }
  seen = static_cast<std::uint32_t>(text_.size() + 1);
}

void Surroundings::place(char32_t c, const Cursor& settled) {
  const auto bar = static_cast<std::size_t>(bar_of(settled));
  Place next;
  if (settled.part() == Part::kBody) next.filled = settled.filled();
  next.in_quotes = places_.back().in_quotes != (c == U'"') && c != U'\n';
  const char32_t before = text_.size() > 1 ? text_[text_.size() - 2] : U'\n';
  if (belongs_to_bar_line(c, before)) {
    next.mark = c;
  } else if (bar + 1 == bar_starts_.size() && places_.back().filled == next.filled) {
    next.repeated = places_.back().repeated + 1;
  }
  // A bar counts from its first note on. What was taken for the first one may have been a pickup.
  while (bar_starts_.size() > bar + 1) bar_starts_.pop_back();
  while (bar_starts_.size() <= bar) {
    bar_starts_.push_back(static_cast<std::uint32_t>(places_.size()));
  }
  places_.push_back(next);
  while (section_bars_.size() <= static_cast<std::size_t>(settled.section())) {
    section_bars_.push_back(settled.bars() - settled.bar());
  }
}

void Surroundings::describe_place(const Cursor& settled) {
  const bool in_music = cursor_.part() == Part::kBody;
  const char field = cursor_.field();
  value(FeatureIndex::kField) = field >= 'A' && field <= 'Z'
                                    ? static_cast<std::uint8_t>(3 + field - 'A')
                                : field != '\0' ? std::uint8_t{2}
                                : in_music      ? std::uint8_t{0}
                                                : std::uint8_t{1};
  value(FeatureIndex::kMetre) = metre_class(settled.metre());
  value(FeatureIndex::kKey) = key_class(settled.key());
  if (!in_music) return;
  value(FeatureIndex::kPosition) = length_class(settled.filled());
  value(FeatureIndex::kLeft) = settled.bar_length() == 0
                                   ? std::uint8_t{0}
                                   : length_class(settled.bar_length() - settled.filled());
  value(FeatureIndex::kBar) = static_cast<std::uint8_t>(1 + small(settled.bar(), 31));
  const int ending = settled.ending() == 0 ? 0 : (settled.ending() & 1) != 0 ? 1 : 2;
  value(FeatureIndex::kForm) = static_cast<std::uint8_t>(
      1 + small(settled.section(), 3) + 4 * (settled.in_repeat() ? 1 : 0) + 8 * ending);
  value(FeatureIndex::kState) = static_cast<std::uint8_t>(
      1 + small(settled.tuplet_left(), 3) + 4 * (cursor_.in_chord() ? 1 : 0) +
      8 * (settled.in_slur() ? 1 : 0) + 16 * (settled.in_tie() ? 1 : 0) +
      32 * (cursor_.in_grace() ? 1 : 0));
  for (std::size_t step = 0; step < alters_.size(); ++step) {
    alters_[step] = static_cast<std::int8_t>(settled.alter(static_cast<int>(step)));
  }
  const int tonic = tonic_of(settled.key());
  if (has_note_)
    value(FeatureIndex::kDegree) = static_cast<std::uint8_t>(1 + small(note_ - 45 - tonic, 59));
  if (has_chord_) {
    value(FeatureIndex::kChord) =
        static_cast<std::uint8_t>(1 + modulo(chord_root_ - tonic, 12) + 12 * chord_class_);
  }
}

// The place of the bar that is the same as the last one, if there is one with the same mark, the
// last of them; kNowhere if it has none.
std::uint32_t Surroundings::find(std::int64_t bar) const {
  const auto bars = static_cast<std::int64_t>(bar_starts_.size());
  if (bar < 0 || bar + 1 >= bars) return kNowhere;
  const Place& here = places_.back();
  const std::uint32_t end = bar_starts_[static_cast<std::size_t>(bar + 1)];
  std::uint32_t found = kNowhere;
  bool same_mark = false;
  for (std::uint32_t i = bar_starts_[static_cast<std::size_t>(bar)]; i < end; ++i) {
    if (places_[i].filled != here.filled || places_[i].repeated != here.repeated) continue;
    const bool same = places_[i].mark == here.mark;
    if (same_mark && !same) continue;
    found = i;
    same_mark = same;
  }
  return found;
}

// Of what is to come; what the outline does not reach to is not told.
void Surroundings::look_ahead(const Cursor& settled) {
  using enum FeatureIndex;
  for (const FeatureIndex index : {kSectionBars, kTuneBars, kSectionKind, kEnding, kReturn, kShift,
                                   kRest, kRestBars, kPlanned, kPlannedStreak, kHeight}) {
    value(index) = 0;
  }
  if (outline_->is_empty()) return;
  value(kTuneBars) =
      bars_left(static_cast<std::int64_t>(outline_->bars.size()), settled.bars(), kMostBarsOfTune);
  if (cursor_.part() != Part::kBody) return;
  const auto section = static_cast<std::size_t>(settled.section());
  if (section < outline_->sections.size()) {
    look_ahead_in_section(settled, outline_->sections[section]);
  }
  const std::int64_t bar = bar_to_come(settled);
  if (bar > static_cast<std::int64_t>(outline_->bars.size())) return;
  const OutlineBar& to_come = outline_->bars[static_cast<std::size_t>(bar - 1)];
  value(kReturn) = static_cast<std::uint8_t>(to_come.kind);
  if (to_come.shift != 0) value(kShift) = static_cast<std::uint8_t>(1 + kMostShift + to_come.shift);
  const int rest = outline_->phrase_end(static_cast<int>(bar));
  if (rest > 0 && static_cast<std::size_t>(rest) <= outline_->bars.size()) {
    const OutlineBar& end = outline_->bars[static_cast<std::size_t>(rest - 1)];
    if (end.rest_degree >= 0) {
      value(kRest) = static_cast<std::uint8_t>(1 + end.rest_degree + 12 * end.rest_length);
    }
    value(kRestBars) = bars_left(rest, bar, 4);
    value(kHeight) = end.height;
  }
  if (to_come.source == 0 || cursor_.field() != '\0') return;
  const std::uint32_t source = find(bar_of(settled) - (bar - to_come.source));
  value(kPlanned) = moved_character_at(source, to_come.shift);
  if (value(kPlanned) != 0) value(kPlannedStreak) = streak_class(planned_streak_);
}

void Surroundings::look_ahead_in_section(const Cursor& settled, const OutlineSection& section) {
  using enum FeatureIndex;
  value(kSectionBars) = bars_left(section.bars, settled.bar(), kMostBarsOfSection);
  const int endings = section.is_later_ending ? 2 : section.first_ending >= 0 ? 1 : 0;
  const auto left = static_cast<std::int64_t>(outline_->sections.size()) - 1 - settled.section();
  value(kSectionKind) =
      static_cast<std::uint8_t>(1 + (section.repeated ? 1 : 0) + 2 * endings + 6 * small(left, 3));
  if (section.first_ending >= 0 && settled.ending() == 0) {
    value(kEnding) = bars_left(section.first_ending, settled.bar(), 8);
  }
}

std::uint8_t Surroundings::character_at(std::uint32_t position) const {
  if (position == kNowhere || position >= text_.size() || text_[position] >= 128) return 0;
  return static_cast<std::uint8_t>(text_[position]);
}

// A letter of a note so many steps higher, where that is a letter too.
std::uint8_t Surroundings::moved_character_at(std::uint32_t position, int steps) const {
  const std::uint8_t c = character_at(position);
  const bool is_high = c >= 'a' && c <= 'g';
  if (steps == 0 || (!is_high && (c < 'A' || c > 'G')) || places_[position].in_quotes) return c;
  const int moved = step_of(c) + (is_high ? 7 : 0) + steps;
  if (moved < 0 || moved > 13) return c;
  return static_cast<std::uint8_t>(kLetters[moved % 7] + (moved >= 7 ? 'a' - 'A' : 0));
}

void Surroundings::recall(const Cursor& settled) {
  const bool in_music = cursor_.part() == Part::kBody && cursor_.field() == '\0';
  std::array<std::uint8_t, kMemories> told{};
  if (in_music) {
    constexpr std::array<int, 4> kBarsBefore = {1, 2, 4, 8};
    const std::int64_t bar = bar_of(settled);
    for (std::size_t i = 0; i < kBarsBefore.size(); ++i) {
      told[i] = character_at(find(bar - kBarsBefore[i]));
    }
    const auto section = static_cast<std::size_t>(settled.section());
    if (section > 0) {
      const std::int64_t same = section_bars_[section - 1] + settled.bar();
      if (same <= section_bars_[section]) told[4] = character_at(find(same));
    }
    told[5] = character_at(repetition_);
  }
  streaks_[5] = repetition_size_;
  for (std::size_t i = 0; i < kMemories; ++i) {
    values_[static_cast<std::size_t>(FeatureIndex::kBar1) + i] = told[i];
    values_[static_cast<std::size_t>(FeatureIndex::kBar1Streak) + i] =
        told[i] == 0 ? std::uint8_t{0} : streak_class(streaks_[i]);
  }
}

}  // namespace lilt::abc
