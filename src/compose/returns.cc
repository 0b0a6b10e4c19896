#include "compose/returns.h"

#include <array>
#include <cstddef>

namespace lilt::compose {
namespace {

using enum abc::Return;

// The bar of the section before that is as this one, as an outline counts; 0: there is none.
int in_section_before(const abc::Outline& outline, int bar) {
  int first = 1, before = 0, bars_before = 0, ending = 0;
  for (const abc::OutlineSection& section : outline.sections) {
    const int same = section.is_later_ending && ending > 0 ? ending : before;
    const int i = bar - first;
    if (i < section.bars) {
      const bool within = same + i < first && (section.is_later_ending || i < bars_before);
      return before > 0 && within ? same + i : 0;
    }
    if (section.bars > 0) {
      before = first;
      bars_before = section.bars;
      ending = section.first_ending >= 0 ? first + section.first_ending : 0;
    }
    first += section.bars;
  }
  return 0;
}

}  // namespace

std::optional<Resemblance> resemblance_of(abc::Return kind) {
  switch (kind) {
    case kUnknown:
    case kNew:
      break;
    case kBar8:
    case kBar4:
    case kSection:
    case kBar2:
    case kBar1:
    case kOther:
      return Resemblance::kExact;
    case kNearBar8:
    case kNearBar4:
    case kNearSection:
    case kNearBar2:
    case kNearBar1:
      return Resemblance::kNear;
    case kSequence2:
    case kSequence1:
      return Resemblance::kSequence;
    case kContour1:
      return Resemblance::kContour;
    case kRhythm8:
    case kRhythm4:
    case kRhythmSection:
    case kRhythm2:
    case kRhythm1:
      return Resemblance::kRhythm;
  }
  return {};
}

std::optional<abc::Return> return_to(const abc::Outline& outline, int bar, int source,
                                     Resemblance resemblance) {
  if (source < 1 || source >= bar) return {};
  // As an outline looks for them; of each the kinds by resemblance.
  struct Place {
    int source;
    std::array<abc::Return, 5> kinds;
  };
  const std::array<Place, 5> places = {{
      {bar - 8, {kBar8, kNearBar8, kUnknown, kUnknown, kRhythm8}},
      {bar - 4, {kBar4, kNearBar4, kUnknown, kUnknown, kRhythm4}},
      {in_section_before(outline, bar),
       {kSection, kNearSection, kUnknown, kUnknown, kRhythmSection}},
      {bar - 2, {kBar2, kNearBar2, kSequence2, kUnknown, kRhythm2}},
      {bar - 1, {kBar1, kNearBar1, kSequence1, kContour1, kRhythm1}},
  }};
  for (const Place& place : places) {
    const abc::Return kind = place.kinds[static_cast<std::size_t>(resemblance)];
    if (place.source == source && kind != kUnknown) return kind;
  }
  return resemblance == Resemblance::kExact ? std::optional(kOther) : std::nullopt;
}

int first_same(const abc::Outline& outline, int bar) {
  while (bar >= 1 && static_cast<std::size_t>(bar) <= outline.bars.size()) {
    const abc::OutlineBar& at = outline.bars[static_cast<std::size_t>(bar - 1)];
    if (resemblance_of(at.kind) != Resemblance::kExact || at.source >= bar) break;
    bar = at.source;
  }
  return bar;
}

bool returns_as(const abc::Outline& outline, const abc::Outline& asked) {
  for (std::size_t i = 0; i < asked.bars.size(); ++i) {
    if (resemblance_of(asked.bars[i].kind) != Resemblance::kExact) continue;
    const auto first = [&](std::size_t bar) { return first_same(outline, static_cast<int>(bar)); };
    if (first(i + 1) != first(static_cast<std::size_t>(asked.bars[i].source))) return false;
  }
  return true;
}

}  // namespace lilt::compose
