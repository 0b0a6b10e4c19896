// Forms that say more than letters: numbers of bars, endings, phrases.
#pragma once

#include <string>

#include "base/result.h"
#include "compose/form.h"

namespace lilt::compose {

// See parse_form(); the text has a number, an apostrophe, a space or a colon.
[[nodiscard]] Result<Form> parse_notation(const std::string& text, int bars);

}  // namespace lilt::compose
