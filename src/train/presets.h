// Recipes by name.
#pragma once

#include <cstdint>

#include "base/names.h"
#include "train/options.h"

namespace lilt::train {

enum class Preset : std::uint8_t {
  kClassic,  // the character-level recipe that Lilt started from: Options as they are made
  kFolk,     // what predicts tunes best of all that was tried (docs/learning.md)
};
constexpr auto names_of(Preset) { return names<Preset>("classic", "folk"); }

// Files and validation are the user's.
[[nodiscard]] Options options_of(Preset preset);

}  // namespace lilt::train
