// How fast a tune goes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "abc/tune.h"

namespace lilt::score {

struct Tempo {
  abc::Ticks beat = abc::kWholeNote / 4;  // the note that is counted
  double per_minute = 120;

  // The time that music of that length takes, in seconds.
  [[nodiscard]] double seconds(abc::Ticks length) const;
  // Quarter notes a minute.
  [[nodiscard]] double quarters() const;
};

inline constexpr double kSlowest = 20, kFastest = 500;  // beats a minute that can be asked for

// What the text of a Q: field says: "1/4=120", "3/8=100 \"Allegro\"", "120", "C=100"; nothing where
// it names no tempo, or one that no one plays.
[[nodiscard]] std::optional<Tempo> parse_tempo(std::string_view text, const abc::Tune& tune);

// The beat that people count in a metre: a dotted quarter in 6/8, 9/8 and 12/8, a half note in 2/2
// and C|, otherwise a quarter.
[[nodiscard]] abc::Ticks beat_of(const abc::Metre& metre);

// The tempo that the tune's Q: field gives, or nothing.
[[nodiscard]] std::optional<Tempo> written_tempo(const abc::Tune& tune);

// The tempo at which such a tune is usually danced or sung, by its rhythm (R:), else its metre.
[[nodiscard]] Tempo usual_tempo(const abc::Tune& tune);

}  // namespace lilt::score
