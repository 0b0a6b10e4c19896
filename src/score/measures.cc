#include "score/measures.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>

#include "abc/performance.h"

namespace lilt::score {
namespace {

using abc::Element;
using abc::ElementKind;
using abc::kWholeNote;
using abc::Ticks;

constexpr int kMostHalvings = 10;  // a 1024th
constexpr int kMostSlurs = 16;     // at a time: the numbers that MusicXML has

// The lengths of heads that make up a length, the longest first; itself where none do.
std::vector<Ticks> head_lengths(Ticks length) {
  constexpr Ticks kGrid = kWholeNote / 1024;
  if (length % kGrid != 0 || length > 16 * kWholeNote) return {length};
  std::vector<Ticks> lengths;
  while (length > 0) {
    Ticks best = kGrid;
    for (Ticks plain = kGrid; plain <= std::min(length, 2 * kWholeNote); plain *= 2) {
      best = plain;
      if (plain * 3 / 2 <= length && plain >= 2 * kGrid) best = plain * 3 / 2;
      if (plain * 7 / 4 <= length && plain >= 4 * kGrid) best = plain * 7 / 4;
    }
    lengths.push_back(best);
    length -= best;
  }
  return lengths;
}

// Which heads ties join, as abc::perform() joins them: to the next note of the same pitch.
class Ties {
 public:
  explicit Ties(const std::vector<Element>& elements) {
    from_.resize(elements.size());
    to_.resize(elements.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      from_[i].resize(elements[i].heads.size());
      to_[i].resize(elements[i].heads.size());
    }
    for (std::size_t i = 0; i < elements.size(); ++i) join(elements, i);
  }

  [[nodiscard]] const std::vector<bool>& from(std::size_t i) const { return from_[i]; }
  [[nodiscard]] const std::vector<bool>& to(std::size_t i) const { return to_[i]; }

 private:
  void join(const std::vector<Element>& elements, std::size_t i) {
    std::size_t next = i + 1;
    while (next < elements.size() && elements[next].kind != ElementKind::kNote &&
           elements[next].kind != ElementKind::kRest) {
      ++next;
    }
    if (next == elements.size()) return;
    for (std::size_t h = 0; h < elements[i].heads.size(); ++h) {
      if (!elements[i].heads[h].tied) continue;
      for (std::size_t k = 0; k < elements[next].heads.size(); ++k) {
        if (elements[next].heads[k].pitch != elements[i].heads[h].pitch || from_[next][k]) continue;
        to_[i][h] = true;
        from_[next][k] = true;
        break;
      }
    }
  }

  std::vector<std::vector<bool>> from_, to_;
};

// Slurs that have both ends, by the number of their element.
struct Slurs {
  std::multimap<std::size_t, int> starts, stops;
};

Slurs find_slurs(const std::vector<Element>& elements) {
  Slurs slurs;
  struct Open {
    std::size_t element;
    int number;
  };
  std::vector<Open> open;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    for (int n = 0; n < elements[i].slurs_open; ++n) {
      open.push_back({i, static_cast<int>(open.size()) + 1});
    }
    for (int n = 0; n < elements[i].slurs_close && !open.empty(); ++n) {
      const Open slur = open.back();
      open.pop_back();
      if (slur.element == i || slur.number > kMostSlurs) continue;
      slurs.starts.emplace(slur.element, slur.number);
      slurs.stops.emplace(i, slur.number);
    }
  }
  return slurs;
}

std::vector<int> numbers_of(const std::multimap<std::size_t, int>& slurs, std::size_t element) {
  std::vector<int> numbers;
  const auto [begin, end] = slurs.equal_range(element);
  for (auto it = begin; it != end; ++it) numbers.push_back(it->second);
  return numbers;
}

// Flags, or beams, of a head.
int flags_of(const Event& event) {
  if (event.element->kind != ElementKind::kNote) return 0;
  const HeadShape shape = head_shape(event.nominal);
  return shape.exists ? std::max(0, shape.halvings - 2) : 0;
}

void beam_group(std::vector<Event*>& group) {
  if (group.size() > 1) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      const int flags = flags_of(*group[i]);
      for (int level = 1; level <= flags; ++level) {
        const bool before = i > 0 && flags_of(*group[i - 1]) >= level;
        const bool behind = i + 1 < group.size() && flags_of(*group[i + 1]) >= level;
        group[i]->beams.push_back(before && behind ? BeamPart::kContinue
                                  : before         ? BeamPart::kEnd
                                  : behind         ? BeamPart::kBegin
                                  : i == 0         ? BeamPart::kForwardHook
                                                   : BeamPart::kBackwardHook);
      }
    }
  }
  group.clear();
}

// Notes share a beam until a space, a rest, a longer note or a bar line.
void beam(std::vector<Event>& layer) {
  std::vector<Event*> group;
  for (Event& event : layer) {
    if (!event.takes_time()) continue;
    if (flags_of(event) == 0) {
      beam_group(group);
      continue;
    }
    group.push_back(&event);
    if (event.is_last && event.element->space_after) beam_group(group);
  }
  beam_group(group);
}

class Builder {
 public:
  Builder(const abc::Voice& voice, const abc::Metre& metre)
      : elements_(voice.elements),
        ties_(voice.elements),
        slurs_(find_slurs(voice.elements)),
        metre_(metre) {}

  std::vector<Measure> build() {
    for (std::size_t i = 0; i < elements_.size(); ++i) take(i);
    if (has_music()) finish();
    close_ending();
    for (std::size_t i = 0; i < measures_.size(); ++i) finish_measure(i);
    return std::move(measures_);
  }

 private:
  [[nodiscard]] bool has_music() const { return measure_.time > 0 || measure_.layers.size() > 1; }

  void take(std::size_t i) {
    const Element& element = elements_[i];
    switch (element.kind) {
      case ElementKind::kNote:
      case ElementKind::kRest:
        return add_timed(i);
      case ElementKind::kBarsRest:
        return add_bars_rest(element);
      case ElementKind::kBar:
        return take_bar(element.bar);
      case ElementKind::kEnding:
        if (has_music()) {
          measure_.has_line = false;
          finish();
        }
        close_ending();
        ending_ = measure_.ending = element.ending;
        return;
      case ElementKind::kOverlay:
        measure_.layers.emplace_back();
        return;
      case ElementKind::kField:
        if (element.field == U'M') metre_ = abc::parse_metre(element.text).value_or(metre_);
        measure_.layers.back().push_back({.element = &element});
        return;
      case ElementKind::kLineEnd:
      case ElementKind::kComment:
        return;
    }
  }

  void add_timed(std::size_t i) {
    const Element& element = elements_[i];
    if (element.time <= 0) return;
    if (element.tuplet.p != 0) begin_tuplet(i);
    const bool stretched = element.in_tuplet && tuplet_.p != 0;
    Event event{.element = &element};
    if (stretched) {
      event.p = tuplet_.p;
      event.q = tuplet_.q;
    }
    const std::vector<Ticks> parts = head_lengths(element.time * event.p / event.q);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      event.nominal = parts[part];
      event.time = event.nominal * event.q / event.p;
      event.is_first = part == 0;
      event.is_last = part + 1 == parts.size();
      const std::vector<bool> all(element.heads.size(), true);
      event.tied_from = event.is_first ? ties_.from(i) : all;
      event.tied_to = event.is_last ? ties_.to(i) : all;
      event.slur_starts = event.is_first ? numbers_of(slurs_.starts, i) : std::vector<int>();
      event.slur_stops = event.is_last ? numbers_of(slurs_.stops, i) : std::vector<int>();
      event.tuplet_starts = stretched && i == tuplet_first_ && event.is_first;
      event.tuplet_stops = stretched && i == tuplet_last_ && event.is_last;
      add(event);
    }
  }

  // Its notes are the next r, or those before the bar line.
  void begin_tuplet(std::size_t i) {
    tuplet_ = elements_[i].tuplet;
    if (tuplet_.q <= 0) tuplet_ = {};
    tuplet_first_ = tuplet_last_ = i;
    int left = tuplet_.r;
    for (std::size_t k = i; k < elements_.size() && left > 0; ++k) {
      if (elements_[k].kind == ElementKind::kBar) break;
      if (!elements_[k].takes_time()) continue;
      if (!elements_[k].in_tuplet || (k > i && elements_[k].tuplet.p != 0)) break;
      tuplet_last_ = k;
      --left;
    }
  }

  void add(const Event& event) {
    if (measure_.layers.size() == 1) measure_.time += event.time;
    measure_.layers.back().push_back(event);
  }

  void add_bars_rest(const Element& element) {
    const Ticks bar = metre_.is_free() ? kWholeNote : metre_.bar();
    const int count = std::max(element.count, 1);
    for (int n = 0; n < count; ++n) {
      if (n > 0) finish();
      Event event{.element = &element, .time = bar, .nominal = bar, .whole_bar = true};
      event.is_first = n == 0;
      add(event);
    }
  }

  void take_bar(const abc::BarLine& bar) {
    if (has_music()) {
      finish();
    }
    if (!measures_.empty()) {
      Measure& before = measures_.back();
      before.ends_repeat |= bar.ends_repeat;
      before.is_double |= bar.is_double;
      before.is_final |= bar.is_final;
      before.is_dotted |= bar.is_dotted;
      before.has_line = true;
    }
    if (bar.is_soft()) close_ending();
    measure_.starts_repeat |= bar.starts_repeat;
  }

  // Where the numbered ending that goes on stops.
  void close_ending() {
    if (ending_ != 0 && !measures_.empty()) measures_.back().ending_closed = ending_;
    if (measure_.ending == ending_) measure_.ending = 0;  // it has no music
    ending_ = 0;
  }

  void finish() {
    measure_.bar = metre_.bar();
    measures_.push_back(std::exchange(measure_, {}));
  }

  void finish_measure(std::size_t i) {
    Measure& measure = measures_[i];
    const bool begins = i == 0 || measures_[i - 1].ends_repeat || measures_[i - 1].is_double ||
                        measure.starts_repeat || !measures_[i - 1].has_line;
    measure.is_pickup = begins && measure.ending == 0 && measure.time < measure.bar;
    for (std::vector<Event>& layer : measure.layers) beam(layer);
  }

  const std::vector<Element>& elements_;
  Ties ties_;
  Slurs slurs_;
  abc::Metre metre_;
  std::vector<Measure> measures_;
  Measure measure_;  // in progress
  std::int32_t ending_ = 0;
  abc::Tuplet tuplet_;
  std::size_t tuplet_first_ = 0, tuplet_last_ = 0;
};

}  // namespace

HeadShape head_shape(Ticks nominal) {
  constexpr std::array<std::pair<int, int>, 3> kStretched = {{{1, 1}, {3, 2}, {7, 4}}};
  for (int halvings = -1; halvings <= kMostHalvings; ++halvings) {
    const Ticks plain = halvings < 0 ? 2 * kWholeNote : kWholeNote >> halvings;
    for (int dots = 0; dots < static_cast<int>(kStretched.size()); ++dots) {
      const auto [p, q] = kStretched[static_cast<std::size_t>(dots)];
      if (plain * p == nominal * q) return {halvings, dots, true};
    }
  }
  return {};
}

std::vector<Measure> to_measures(abc::Voice& voice, const abc::Metre& metre,
                                 const std::string& order) {
  if (!order.empty()) voice.elements = abc::play_parts(voice, order);
  abc::write_out_repeats(voice, true);
  return Builder(voice, metre).build();
}

}  // namespace lilt::score
