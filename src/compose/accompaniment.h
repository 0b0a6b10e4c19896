// The chord symbols of a given tune: taken out, where they can stand, put in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "abc/duration.h"

namespace lilt::compose {

// A tune, UTF-8, without its chord symbols; texts in quotes that are none stay. All else is as it
// was.
[[nodiscard]] std::string without_chord_symbols(const std::string& tune);

// Where in a tune's text a chord symbol can stand: before a note, a chord or a rest and all that
// belongs to it.
struct ChordPlace {
  std::size_t at = 0;       // bytes
  bool begins_bar = false;  // the first of a bar
};

// Those where the harmony of a tune of one voice may change, in their order: where a bar begins, in
// even metres its second half and in 3/4 each beat; not in pickups.
[[nodiscard]] std::vector<ChordPlace> chord_places(std::string_view tune);

// Whether every bar but pickups begins with a chord symbol.
[[nodiscard]] bool begins_bars_with_symbols(std::string_view tune);

// The text with the chord symbols of another, which has the same notes, chords and rests.
[[nodiscard]] std::string with_chord_symbols_of(std::string_view harmonised,
                                                const std::string& tune);

}  // namespace lilt::compose
