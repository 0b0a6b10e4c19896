#include "nn/machine_peak.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "base/environment_error.h"

namespace lilt::nn {
namespace {

using Clock = std::chrono::steady_clock;

// The two functions needed, found when they are: linking 40 MB of library would slow the start of
// every command. dnnl_sgemm is the same in oneDNN 2 and 3.
struct OneDnn {
  decltype(&dnnl_sgemm) sgemm = nullptr;
  void (*set_threads)(int) = nullptr;  // of the OpenMP library that oneDNN brings
};

template <class Function>
Function find(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

OneDnn load_onednn() {
  for (const char* name : {"libdnnl.so.2", "libdnnl.so.3", "libdnnl.so"}) {
    void* library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
    if (library == nullptr) continue;
    const OneDnn onednn = {find<decltype(&dnnl_sgemm)>(library, "dnnl_sgemm"),
                           find<void (*)(int)>(library, "omp_set_num_threads")};
    if (onednn.sgemm != nullptr && onednn.set_threads != nullptr) return onednn;
  }
  throw EnvironmentError("libdnnl.so",
                         "oneDNN, beside which speed is measured, is not installed; "
                         "the package is libdnnl-dev");
}

// GFLOP/s of C [n, n] = A · B.
double product_gflops(const OneDnn& onednn, std::size_t n, std::vector<float>& a,
                      std::vector<float>& b, std::vector<float>& c) {
  const auto size = static_cast<dnnl_dim_t>(n);
  const auto start = Clock::now();
  if (onednn.sgemm('N', 'N', size, size, size, 1.0F, a.data(), size, b.data(), size, 0.0F, c.data(),
                   size) != dnnl_success) {
    throw EnvironmentError("oneDNN", "its matrix product failed");
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const auto side = static_cast<double>(n);
  return 2.0 * side * side * side / seconds / 1e9;
}

}  // namespace

double machine_peak_gflops(std::size_t threads) {
  constexpr std::array<std::size_t, 5> kSizes = {512, 768, 1024, 1536, 2048};
  constexpr int kTries = 6;
  static const OneDnn kOneDnn = load_onednn();
  kOneDnn.set_threads(static_cast<int>(threads));
  const std::size_t largest = kSizes.back() * kSizes.back();
  std::vector<float> a(largest, 0.5F), b(largest, 0.25F), c(largest);
  double best = 0;
  for (const std::size_t n : kSizes) {
    for (int i = 0; i < kTries; ++i) best = std::max(best, product_gflops(kOneDnn, n, a, b, c));
  }
  return best;
}

}  // namespace lilt::nn
