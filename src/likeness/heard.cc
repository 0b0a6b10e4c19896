#include "likeness/heard.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "abc/chord_symbol.h"

namespace lilt::likeness {
namespace {

constexpr int kOctave = 12;

int pitch_class(int semitones) { return (semitones % kOctave + kOctave) % kOctave; }

std::uint32_t scale_of(const abc::Key& key) {
  std::uint32_t scale = 0;
  for (std::size_t step = 0; step < key.alters.size(); ++step) {
    scale |= 1U << pitch_class(abc::kSemitones[step] + key.alters[step]);
  }
  return scale;
}

int tonic_of(const abc::Key& key) {
  return abc::kSemitones[static_cast<std::size_t>(key.step)] + key.alter;
}

abc::Ticks beat_of(const abc::Metre& metre) {
  if (metre.is_compound()) return 3 * (abc::kWholeNote / metre.beat_unit);
  return abc::kWholeNote / std::max<std::int64_t>(4, metre.beat_unit);
}

bool is_short(const MelodyBar& bar) { return !bar.metre.is_free() && bar.time < bar.metre.bar(); }

std::string small(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// The bars of one section, with the later endings that stand behind it.
struct SectionBars {
  std::vector<std::size_t> first_time;
  std::size_t last = 0;
};

std::vector<SectionBars> section_bars(const std::vector<MelodyBar>& bars) {
  std::vector<SectionBars> sections;
  for (std::size_t b = 0; b < bars.size(); ++b) {
    const bool is_later = bars[b].is_later_ending && !sections.empty();
    const bool is_new =
        b == 0 ||
        (!is_later && (bars[b - 1].section != bars[b].section || bars[b - 1].is_later_ending));
    if (is_new) sections.emplace_back();
    if (!is_later) sections.back().first_time.push_back(b);
    sections.back().last = b;
  }
  return sections;
}

std::int64_t length_of(const std::vector<MelodyBar>& bars, const SectionBars& section) {
  const abc::Metre& metre = bars[section.first_time.front()].metre;
  if (metre.is_free()) return 0;
  abc::Ticks time = 0;
  for (const std::size_t b : section.first_time) time += bars[b].time;
  return (time + metre.bar() / 2) / metre.bar();
}

class HeardReader {
 public:
  HeardReader(const abc::Tune& tune, Heard& heard)
      : elements_(tune.voices.front().elements),
        marks_(tune.voices.front().bars()),
        heard_(heard) {}

  void read() {
    find_sections();
    abc::Ticks start = 0;
    for (std::size_t b = 0; b < heard_.bars.size(); ++b) {
      const MelodyBar& bar = heard_.bars[b];
      scale_ = scale_of(bar.key);
      shift_ = is_pickup_[b] ? bar.metre.bar() - bar.time : 0;
      heard_.first_notes.push_back(heard_.notes.size());
      read_notes(b, start);
      read_chords(b, start);
      start += bar.time;
    }
    heard_.first_notes.push_back(heard_.notes.size());
    heard_.has_endings = std::any_of(elements_.begin(), elements_.end(), [](const auto& element) {
      return element.kind == abc::ElementKind::kEnding;
    });
  }

 private:
  void find_sections() {
    is_pickup_.assign(heard_.bars.size(), false);
    bool has_pickup = false;  // before the section
    for (SectionBars& section : section_bars(heard_.bars)) {
      if (section.first_time.empty()) continue;
      HeardSection found{.last = section.last, .length = length_of(heard_.bars, section)};
      const std::size_t first = section.first_time.front();
      if (is_short(heard_.bars[first])) {
        is_pickup_[first] = has_pickup = true;
        section.first_time.erase(section.first_time.begin());
      }
      if (section.first_time.empty()) continue;  // a pickup before |:
      found.bars = std::move(section.first_time);
      found.has_pickup = std::exchange(has_pickup, false);
      found.is_repeated = ends_repeat(found.bars.back());
      heard_.sections.push_back(std::move(found));
    }
  }

  [[nodiscard]] bool ends_repeat(std::size_t bar) const {
    const std::size_t end = marks_[bar].end;
    return end < elements_.size() && elements_[end].bar.ends_repeat;
  }

  void read_notes(std::size_t b, abc::Ticks start) {
    const MelodyBar& bar = heard_.bars[b];
    for (const BarNote& note : bar.notes) {
      const abc::Ticks in_bar = note.start + shift_;
      heard_.notes.push_back({.pitch = note.pitch,
                              .degree = pitch_class(note.pitch - note.tonic),
                              .bar = b,
                              .start = start + note.start,
                              .in_bar = in_bar,
                              .length = note.length,
                              .is_in_key = (scale_ >> pitch_class(note.pitch) & 1) != 0,
                              .is_on_beat = in_bar % beat_of(bar.metre) == 0});
    }
  }

  void read_chords(std::size_t b, abc::Ticks start) {
    abc::Ticks time = 0;
    for (std::size_t i = marks_[b].begin; i < marks_[b].end && time <= heard_.bars[b].time; ++i) {
      const abc::Element& element = elements_[i];
      if (element.kind == abc::ElementKind::kOverlay) return;
      std::size_t here = 0;
      for (const std::string& symbol : element.chord_symbols) {
        const std::optional<HeardChord> chord = chord_of(symbol, heard_.bars[b].key);
        if (!chord) continue;
        if (++here > 1) {
          heard_.chords.pop_back();
          ++heard_.doubled_chords;
        }
        heard_.chords.push_back(*chord);
        heard_.chords.back().bar = b;
        heard_.chords.back().start = start + time;
        heard_.chords.back().in_bar = time + shift_;
      }
      if (element.takes_time()) time += std::min(element.time, heard_.bars[b].time);
    }
  }

  [[nodiscard]] std::optional<HeardChord> chord_of(const std::string& text,
                                                   const abc::Key& key) const {
    const std::optional<abc::ChordSymbol> symbol = abc::parse_chord_symbol(text);
    if (!symbol) return std::nullopt;
    const int root =
        abc::kSemitones[static_cast<std::size_t>(symbol->root_step)] + symbol->root_alter;
    const std::vector<int> semitones = abc::chord_semitones(symbol->quality);
    if (semitones.empty()) return std::nullopt;
    HeardChord chord{.root = pitch_class(root - tonic_of(key)),
                     .is_root_in_key = (scale_ >> pitch_class(root) & 1) != 0};
    for (const int above : semitones) chord.notes |= 1U << pitch_class(root + above);
    const auto has = [&](int above) {
      return std::count(semitones.begin(), semitones.end(), above);
    };
    chord.is_minor = has(3) > 0 && has(4) == 0;
    chord.is_seventh = has(10) > 0 || has(11) > 0;
    return chord;
  }

  const std::vector<abc::Element>& elements_;
  std::vector<abc::Bar> marks_;
  Heard& heard_;
  std::vector<bool> is_pickup_;
  std::uint32_t scale_ = 0;  // of the bar in progress
  abc::Ticks shift_ = 0;     // of its beginning from the first beat
};

}  // namespace

Heard::Heard(const abc::Tune& tune)
    : bars(melody_bars(tune)),
      metre(tune.metre),
      key(tune.key),
      title(small(tune.field(U'T'))),
      rhythm(small(tune.field(U'R'))) {
  if (tune.voices.empty()) {
    first_notes.push_back(0);
  } else {
    HeardReader(tune, *this).read();
  }
}

abc::Ticks Heard::beat() const { return beat_of(metre); }

const HeardNote* Heard::last_note_of(std::size_t bar) const {
  const std::size_t end = first_notes[bar + 1];
  return end == 0 ? nullptr : &notes[end - 1];
}

bool is_same_bar(const MelodyBar& a, const MelodyBar& b) {
  const auto same = [](const BarNote& x, const BarNote& y) {
    return x.pitch == y.pitch && x.start == y.start && x.length == y.length;
  };
  return !a.notes.empty() && a.time == b.time &&
         std::equal(a.notes.begin(), a.notes.end(), b.notes.begin(), b.notes.end(), same);
}

bool is_same_rhythm(const MelodyBar& a, const MelodyBar& b) {
  const auto same = [](const BarNote& x, const BarNote& y) {
    return x.start == y.start && x.length == y.length;
  };
  return !a.notes.empty() && a.time == b.time &&
         std::equal(a.notes.begin(), a.notes.end(), b.notes.begin(), b.notes.end(), same);
}

}  // namespace lilt::likeness
