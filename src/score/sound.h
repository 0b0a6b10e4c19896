// Tunes as recordings.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "base/result.h"
#include "score/kind.h"
#include "score/playback.h"
#include "score/workshop.h"

namespace lilt::score {

// The SoundFont to play with: the best of those that Debian's packages bring. Throws
// EnvironmentError when there is none.
[[nodiscard]] std::filesystem::path find_sound_font();

// A recording of that kind, which is one of sound, with title and composer in it. FluidSynth plays
// what make_midi() gives; 44,100 frames a second, stereo. The errors are those of play(); throws
// EnvironmentError as Workshop::run() does.
[[nodiscard]] Result<std::string> make_sound(const Workshop& workshop, const abc::Tune& tune,
                                             const Playing& playing, Kind kind,
                                             const std::filesystem::path& sound_font);

// Single notes, for players that mix them: a WAVE file for each of `count` pitches from `lowest` on
// (MIDI numbers), 16 bits, one channel, held for three seconds, all as loud beside each other as
// the instrument (program 0 … 127) has them. Throws EnvironmentError as Workshop::run() does.
[[nodiscard]] std::vector<std::string> make_notes(const Workshop& workshop, int instrument,
                                                  int lowest, int count,
                                                  const std::filesystem::path& sound_font);

}  // namespace lilt::score
