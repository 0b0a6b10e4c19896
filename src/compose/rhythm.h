// The dances that Lilt knows by name: in which metres people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "abc/metre.h"
#include "base/result.h"

namespace lilt::compose {

// The metre of a dance that has but one, or one that is usual by far; none: open.
[[nodiscard]] std::optional<abc::Metre> usual_metre(std::string_view rhythm);

// Refuses a metre in which that dance is not written. A rhythm that is not known goes with any.
[[nodiscard]] Status check_metre_of(std::string_view rhythm, const abc::Metre& metre);

// Of a rhythm that is not known, but is spelt nearly like one that is: that one; else "".
[[nodiscard]] std::string meant_rhythm(std::string_view rhythm);

}  // namespace lilt::compose
