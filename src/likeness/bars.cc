#include "likeness/bars.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "likeness/melody.h"

namespace lilt::likeness {
namespace {

constexpr abc::Ticks kLongestBar = abc::kWholeNote << 20;  // sums stay far from overflow

int tonic_of(const abc::Key& key) {
  return abc::kSemitones[static_cast<std::size_t>(key.step)] + key.alter;
}

class BarReader {
 public:
  explicit BarReader(const abc::Tune& tune)
      : elements_(tune.voices.front().elements),
        bars_(tune.voices.front().bars()),
        melody_(melody_of(tune)),
        metre_(tune.metre),
        key_(tune.key),
        tonic_(tonic_of(tune.key)) {}

  std::vector<MelodyBar> read() {
    for (const abc::Bar& bar : bars_) {
      for (; at_ < bar.begin; ++at_) read_field(elements_[at_]);
      begin(bar);
      for (; at_ < bar.end; ++at_) read_element();
    }
    return std::move(result_);
  }

 private:
  void begin(const abc::Bar& bar) {
    result_.push_back({.metre = metre_,
                       .key = key_,
                       .section = bar.section,
                       .is_later_ending = bar.ending != 0 && (bar.ending & 1) == 0});
    in_overlay_ = false;
  }

  void read_field(const abc::Element& element) {
    if (element.kind != abc::ElementKind::kField) return;
    if (element.field == U'M') metre_ = abc::parse_metre(element.text).value_or(metre_);
    if (element.field != U'K') return;
    const auto key = abc::parse_key(element.text).key;
    if (!key) return;
    key_ = *key;
    tonic_ = tonic_of(*key);
  }

  void read_element() {
    const abc::Element& element = elements_[at_];
    MelodyBar& bar = result_.back();
    read_field(element);
    if (element.kind == abc::ElementKind::kOverlay) in_overlay_ = true;
    if (!element.takes_time() || in_overlay_) return;
    if (bar.time == 0) bar.metre = metre_, bar.key = key_;
    for (; next_ < melody_.size() && melody_[next_].element <= at_; ++next_) {
      bar.notes.push_back({melody_[next_].pitch, tonic_, bar.time, melody_[next_].length});
    }
    bar.time = std::min(bar.time + std::min(element.time, kLongestBar), kLongestBar);
  }

  const std::vector<abc::Element>& elements_;
  std::vector<abc::Bar> bars_;
  std::vector<MelodyNote> melody_;
  abc::Metre metre_;
  abc::Key key_;
  int tonic_;
  std::size_t at_ = 0;    // in elements_
  std::size_t next_ = 0;  // in melody_
  bool in_overlay_ = false;
  std::vector<MelodyBar> result_;
};

// The bars of one section, but for later endings.
MelodySection section_of(const std::vector<const MelodyBar*>& bars) {
  MelodySection section;
  const MelodyBar& first = *bars.front();
  section.bar = first.metre.is_free() ? 0 : first.metre.bar();
  const bool has_pickup = bars.size() > 1 && first.time < section.bar;
  const abc::Ticks shift = has_pickup ? first.time : 0;
  for (const MelodyBar* bar : bars) {
    for (BarNote note : bar->notes) {
      note.start += section.time - shift;
      section.notes.push_back(note);
    }
    section.time += bar->time;
  }
  return section;
}

}  // namespace

std::vector<MelodyBar> melody_bars(const abc::Tune& tune) {
  return tune.voices.empty() ? std::vector<MelodyBar>() : BarReader(tune).read();
}

namespace {

// A pickup before the |: of the section that it leads into.
bool is_pickup_alone(const std::vector<const MelodyBar*>& bars) {
  return bars.size() == 1 && !bars[0]->metre.is_free() && bars[0]->time < bars[0]->metre.bar();
}

}  // namespace

std::vector<MelodySection> melody_sections(const std::vector<MelodyBar>& bars) {
  std::vector<MelodySection> sections;
  std::vector<const MelodyBar*> of_one;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (!bars[i].is_later_ending) of_one.push_back(&bars[i]);
    const bool is_last = i + 1 == bars.size() || bars[i + 1].section != bars[i].section;
    if (!is_last || of_one.empty()) continue;
    const bool leads_on = sections.empty() && i + 1 < bars.size() && is_pickup_alone(of_one);
    if (leads_on) continue;
    sections.push_back(section_of(of_one));
    of_one.clear();
  }
  return sections;
}

NotesInCommon notes_in_common(const MelodySection& one, abc::Ticks from, const MelodySection& other,
                              abc::Ticks from_other, abc::Ticks length) {
  const auto placed = [length](const MelodySection& section, abc::Ticks begin) {
    std::vector<std::pair<abc::Ticks, int>> notes;  // start and pitch
    for (const BarNote& note : section.notes) {
      if (note.start < begin || note.start >= begin + length) continue;
      notes.emplace_back(note.start - begin, note.pitch);
    }
    std::sort(notes.begin(), notes.end());
    return notes;
  };
  const auto first = placed(one, from), second = placed(other, from_other);
  std::vector<std::pair<abc::Ticks, int>> common;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                        std::back_inserter(common));
  return {common.size(), first.size() + second.size()};
}

}  // namespace lilt::likeness
