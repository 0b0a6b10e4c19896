// What a tune is wished to be, and what is required of it therefore.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "base/result.h"
#include "compose/form.h"
#include "compose/progression.h"

namespace lilt::compose {

inline constexpr int kMostBarsAsked = 10'000;  // of a tune

// As it was said; empty: any.
struct Wishes {
  std::string key;     // "D", "Ador", "E minor"
  std::string metre;   // "6/8"
  std::string unit;    // "1/8"
  std::string rhythm;  // "jig"
  std::string title;
  std::string form;            // "AABB", see form.h
  std::string range;           // "D4-B5", "whistle"
  std::string start;           // ABC to begin with: fields, music or both
  std::optional<int> bars;     // as written
  std::string chords = "any";  // "on", "off", or a progression
};

// Checks each wish but the opening, and what they are together. What cannot be is an error that
// names the field.
struct WishedTune {
  abc::Requirements requirements;
  std::vector<std::optional<std::size_t>> same_as;  // of each section, as in Form
  abc::Outline outline;  // of a form that is not of letters alone: its sections and bars
  std::optional<Progression> progression;  // that it is written over
  std::vector<std::string> remarks;
};
[[nodiscard]] Result<WishedTune> require(const Wishes& wishes, const abc::Alphabet& alphabet);

// Range and chord symbols alone.
[[nodiscard]] Status require_sounds(const Wishes& wishes, const abc::Alphabet& alphabet,
                                    abc::Requirements& requirements);

[[nodiscard]] Status check_bars(std::optional<int> bars);

}  // namespace lilt::compose
