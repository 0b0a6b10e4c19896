// The range of an instrument.
#pragma once

#include <string>

#include "abc/next_characters.h"
#include "base/result.h"

namespace lilt::compose {

// "D4-B5", C4 being middle C, or an instrument by name. At least an octave, within what ABC can
// write without more than two octave marks.
[[nodiscard]] Result<abc::PitchRange> parse_range(const std::string& text);

// The names that it knows, for help.
[[nodiscard]] std::string instruments();

}  // namespace lilt::compose
