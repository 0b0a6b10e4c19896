// What the bars of a planned tune return to.
#pragma once

#include <cstdint>
#include <optional>

#include "abc/outline.h"
#include "base/names.h"

namespace lilt::compose {

// How a bar is like an earlier one.
enum class Resemblance : std::uint8_t { kExact, kNear, kSequence, kContour, kRhythm };
constexpr auto names_of(Resemblance) {
  return names<Resemblance>("exact", "near", "sequence", "contour", "rhythm");
}

// None of a bar that is new or of which nothing is known.
[[nodiscard]] std::optional<Resemblance> resemblance_of(abc::Return kind);

// The kind of return of a bar to an earlier one of the outline, both from 1. None where an outline
// cannot tell of it: all but exact returns are to near bars or to the same bar of the section
// before.
[[nodiscard]] std::optional<abc::Return> return_to(const abc::Outline& outline, int bar, int source,
                                                   Resemblance resemblance);

// The first bar, from 1, that this one is the same as: itself, if it does not return exactly.
[[nodiscard]] int first_same(const abc::Outline& outline, int bar);

// Whether all bars that are to return exactly do, as `asked`.
[[nodiscard]] bool returns_as(const abc::Outline& outline, const abc::Outline& asked);

}  // namespace lilt::compose
