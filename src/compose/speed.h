// How fast tunes are composed on this machine. Left out of what is built for WebAssembly.
#pragma once

#include <cstddef>

#include "compose/model.h"

namespace lilt::compose {

struct Speed {
  double microseconds_per_character = 0;  // of one tune, on one thread
  double characters_per_second = 0;       // of many tunes, on all threads
};

// Of whole tunes of 16 bars, everything included that composing takes.
[[nodiscard]] Speed measure_speed(const Model& model, std::size_t threads);

}  // namespace lilt::compose
