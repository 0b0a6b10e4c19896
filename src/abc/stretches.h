// Where in its text the music of a tune's bars stands.
#pragma once

#include <string_view>
#include <vector>

#include "abc/duration.h"
#include "abc/tune.h"

namespace lilt::abc {

// Music between bar lines, endings, fields, comments and line ends.
struct Stretch {
  Extent place;              // bytes: its first to its last note or rest, with what belongs to them
  int bar = 0;               // counted as written from 1; 0: a pickup, of the tune or of a section
  Ticks begin = 0, end = 0;  // where in its bar
  int bars = 1;              // that it takes; more than one: a rest of several, the last is `bar`
  bool in_tie = false;       // that leads on
  bool has_overlay = false;  // it has a voice of its own besides
};

// The stretches of a tune of one voice, UTF-8, in their order. What no note or rest follows before
// the bar line belongs to none: a mark or an annotation of the bar line itself.
[[nodiscard]] std::vector<Stretch> find_stretches(std::string_view text);

}  // namespace lilt::abc
