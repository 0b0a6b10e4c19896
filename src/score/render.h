// A file of tunes as files of other kinds.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "score/publication.h"
#include "score/publisher.h"

namespace lilt::score {

struct RenderRequest {
  std::string file;       // of tunes; "-": standard input
  std::string numbers;    // only the tunes with these X: numbers: "3", "2,5-8"; "": all
  std::string positions;  // only these, counted from 1 in the file
  int semitones = 0;      // by which all is moved
  bool chords = true;     // chord symbols and accompaniment
  Publication publication;
};

// Publishes the tunes of a file; gives how many were left out. What is wrong with a tune's notation
// is a warning: it is rendered as well as that allows. A tune without notes, or one too long, is a
// failure that the listener hears of, and the work goes on. Errors are those of Publisher::open(),
// expect(), Selection::of() and choose_tunes(); exceptions those of Publisher.
[[nodiscard]] Result<std::size_t> render(const RenderRequest& asked, Listener listener);

}  // namespace lilt::score
