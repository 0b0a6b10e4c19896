#include "abc/beams.h"

#include <algorithm>

namespace lilt::abc {
namespace {

Ticks group_of(const Metre& metre) {
  if (metre.is_free()) return kWholeNote / 4;
  if (metre.beat_unit == 8) {
    return metre.beats % 3 == 0 ? kWholeNote * 3 / 8 : kWholeNote / 4;
  }
  const bool has_halves = metre.bar() == kWholeNote;
  return has_halves ? kWholeNote / 2 : kWholeNote / std::max<int>(4, metre.beat_unit);
}

// The time up to the next bar line.
Ticks time_of_bar(const std::vector<Element>& elements, std::size_t from) {
  Ticks time = 0;
  for (std::size_t i = from; i < elements.size(); ++i) {
    if (elements[i].kind == ElementKind::kBar) break;
    if (elements[i].takes_time()) time += elements[i].time;
  }
  return time;
}

}  // namespace

void beam_by_metre(Voice& voice, const Metre& metre) {
  Ticks group = group_of(metre), length = metre.bar();
  const auto start_of = [&](std::size_t from) {
    const Ticks time = time_of_bar(voice.elements, from);
    return time < length ? length - time : Ticks{0};
  };
  Ticks filled = start_of(0);
  for (std::size_t i = 0; i < voice.elements.size(); ++i) {
    Element& element = voice.elements[i];
    if (element.takes_time()) {
      const Ticks end = filled + element.time;
      element.space_after = end / group != filled / group;
      filled = end;
    } else if (element.kind == ElementKind::kBar) {
      // A bar that is not full goes on behind a repeat or a double bar line.
      const bool goes_on = filled < length && time_of_bar(voice.elements, i + 1) < length;
      if (!goes_on) filled = 0;
    } else if (element.kind == ElementKind::kField && element.field == U'M') {
      const Metre changed = parse_metre(element.text).value_or(metre);
      group = group_of(changed);
      length = changed.bar();
      if (filled >= length) filled = 0;
    }
  }
}

}  // namespace lilt::abc
