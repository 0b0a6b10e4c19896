// A tune that is given: to go on from, or to be written anew in part.
#pragma once

#include <string>
#include <vector>

#include "abc/cursor.h"
#include "abc/header.h"
#include "abc/next_characters.h"
#include "abc/tune.h"
#include "base/result.h"

namespace lilt::compose {

struct GivenTune {
  abc::Header shown;   // with all its fields
  std::string header;  // as the model reads it
  std::string music;   // likewise, in canonical text; ends with one empty line
};

// The first tune of a text in ABC notation. One that is not correct, has several voices or no
// metre, or has what the model cannot write, is an error.
[[nodiscard]] Result<GivenTune> read_given_tune(const std::string& text,
                                                const abc::Alphabet& alphabet);

// The music with its end open: behind the last bar line, or within the last bar, behind a space
// that keeps the last note as it is.
[[nodiscard]] std::string with_open_end(const GivenTune& tune);

// A stretch of music between bar lines, endings, fields and line ends.
struct Stretch {
  std::size_t begin = 0, end = 0;  // bytes of the music
  abc::Cursor before;
  int bar = 0;            // that it belongs to; 0: a pickup
  abc::Ticks filled = 0;  // where in its bar it ends
  bool in_tie = false;    // that leads on
};
[[nodiscard]] std::vector<Stretch> stretches_of(const GivenTune& tune);

// The tune without the ties that lead on from these bars: the note behind keeps its pitch then,
// with an accidental of its own if need be.
[[nodiscard]] GivenTune untied(const GivenTune& tune, int first_bar, int last_bar);

// Whether nothing may come, unless it is because of the range: the first note may be tied to one
// before.
[[nodiscard]] bool is_dead_end(const abc::Cursor& cursor, abc::Requirements requirements,
                               const abc::Alphabet& alphabet);

}  // namespace lilt::compose
