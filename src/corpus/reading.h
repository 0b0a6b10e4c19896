// Files of tunes read from the first tune to the last.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "corpus/tune_stream.h"

namespace lilt::corpus {

// How far the reading is. Some work reads the files more than once, in stages.
struct Progress {
  std::string_view stage;              // what the tunes are read for, such as "Comparing"
  std::uint64_t tunes = 0;             // of this stage
  std::uint64_t bytes = 0, total = 0;  // read, and of all files; where that is not known, 0
};

// Told after each tune; false stops. It may be empty.
using Watch = std::function<bool(const Progress&)>;

// Takes tunes, of which each ends with a newline, one after another.
using TuneSink = std::function<void(const std::string& tune)>;

// A sink that gives the tunes on with one empty line between them.
[[nodiscard]] TuneSink joined(std::function<void(std::string_view)> write);

// Calls use() for each tune of the files; "-" is standard input. One tune is in memory. An error if
// a file has no tunes, or ErrorCode::kStopped when the watch stops it. Throws EnvironmentError when
// a file cannot be read.
[[nodiscard]] Status for_each_tune(const std::vector<std::string>& paths, std::string_view stage,
                                   const Watch& watch,
                                   const std::function<void(const TuneText&)>& use);

}  // namespace lilt::corpus
