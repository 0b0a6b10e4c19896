// The machine's own limit: the best single-precision matrix product that oneDNN reaches here.
#pragma once

#include <cstddef>

namespace lilt::nn {

// GFLOP/s of the best of several large products, each tried several times, on `threads` threads.
// Throws EnvironmentError when oneDNN is not installed.
[[nodiscard]] double machine_peak_gflops(std::size_t threads);

}  // namespace lilt::nn
