// The contour of a melody: its steps from note to note. What is left of a tune when key, rhythm and
// repeated notes do not count, as when it is whistled.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "likeness/melody.h"

namespace lilt::likeness {

// A byte stands for a step: kLevel for none, one more for each semitone up, 1 to 127. A step of
// more than 63 semitones counts as 63.
inline constexpr char kLevel = 64;

struct Contour {
  std::string steps;               // notes that repeat the one before make no step
  std::vector<std::size_t> notes;  // of the melody, that each step starts from
};

[[nodiscard]] Contour contour_of(std::span<const MelodyNote> melody);

// The steps that a person typed: notes in ABC ("D E F A", "[K:G] GAB c", a whole tune), in C where
// no key is said; or the steps themselves in semitones ("+2 +2 -4"). An error where there are fewer
// than two.
[[nodiscard]] Result<std::string> read_contour(std::string_view typed);

}  // namespace lilt::likeness
