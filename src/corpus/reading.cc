#include "corpus/reading.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <utility>

namespace lilt::corpus {

TuneSink joined(std::function<void(std::string_view)> write) {
  return [write = std::move(write), is_first = true](const std::string& tune) mutable {
    write(is_first ? tune : "\n" + tune);
    is_first = false;
  };
}

namespace {

// Takes the tunes of a stream in turn and tells the watch.
class WatchedStream {
 public:
  WatchedStream(const std::vector<std::string>& paths, std::string_view stage, const Watch& watch)
      : stream_(paths), progress_{.stage = stage, .total = total_size(paths)}, watch_(watch) {}

  Result<bool> next(TuneText& tune) {
    const Result<bool> more = stream_.next(tune);
    if (!more || !*more) return more;
    ++progress_.tunes;
    progress_.bytes = stream_.bytes_read();
    return true;
  }

  Status tell() const {
    if (!watch_ || watch_(progress_)) return success();
    return Error{ErrorCode::kStopped, "interrupted: no file was written"};
  }

 private:
  TuneStream stream_;
  Progress progress_;
  const Watch& watch_;
};

}  // namespace

Status for_each_tune(const std::vector<std::string>& paths, std::string_view stage,
                     const Watch& watch, const std::function<void(const TuneText&)>& use) {
  WatchedStream stream(paths, stage, watch);
  TuneText tune;
  while (true) {
    const Result<bool> more = stream.next(tune);
    if (!more) return more.error();
    if (!*more) return success();
    use(tune);
    if (Status s = stream.tell(); !s) return s;
  }
}

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  const std::size_t threads =
      std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
  std::atomic<std::size_t> next = 0;
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::future<void>> others;
  for (std::size_t t = 1; t < threads; ++t) {
    others.push_back(std::async(std::launch::async, take_turns));
  }
  take_turns();
  for (std::future<void>& other : others) other.get();
}

Status for_each_block(const std::vector<std::string>& paths, std::string_view stage,
                      const Watch& watch,
                      const std::function<void(std::span<const TuneText>)>& use) {
  constexpr std::size_t kBlock = std::size_t{1} << 16;  // bytes
  WatchedStream stream(paths, stage, watch);
  std::vector<TuneText> tunes;
  Result<bool> more = true;
  while (more && *more) {
    tunes.clear();
    for (std::size_t bytes = 0; bytes < kBlock; bytes += tunes.back().text.size()) {
      TuneText tune;
      more = stream.next(tune);
      if (!more || !*more) break;
      tunes.push_back(std::move(tune));
    }
    use(tunes);
    if (Status s = stream.tell(); !s) return s;
  }
  return more ? success() : more.error();
}

}  // namespace lilt::corpus
