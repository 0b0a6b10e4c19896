// The sketch of a new tune: what a request leaves open, as tunes that the model learnt have it.
// Key, metre and form come from one of them, so that they go together; music it has none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "abc/key.h"
#include "abc/outline.h"
#include "base/random.h"
#include "compose/wishes.h"

namespace lilt::compose {

struct Sketch {
  abc::Key key;          // with which it sounds
  abc::Outline outline;  // what the network is told
};

// What sketches of tunes of one request are drawn from.
class Sketches {
 public:
  // Wishes that have been checked; the known outlines of that dialect (0: any) that fit them, which
  // must outlive the sketches. Where none fits, what is known is bent to the wishes.
  Sketches(WishedTune wished, std::span<const abc::KnownOutline> known, std::uint8_t dialect);

  [[nodiscard]] Sketch draw(Random random) const;

 private:
  void give_wished_form(abc::Outline& outline) const;
  void give_wished_sounds(abc::Outline& outline) const;

  WishedTune wished_;
  std::vector<const abc::KnownOutline*> fitting_;
  bool have_wished_form_ = false;  // the fitting ones
};

}  // namespace lilt::compose
