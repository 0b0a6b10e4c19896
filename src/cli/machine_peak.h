// The machine's own limit: the best single-precision matrix product that oneDNN reaches here.
// The only file that uses oneDNN is machine_peak.cc.
#pragma once

#include <cstddef>

namespace lilt::cli {

// GFLOP/s of the best of several large products, each tried several times, on `threads` threads.
[[nodiscard]] double machine_peak_gflops(std::size_t threads);

}  // namespace lilt::cli
