// What a person asks for, and the plan that comes of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "base/result.h"
#include "compose/form.h"

namespace lilt::compose {

// As it was said; empty or 0: any.
struct Wishes {
  std::string key;     // "D", "Ador", "E minor"
  std::string metre;   // "6/8"
  std::string unit;    // "1/8"
  std::string rhythm;  // "jig"
  std::string title;
  std::string form;   // "AABB"
  std::string range;  // "D4-B5", "whistle"
  std::string start;  // ABC to begin with: fields, music or both
  int bars = 0;       // as written
  abc::ChordSymbols chord_symbols = abc::ChordSymbols::kAny;
};

// Programs have no accompaniment for chord symbols in it.
inline constexpr abc::Metre kWithoutAccompaniment{3, 2};

// A piece of a tune in the making: text that is given, or music to be written.
struct Passage {
  std::string given;
  // Set: music up to there, nothing open at its end (see abc::Requirements::music_until). Not set:
  // as given, and after the last passage the tune goes on to its end.
  std::optional<abc::Ticks> music_until = std::nullopt;
};

struct Plan {
  abc::Requirements requirements;
  Form form;                  // empty: any
  std::string title;          // empty: the model's own
  std::string fields;         // more lines of the header, which the model is not told
  std::string header;         // of a given tune, as the model reads it
  std::string shown_header;   // of a given tune, with all its fields
  std::vector<Passage> body;  // what follows the header, as far as it is known
  bool is_rewriting = false;  // the passages are all of the tune
  std::string original;       // the tune that is rewritten, as the model reads it
};

// What the wishes come to. What cannot be, alone or together, is an error that names the option.
[[nodiscard]] Result<Plan> make_plan(const Wishes& wishes, const abc::Alphabet& alphabet);

// To go on where a tune ends: its final bar line opens. `bars` is how many the whole tune gets; 0:
// eight more.
[[nodiscard]] Result<Plan> plan_continuation(const std::string& tune, const Wishes& wishes,
                                             const abc::Alphabet& alphabet);

// To write bars `first` to `last` of a tune anew, counted as written from 1, pickups not counted.
// All else, bar lines and repeats within these bars too, stays as it is in canonical text.
[[nodiscard]] Result<Plan> plan_rewriting(const std::string& tune, int first, int last,
                                          const Wishes& wishes, const abc::Alphabet& alphabet);

}  // namespace lilt::compose
