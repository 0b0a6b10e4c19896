// Tunes as standard MIDI files, with an accompaniment made from their chord symbols.
#pragma once

#include <string>

#include "abc/tune.h"
#include "base/result.h"
#include "score/playback.h"

namespace lilt::score {

// The bytes of a MIDI file of format 1, 480 ticks a quarter note: a track with title, tempo, metres
// and keys, one for each voice, and one for bass and piano where there is an accompaniment. Voices
// play on channels 1 to 9 and 11 to 14, in turn where there are more; bass and piano on 15 and 16.
[[nodiscard]] std::string to_midi(const Playback& playback);

// The same of a tune; the errors are those of play().
[[nodiscard]] Result<std::string> make_midi(const abc::Tune& tune, const Playing& playing);

}  // namespace lilt::score
