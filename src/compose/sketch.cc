#include "compose/sketch.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <utility>
#include <vector>

#include "abc/playability.h"
#include "abc/transpose.h"
#include "compose/returns.h"

namespace lilt::compose {
namespace {

using abc::KnownOutline;
using abc::OutlineSection;

constexpr int kUsualBars = 8;  // of a section
constexpr int kUsualSections = 2;

using Choice = std::vector<const KnownOutline*>;

// Those that have what is asked for, if any has.
bool narrow(Choice& choice, const std::function<bool(const KnownOutline&)>& fits) {
  Choice fitting;
  for (const KnownOutline* known : choice) {
    if (fits(*known)) fitting.push_back(known);
  }
  if (fitting.empty()) return false;
  choice = std::move(fitting);
  return true;
}

bool has_form(const abc::Outline& outline, const std::vector<abc::SectionRequirement>& form) {
  return std::equal(outline.sections.begin(), outline.sections.end(), form.begin(), form.end(),
                    [](const OutlineSection& section, const abc::SectionRequirement& wished) {
                      return section.bars == wished.bars && section.repeated == wished.repeated &&
                             section.first_ending < 0 && !section.is_later_ending;
                    });
}

// Whether programs play it, as the dialect wants it.
bool can_be_written(const abc::Outline& outline) {
  return outline.chords != 2 || abc::has_accompaniment(*outline.metre);
}

std::vector<OutlineSection> sections_of(const abc::Requirements& wished) {
  std::vector<OutlineSection> sections;
  for (const abc::SectionRequirement& section : wished.form) {
    sections.push_back({.bars = section.bars, .repeated = section.repeated});
  }
  if (!sections.empty()) return sections;
  int bars = wished.bars == 0 ? kUsualSections * kUsualBars : wished.bars;
  while (bars > 0) {
    // What is left after sections of the usual length makes the last one longer or stands alone.
    const int next = bars < 2 * kUsualBars && bars % kUsualBars != 0 ? bars : kUsualBars;
    const int taken = std::min(bars, next);
    sections.push_back({.bars = taken, .repeated = taken % 4 == 0 && taken <= 16});
    bars -= taken;
  }
  return sections;
}

// The form as it was asked for, of which nothing is known but that it ends on the tonic.
void give_form(const abc::Requirements& wished, abc::Outline& outline) {
  outline.sections = sections_of(wished);
  std::size_t bars = 0;
  for (const OutlineSection& section : outline.sections) {
    bars += static_cast<std::size_t>(section.bars);
  }
  outline.bars.assign(bars, {});
  outline.bars.back().rest_degree = 0;
  outline.bars.back().rest_length = 1;
}

// Narrows the choice to outlines of the form that is asked for, if there are any.
bool narrow_to_form(const WishedTune& wished, Choice& choice) {
  const abc::Requirements& wishes = wished.requirements;
  if (!wished.outline.is_empty()) {
    const bool has_sections = narrow(choice, [&](const KnownOutline& k) {
      return k.outline.sections == wished.outline.sections &&
             k.outline.bars.size() == wished.outline.bars.size();
    });
    if (!has_sections) return false;
    narrow(choice, [&](const KnownOutline& k) { return returns_as(k.outline, wished.outline); });
    return true;
  }
  if (!wishes.form.empty()) {
    return narrow(choice, [&](const KnownOutline& k) { return has_form(k.outline, wishes.form); });
  }
  return wishes.bars == 0 || narrow(choice, [&](const KnownOutline& k) {
           return k.outline.bars.size() == static_cast<std::size_t>(wishes.bars);
         });
}

// The outline that was asked for; what it leaves open is as it was drawn, if that has the same
// sections.
void give_outline(const abc::Outline& asked, bool has_sections, abc::Outline& outline) {
  std::vector<abc::OutlineBar> drawn = std::move(outline.bars);
  drawn.resize(asked.bars.size());
  if (!has_sections) std::fill(drawn.begin(), drawn.end(), abc::OutlineBar{});
  outline.sections = asked.sections;
  outline.bars = asked.bars;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    abc::OutlineBar& bar = outline.bars[i];
    if (bar.kind == abc::Return::kUnknown) {
      bar.kind = drawn[i].kind;
      bar.source = drawn[i].source;
      bar.shift = drawn[i].shift;
    }
    if (bar.rest_degree >= 0) continue;
    bar.rest_degree = drawn[i].rest_degree;
    bar.rest_length = drawn[i].rest_length;
  }
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    abc::OutlineBar& bar = outline.bars[i];
    if (bar.height == 0) bar.height = drawn[i].height;
  }
  if (outline.bars.back().rest_degree >= 0) return;
  outline.bars.back().rest_degree = 0;
  outline.bars.back().rest_length = 1;
}

// However it is written.
bool is_same(const abc::Metre& one, const abc::Metre& other) {
  return one.beats == other.beats && one.beat_unit == other.beat_unit;
}

bool is_minor(abc::Mode mode) {
  return mode == abc::Mode::kMinor || mode == abc::Mode::kDorian || mode == abc::Mode::kPhrygian ||
         mode == abc::Mode::kLocrian;
}

// Phrases that rest on the third rest on that of the mode.
void rest_in_mode(abc::Mode mode, abc::Outline& outline) {
  for (abc::OutlineBar& bar : outline.bars) {
    if (bar.rest_degree == 3 || bar.rest_degree == 4) bar.rest_degree = is_minor(mode) ? 3 : 4;
  }
}

// The range of the tune as it is read in C.
struct Range {
  int lowest, highest;  // MIDI numbers
};
Range range_of(const abc::Outline& outline) {
  return {outline.lowest + abc::kBelowLowest, outline.highest + abc::kBelowHighest};
}

bool has_range(const abc::Outline& outline) { return outline.lowest > 0 && outline.highest > 0; }

void set_range(const Range& range, abc::Outline& outline) {
  const auto among = [](int value, std::size_t values) {
    return static_cast<std::uint8_t>(std::clamp(value, 1, static_cast<int>(values) - 1));
  };
  outline.lowest = among(range.lowest - abc::kBelowLowest, abc::kPitches);
  outline.highest = among(range.highest - abc::kBelowHighest, abc::kPitches);
}

// How far a tonic, as told, lies above C, or below: as far as a tune on it is moved to be read.
int height_of(std::uint8_t tonic) {
  const int above = tonic - 1;
  return above <= 6 ? above - (above == 6 ? 12 : 0) : above - 12;
}

void narrow_to_mode(abc::Mode mode, Choice& choice) {
  const bool have_mode = narrow(choice, [&](const KnownOutline& k) { return k.mode == mode; });
  if (have_mode) return;
  narrow(choice, [&](const KnownOutline& k) { return is_minor(k.mode) == is_minor(mode); });
}

// Of tonics that many of them have the one that is nearest to the wished one, or where none is
// near, of those that some have. In a rare key a tune is written as in the usual one beside it, and
// sounds a little higher or lower.
void narrow_to_usual_tonic(std::uint8_t wished, Choice& choice) {
  constexpr std::size_t kMany = 20, kSome = 8;
  constexpr int kNear = 3;  // semitones
  std::array<std::size_t, 13> counts{};
  for (const KnownOutline* known : choice) ++counts[known->outline.tonic];
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  std::uint8_t nearest = wished;
  for (const std::size_t enough : {std::min(kMany, most), std::min(kSome, most)}) {
    int distance = 24;
    for (std::uint8_t tonic = 1; tonic < counts.size(); ++tonic) {
      const int away = std::abs(height_of(tonic) - height_of(wished));
      if (counts[tonic] < enough || away >= distance) continue;
      nearest = tonic;
      distance = away;
    }
    if (distance <= kNear) break;
  }
  narrow(choice, [&](const KnownOutline& k) { return k.outline.tonic == nearest; });
}

// Where fewer of them end on the tonic than tunes do, as among the few of a rare key, some of the
// others are left out.
void narrow_to_usual_ends(Choice& choice) {
  constexpr std::size_t kOfTonic = 7, kOfOthers = 1;  // in eight: 88 %, of which some fail
  const auto ends_on_tonic = [](const KnownOutline* k) {
    return k->outline.bars.empty() || k->outline.bars.back().rest_degree <= 0;
  };
  const auto others = std::stable_partition(choice.begin(), choice.end(), ends_on_tonic);
  const auto tonic = static_cast<std::size_t>(others - choice.begin());
  const std::size_t most = tonic + (kOfOthers * tonic + kOfTonic - 1) / kOfTonic;
  if (tonic > 0 && choice.size() > most) choice.resize(most);
}

// A range that was asked for bounds that of the sketch; phrases that would lie near its ends lie
// anywhere.
void fit_range(const abc::Requirements& wishes, Sketch& sketch) {
  constexpr double kAround = 3;  // semitones that a phrase wants below and above its mean
  if (!has_range(sketch.outline)) return;
  const int semitones = abc::semitones_to(sketch.key, abc::Key{});
  const Range wished = {wishes.range.lowest + semitones, wishes.range.highest + semitones};
  const Range range = range_of(sketch.outline);
  set_range({std::max(range.lowest, wished.lowest), std::min(range.highest, wished.highest)},
            sketch.outline);
  for (abc::OutlineBar& bar : sketch.outline.bars) {
    const double pitch = abc::pitch_of_height(bar.height);
    if (pitch < wished.lowest + kAround || pitch > wished.highest - kAround) bar.height = 0;
  }
}

abc::Key usual_key_of(const KnownOutline& known) {
  for (int step = 0; step < 7; ++step) {
    for (int alter = -1; alter <= 1; ++alter) {
      const auto key = abc::make_key(step, alter, known.mode);
      const bool fits = key && abc::told_tonic(*key) == known.outline.tonic;
      if (fits && *key == abc::usual_key(*key)) return *key;
    }
  }
  return abc::Key{};
}

// Whether a section has a first ending without bars, or nothing but one, as some tunes that people
// wrote read: no draft follows that.
bool has_odd_ending(const KnownOutline& known) {
  const auto& sections = known.outline.sections;
  return std::any_of(sections.begin(), sections.end(), [](const abc::OutlineSection& section) {
    return section.first_ending == 0 || section.first_ending == section.bars;
  });
}

}  // namespace

Sketches::Sketches(WishedTune wished, std::span<const KnownOutline> known, std::uint8_t dialect)
    : wished_(std::move(wished)) {
  const abc::Requirements& wishes = wished_.requirements;
  Choice& choice = fitting_;
  for (const KnownOutline& one : known) choice.push_back(&one);
  narrow(choice, [&](const KnownOutline& k) { return can_be_written(k.outline); });
  if (dialect != 0) narrow(choice, [&](const KnownOutline& k) { return k.dialect == dialect; });
  if (wishes.metre) {
    narrow(choice, [&](const KnownOutline& k) { return is_same(*k.outline.metre, *wishes.metre); });
  }
  have_wished_form_ = narrow_to_form(wished_, choice) && !choice.empty();
  if (wishes.key) narrow_to_mode(wishes.key->mode, choice);
  const std::uint8_t dance = abc::dance_kind(wishes.rhythm);
  if (dance > 1) narrow(choice, [&](const KnownOutline& k) { return k.outline.dance == dance; });
  if (wishes.chord_symbols != abc::ChordSymbols::kAny) {
    const std::uint8_t chords = wishes.chord_symbols == abc::ChordSymbols::kSome ? 2 : 1;
    narrow(choice, [&](const KnownOutline& k) { return k.outline.chords == chords; });
  }
  if (wishes.key && !choice.empty()) {
    narrow_to_usual_tonic(abc::told_tonic(*wishes.key), choice);
    narrow_to_usual_ends(choice);
  }
}

Sketch Sketches::draw(Random random) const {
  constexpr int kMostTries = 50;
  const abc::Requirements& wishes = wished_.requirements;
  Sketch sketch;
  if (fitting_.empty()) {
    sketch.key = *abc::make_key(1, 0, abc::Mode::kMajor);
  } else {
    const auto any = [&] {
      return fitting_[static_cast<std::size_t>(random.below(fitting_.size()))];
    };
    const KnownOutline* drawn = any();
    for (int tries = 1; tries < kMostTries && has_odd_ending(*drawn); ++tries) drawn = any();
    sketch = {usual_key_of(*drawn), drawn->outline};
  }
  if (wishes.key) sketch.key = *wishes.key;
  fit_range(wishes, sketch);
  give_wished_form(sketch.outline);
  rest_in_mode(sketch.key.mode, sketch.outline);
  if (fitting_.empty()) sketch.outline.tonic = abc::told_tonic(sketch.key);
  give_wished_sounds(sketch.outline);
  return sketch;
}

void Sketches::give_wished_form(abc::Outline& outline) const {
  const abc::Requirements& wishes = wished_.requirements;
  if (wishes.metre) outline.metre = wishes.metre;
  if (!outline.metre) outline.metre = abc::Metre{4, 4};
  if (!wished_.outline.is_empty()) {
    give_outline(wished_.outline, have_wished_form_, outline);
  } else if (!have_wished_form_) {
    give_form(wishes, outline);
  }
}

// Dance and chord symbols.
void Sketches::give_wished_sounds(abc::Outline& outline) const {
  const abc::Requirements& wishes = wished_.requirements;
  const std::uint8_t dance = abc::dance_kind(wishes.rhythm);
  if (dance != 0) outline.dance = dance;
  if (wishes.chord_symbols == abc::ChordSymbols::kNone) outline.chords = 1;
  if (wishes.chord_symbols == abc::ChordSymbols::kSome) outline.chords = 2;
}

}  // namespace lilt::compose
