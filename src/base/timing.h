// How long work takes.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace lilt {

// The seconds that work() takes.
template <class Work>
[[nodiscard]] double seconds_of(Work&& work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The one in the middle, of two the larger; there is at least one.
[[nodiscard]] inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace lilt
