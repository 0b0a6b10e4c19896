// Tunes as MusicXML 4.0, which the programs for sheet music read.
#pragma once

#include <optional>
#include <string>

#include "abc/tune.h"
#include "base/result.h"
#include "score/tempo.h"

namespace lilt::score {

struct MusicXmlOptions {
  int instrument = 0;  // General MIDI program, 0 … 127
  Tempo tempo;
  bool shows_tempo = false;  // otherwise it is only played
};

// The music as written, not respelt: keys, metres, repeats, endings, ties, tuplets, slurs, beams,
// grace notes, chord symbols, annotations and the usual decorations; parts in the order that P:
// gives. A voice is a part. A bar that is wrong stays as long as it is. The errors are
// those of check_source().
[[nodiscard]] Result<std::string> make_musicxml(const abc::Tune& tune,
                                                const MusicXmlOptions& options);

}  // namespace lilt::score
