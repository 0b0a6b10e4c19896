// How many tunes are held out to validate on.
#pragma once

#include <cstddef>

namespace lilt::corpus {

// No more than this: they are in memory, and are measured after each epoch.
inline constexpr std::size_t kMostHeldOut = 10'000;

// Of so many tunes, at least two, when that share is asked for: at least one, not all.
[[nodiscard]] std::size_t held_out_count(double share, std::size_t tunes);

}  // namespace lilt::corpus
