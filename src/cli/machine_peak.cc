#include "cli/machine_peak.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "base/environment_error.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;

// GFLOP/s of C [n, n] = A · B. dnnl_sgemm is the same in oneDNN 2 and 3.
double product_gflops(std::size_t n, std::vector<float>& a, std::vector<float>& b,
                      std::vector<float>& c) {
  const auto size = static_cast<dnnl_dim_t>(n);
  const auto start = Clock::now();
  if (dnnl_sgemm('N', 'N', size, size, size, 1.0F, a.data(), size, b.data(), size, 0.0F, c.data(),
                 size) != dnnl_success) {
    throw EnvironmentError("oneDNN", "its matrix product failed");
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return 2.0 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n) / seconds /
         1e9;
}

}  // namespace

double machine_peak_gflops(std::size_t threads) {
  constexpr std::array<std::size_t, 5> kSizes = {512, 768, 1024, 1536, 2048};
  constexpr int kTries = 6;
  omp_set_num_threads(static_cast<int>(threads));
  const std::size_t largest = kSizes.back() * kSizes.back();
  std::vector<float> a(largest, 0.5F), b(largest, 0.25F), c(largest);
  double best = 0;
  for (const std::size_t n : kSizes) {
    for (int i = 0; i < kTries; ++i) best = std::max(best, product_gflops(n, a, b, c));
  }
  return best;
}

}  // namespace lilt::cli
