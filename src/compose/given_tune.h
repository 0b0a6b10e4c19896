// A tune that is given: to go on from, or to be written anew in part.
#pragma once

#include <string>

#include "abc/cursor.h"
#include "abc/next_characters.h"
#include "abc/tune.h"
#include "base/result.h"
#include "compose/splice.h"
#include "model/config.h"

namespace lilt::compose {

struct GivenTune {
  std::string source;  // as the person wrote it, with the fields and directives of its file
  abc::Key key;        // with which it sounds
  std::string header;  // as the model reads it
  std::string music;   // likewise, in canonical text; ends with one empty line
};

// The first tune of a text, behind the fields and directives of its file; "" where there is none.
[[nodiscard]] std::string first_tune(const std::string& text);

// The first tune of a text in ABC notation. One that is not correct, has several voices or no
// metre, or has what the model cannot write, is an error.
[[nodiscard]] Result<GivenTune> read_given_tune(const std::string& text,
                                                const abc::Alphabet& alphabet,
                                                const TextConfig& form = {});

// The music with its end open: behind the last bar line, or within the last bar, behind a space
// that keeps the last note as it is.
[[nodiscard]] std::string with_open_end(const GivenTune& tune);

// The tune without the ties that lead on from these bars (the note behind keeps its pitch then,
// with an accidental of its own if need be), and without the slurs that lead into them.
[[nodiscard]] GivenTune unbound(const GivenTune& tune, const BarSet& bars,
                                const TextConfig& form = {});

// Whether nothing may come, unless it is because of the range: the first note may be tied to one
// before.
[[nodiscard]] bool is_dead_end(const abc::Cursor& cursor, abc::Requirements requirements,
                               const abc::Alphabet& alphabet);

}  // namespace lilt::compose
