// Which notes share a beam.
#pragma once

#include "abc/tune.h"

namespace lilt::abc {

// Parts the beams of a voice where the metre wants it: at each beat of compound metres, at half
// bars of 4/4 and 2/2, otherwise at each quarter note. A pickup counts from the end of its bar.
void beam_by_metre(Voice& voice, const Metre& metre);

}  // namespace lilt::abc
