// Files of tunes read from the first tune to the last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
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

// Calls work(i) for each i below `count`, on as many threads as the machine has.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

// As for_each_tune(), but for as many tunes at a time as are in a block of some 64 kB.
[[nodiscard]] Status for_each_block(const std::vector<std::string>& paths, std::string_view stage,
                                    const Watch& watch,
                                    const std::function<void(std::span<const TuneText>)>& use);

// As for_each_tune(), with work(tune) done on several threads: use(tune, its result) is called in
// the order of the tunes. Some 64 kB of tunes and their results are in memory.
template <class Work, class Use>
[[nodiscard]] Status map_tunes(const std::vector<std::string>& paths, std::string_view stage,
                               const Watch& watch, const Work& work, const Use& use) {
  return for_each_block(paths, stage, watch, [&](std::span<const TuneText> tunes) {
    std::vector<std::invoke_result_t<Work, const TuneText&>> results(tunes.size());
    in_parallel(tunes.size(), [&](std::size_t i) { results[i] = work(tunes[i]); });
    for (std::size_t i = 0; i < tunes.size(); ++i) use(tunes[i], results[i]);
  });
}

}  // namespace lilt::corpus
