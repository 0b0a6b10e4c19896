// Recipes by name.
#pragma once

#include <optional>
#include <string_view>

#include "train/options.h"

namespace lilt::train {

inline constexpr const char* kClassic = "classic";
inline constexpr const char* kFolk = "folk";

// classic: the character-level recipe that Lilt started from, which is what Options are unless told
// otherwise. folk: what predicts tunes best of all that was tried (docs/learning.md). Nothing for
// any other name. Files and validation are the user's.
[[nodiscard]] std::optional<Options> preset(std::string_view name);

}  // namespace lilt::train
