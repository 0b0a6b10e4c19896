// Tunes as standard MIDI files, with an accompaniment made from their chord symbols.
#pragma once

#include <string>

#include "abc/tune.h"
#include "base/result.h"
#include "score/source.h"
#include "score/workshop.h"

namespace lilt::score {

// The bytes of the file, made by abc2midi. An error where the tune has no music or is too long;
// throws EnvironmentError as Workshop::run() does.
[[nodiscard]] Result<std::string> make_midi(const Workshop& workshop, const abc::Tune& tune,
                                            const Playing& playing);

}  // namespace lilt::score
