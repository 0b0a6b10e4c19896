#include "score/accompaniment.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "abc/chord_symbol.h"
#include "abc/key.h"

namespace lilt::score {
namespace {

using abc::kWholeNote;
using abc::Ticks;

constexpr int kLowestBass = 36, kLowestRoot = 48;  // C two octaves and one below middle C

// A chord from its symbol on.
struct Change {
  Ticks start = 0;
  int bass = 0;            // MIDI note numbers
  std::vector<int> notes;  // upwards
  abc::Extent place;
};

using Changes = std::vector<Change>;

// 0 … 11.
int pitch_class(int step, int alter) {
  return (abc::kSemitones[static_cast<std::size_t>(step)] + alter + 12) % 12;
}

std::optional<abc::ChordSymbol> chord_symbol_of(const abc::Element& element) {
  for (const std::string& text : element.chord_symbols) {
    if (const auto symbol = abc::parse_chord_symbol(text)) return symbol;
  }
  return std::nullopt;
}

Changes changes_of(const abc::Course& course) {
  Changes changes;
  for (const abc::Turn& turn : course.turns) {
    const abc::Element& element = course.elements[turn.element];
    const auto symbol = chord_symbol_of(element);
    if (!symbol) continue;
    const int root = pitch_class(symbol->root_step, symbol->root_alter);
    Change& change = changes.emplace_back();
    change.start = turn.start;
    change.place = element.place;
    change.bass =
        kLowestBass +
        (symbol->bass_step < 0 ? root : pitch_class(symbol->bass_step, symbol->bass_alter));
    for (const int semitones : abc::chord_semitones(symbol->quality)) {
      change.notes.push_back(kLowestRoot + root + semitones);
    }
  }
  // Another voice of the bar begins before the first has ended.
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.start < b.start; });
  return changes;
}

void strike(const Change& change, Role role, Ticks start, Ticks length,
            std::vector<AccompanyingNote>& notes) {
  if (role == Role::kBass) {
    notes.push_back({role, change.bass, start, length, change.place});
    return;
  }
  for (const int pitch : change.notes) {
    notes.push_back({role, pitch, start, length, change.place});
  }
}

// Appends the strokes of `units` notes of that length, beginning with the bass.
void append_group(std::vector<Stroke>& pattern, Ticks unit, int units, bool is_compound) {
  const Ticks start = pattern.empty() ? 0 : pattern.back().start + unit;
  // In 6/8 the chord comes on the third eighth and sounds as long.
  const Ticks length = is_compound ? unit : unit / 2;
  pattern.push_back({Role::kBass, start, length});
  for (int i = is_compound ? units - 1 : 1; i < units; ++i) {
    pattern.push_back({Role::kChords, start + i * unit, length});
  }
}

// The first change that comes after that time.
Changes::const_iterator behind(const Changes& changes, Ticks time) {
  return std::upper_bound(changes.begin(), changes.end(), time,
                          [](Ticks t, const Change& change) { return t < change.start; });
}

void accompany_bar(const PlayedBar& bar, const Changes& changes,
                   std::vector<AccompanyingNote>& notes) {
  const std::vector<Stroke> pattern = pattern_of(bar.metre);
  const Ticks end = bar.start + bar.time;
  // A bar that is too long has the pattern again.
  for (Ticks begin = bar.start - bar.offset; begin < end; begin += bar.metre.bar()) {
    for (const Stroke& stroke : pattern) {
      const Ticks at = begin + stroke.start;
      const auto next = behind(changes, at);
      if (at < bar.start || at >= end || next == changes.begin()) continue;
      strike(*(next - 1), stroke.role, at, stroke.length, notes);
    }
  }
}

void accompany_freely(const PlayedBar& bar, const Changes& changes,
                      std::vector<AccompanyingNote>& notes) {
  const Ticks end = bar.start + bar.time;
  for (auto change = behind(changes, bar.start - 1); change != changes.end() && change->start < end;
       ++change) {
    const auto next = behind(changes, change->start);
    const Ticks until = next == changes.end() ? end : std::min(end, next->start);
    strike(*change, Role::kBass, change->start, until - change->start, notes);
    strike(*change, Role::kChords, change->start, until - change->start, notes);
  }
}

class Bars {
 public:
  Bars(const abc::Course& course, abc::Metre metre) : course_(course), metre_(metre) {}

  std::vector<PlayedBar> find() {
    for (const abc::Turn& turn : course_.turns) {
      const abc::Element& element = course_.elements[turn.element];
      if (element.kind == abc::ElementKind::kField && element.field == U'M') {
        metre_ = abc::parse_metre(element.text).value_or(metre_);
      }
      if (element.kind == abc::ElementKind::kBar) {
        end_bar(turn.start);
        begins_section_ = begins_section_ || element.bar.is_soft();
      }
      end_ = std::max(end_, turn.start + turn.time);
    }
    end_bar(end_);
    return std::move(bars_);
  }

 private:
  void end_bar(Ticks at) {
    if (at <= start_) return;
    const Ticks time = at - start_;
    PlayedBar bar{.start = start_, .time = time, .metre = metre_};
    const Ticks full = metre_.bar();
    if (time < full) bar.offset = offset_of(time, full);
    filled_ = time < full && bar.offset + time < full ? bar.offset + time : 0;
    bars_.push_back(bar);
    start_ = at;
    begins_section_ = false;
  }

  [[nodiscard]] Ticks offset_of(Ticks time, Ticks full) const {
    if (filled_ > 0 && filled_ + time <= full) return filled_;
    return begins_section_ ? full - time : 0;
  }

  const abc::Course& course_;
  abc::Metre metre_;
  std::vector<PlayedBar> bars_;
  Ticks start_ = 0, end_ = 0;
  Ticks filled_ = 0;  // of a bar that is not full yet
  bool begins_section_ = true;
};

}  // namespace

std::vector<PlayedBar> bars_of(const abc::Course& course, abc::Metre metre) {
  return Bars(course, metre).find();
}

std::vector<Stroke> pattern_of(const abc::Metre& metre) {
  std::vector<Stroke> pattern;
  if (metre.is_free()) return pattern;
  int beats = metre.beats;
  Ticks unit = kWholeNote / metre.beat_unit;
  if (beats % 3 != 0 && metre.beat_unit >= 8) {
    // 4/8 goes as 2/4 does; 5/8 and 7/8 have a group like those of 6/8.
    for (; beats % 2 == 0 && unit < kWholeNote / 4; beats /= 2) unit *= 2;
  } else if (metre.is_compound() && beats > 3) {
    for (int i = 0; i < beats; i += 3) append_group(pattern, unit, 3, true);
    return pattern;
  }
  if (beats == 1) return {{Role::kBass, 0, unit / 4}, {Role::kChords, unit / 2, unit / 4}};
  if (beats % 2 == 1) append_group(pattern, unit, 3, unit < kWholeNote / 4 && beats > 3);
  const int three = beats % 6 == 3 ? 3 : 2;  // 9/4 is three times 3/4
  for (int i = beats % 2 == 1 ? 3 : 0; i < beats; i += three) {
    append_group(pattern, unit, three, false);
  }
  return pattern;
}

std::vector<AccompanyingNote> accompany(const abc::Course& course,
                                        const std::vector<PlayedBar>& bars) {
  const Changes changes = changes_of(course);
  std::vector<AccompanyingNote> notes;
  for (const PlayedBar& bar : bars) {
    if (bar.metre.is_free()) {
      accompany_freely(bar, changes, notes);
    } else {
      accompany_bar(bar, changes, notes);
    }
  }
  return notes;
}

bool has_chord_symbols(const abc::Voice& voice) {
  return std::any_of(voice.elements.begin(), voice.elements.end(),
                     [](const abc::Element& e) { return chord_symbol_of(e).has_value(); });
}

}  // namespace lilt::score
