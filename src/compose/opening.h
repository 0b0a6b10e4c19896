// The opening that a tune is to begin with: fields, music or both.
#pragma once

#include <string>

#include "abc/header.h"
#include "abc/next_characters.h"
#include "base/result.h"
#include "compose/wishes.h"

namespace lilt::compose {

// The wishes with those of the opening's fields, its music alone as `start`; and the lines that the
// model is not told. What a field says must be what was wished. Music without repeats gets the |:
// of a form that begins with a repeat.
struct Opening {
  Wishes wishes;
  abc::Header kept;
};
[[nodiscard]] Result<Opening> read_opening(const Wishes& wishes);

// The bars that an opening begins: where chord symbols were asked for, the bar behind them has one.
// 0 where the key or the metre is not known.
[[nodiscard]] int bars_before_chord_symbol(const std::string& start,
                                           const abc::Requirements& requirements);

// The first bar of an opening that holds more than it can, in words; or "".
[[nodiscard]] std::string overfull_bar(const std::string& start,
                                       const abc::Requirements& requirements);

// Refuses music that cannot begin such a tune, saying why. It must end before a section that comes
// again.
[[nodiscard]] Status check_start(const std::string& start, const WishedTune& tune,
                                 const abc::Alphabet& alphabet);

}  // namespace lilt::compose
