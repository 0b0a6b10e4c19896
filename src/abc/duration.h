// Musical time. Durations are whole numbers of ticks, so that sums are exact and cheap.
#pragma once

#include <cstdint>

#include "base/rational.h"

namespace lilt::abc {

using Ticks = std::int64_t;

// A whole note: divisible by 1024, by the number of notes of every usual tuplet (27, 25, 7, 11, 13)
// and by their products with the lengths that people write. What does not divide it is reported as
// too fine.
inline constexpr Ticks kWholeNote = Ticks{1024} * 27 * 25 * 7 * 11 * 13;

// The shortest note of the dialect that Lilt writes, and the grid of everything in it.
inline constexpr Ticks kShortestNote = kWholeNote / 32;

// In whole notes.
constexpr Rational to_rational(Ticks ticks) { return {ticks, kWholeNote}; }

}  // namespace lilt::abc
