// Families of tunes shared out to learn from, to validate on and to test with.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "corpus/fingerprint.h"

namespace lilt::corpus {

// The part each tune belongs to. Families stay together; they are taken in an order drawn from the
// seed, each to the part that is furthest behind its share and has room for it. Shares are relative
// to their sum.
[[nodiscard]] Result<std::vector<std::uint8_t>> split_families(const Families& families,
                                                               std::span<const double> shares,
                                                               std::uint64_t seed);

}  // namespace lilt::corpus
