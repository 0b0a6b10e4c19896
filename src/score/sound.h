// Tunes as recordings.
#pragma once

#include <filesystem>
#include <string>

#include "abc/tune.h"
#include "base/result.h"
#include "score/kind.h"
#include "score/source.h"
#include "score/workshop.h"

namespace lilt::score {

// The longest that a tune may sound, in seconds.
inline constexpr double kLongestSound = 1800;

// The SoundFont to play with: the best of those that Debian's packages bring. Throws
// EnvironmentError when there is none.
[[nodiscard]] std::filesystem::path find_sound_font();

// A recording of that kind, which is one of sound, with title and composer in it. FluidSynth plays
// what make_midi() gives; 44,100 frames a second, stereo. Errors and exceptions are those of
// make_midi(); also an error where the tune is too long.
[[nodiscard]] Result<std::string> make_sound(const Workshop& workshop, const abc::Tune& tune,
                                             const Playing& playing, Kind kind,
                                             const std::filesystem::path& sound_font);

}  // namespace lilt::score
