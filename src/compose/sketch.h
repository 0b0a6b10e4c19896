// The sketch of a new tune: what a request leaves open, as tunes that the model learnt have it.
// Key, metre and form come from one of them, so that they go together; music it has none.
#pragma once

#include <cstdint>
#include <span>

#include "abc/key.h"
#include "abc/outline.h"
#include "base/random.h"
#include "compose/wishes.h"

namespace lilt::compose {

struct Sketch {
  abc::Key key;          // with which it sounds
  abc::Outline outline;  // what the network is told
};

// Draws one that fits the wishes, which have been checked, among the known outlines of that
// dialect (0: any). Where none fits, what is known is bent to the wishes.
[[nodiscard]] Sketch sketch(const WishedTune& wished, std::span<const abc::KnownOutline> known,
                            std::uint8_t dialect, Random random);

}  // namespace lilt::compose
