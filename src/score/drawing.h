// Sheet music to be worked with: a picture for a page, and where in it the notes and bars of the
// tune's text are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "abc/stretches.h"
#include "abc/tune.h"
#include "base/result.h"
#include "score/page_picture.h"
#include "score/workshop.h"

namespace lilt::score {

struct DrawingOptions {
  double width = 800;       // pixels
  std::string prefix = "";  // of the names of the picture's parts: letters
};

struct DrawnNote {
  abc::Extent place;  // of the note, chord or rest in the tune's text
  Box box;
};

struct DrawnBar {
  int number = 0;  // as abc::Stretch counts
  abc::Extent place;
  std::vector<Box> boxes;  // from bar line to bar line, one for each line of music that it is on
};

struct Drawing {
  std::string svg;
  double width = 0, height = 0;
  std::vector<DrawnNote> notes;  // by lines of music, then voices
  std::vector<DrawnBar> bars;    // in the order of the text
};

// `stretches` are those of the tune's text; of a tune of several voices, none. The errors of
// check_source(); throws EnvironmentError as Workshop::run() does.
[[nodiscard]] Result<Drawing> draw(const Workshop& workshop, const abc::Tune& tune,
                                   const std::vector<abc::Stretch>& stretches,
                                   const DrawingOptions& options = {});

}  // namespace lilt::score
