#include "corpus/reading.h"

#include <utility>

namespace lilt::corpus {

TuneSink joined(std::function<void(std::string_view)> write) {
  return [write = std::move(write), is_first = true](const std::string& tune) mutable {
    write(is_first ? tune : "\n" + tune);
    is_first = false;
  };
}

Status for_each_tune(const std::vector<std::string>& paths, std::string_view stage,
                     const Watch& watch, const std::function<void(const TuneText&)>& use) {
  TuneStream stream(paths);
  Progress progress{.stage = stage, .total = total_size(paths)};
  TuneText tune;
  while (true) {
    const Result<bool> more = stream.next(tune);
    if (!more) return more.error();
    if (!*more) return success();
    use(tune);
    ++progress.tunes;
    progress.bytes = stream.bytes_read();
    if (watch && !watch(progress)) {
      return Error{ErrorCode::kStopped, "interrupted: no file was written"};
    }
  }
}

}  // namespace lilt::corpus
