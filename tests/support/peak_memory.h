// The memory of a test.
#pragma once

#include <sys/resource.h>

#include <cstddef>

namespace lilt::support {

// The most that this process has had in memory, in bytes. The sanitizers need much of their own.
inline std::size_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kMemoryTells = false;
#else
inline constexpr bool kMemoryTells = true;
#endif

}  // namespace lilt::support
