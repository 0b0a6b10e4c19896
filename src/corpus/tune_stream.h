// Files of tunes, read one tune after another: however large they are, one tune is in memory.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "abc/book.h"
#include "base/file.h"
#include "base/result.h"

namespace lilt::corpus {

// The most that a tune may have. No tune comes near; a file without line ends does.
inline constexpr std::size_t kLongestTune = std::size_t{1} << 22;

struct TuneText {
  std::string text;        // UTF-8, lines end with LF, the last one too
  std::size_t file = 0;    // which of the files
  std::uint64_t line = 0;  // of its first line, counted from 1
  bool was_latin1 = false;
};

class TuneStream {
 public:
  // "-" is standard input. The files are opened when their turn comes.
  explicit TuneStream(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  // Reads the next tune; false at the end of the last file. What stands between tunes is left out.
  // A file without a tune, or with one that is longer than a tune may be, is an error. Throws
  // EnvironmentError when a file cannot be read.
  [[nodiscard]] Result<bool> next(TuneText& tune);

  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  void open();
  [[nodiscard]] Status read_block();
  [[nodiscard]] Status close();

  std::vector<std::string> paths_;
  std::size_t file_ = 0;
  std::unique_ptr<FileReader> reader_;
  std::unique_ptr<abc::BookReader> book_;
  std::deque<abc::BookTune> waiting_;  // the tunes of the last block
  std::vector<char> buffer_;
  std::uint64_t bytes_read_ = 0;
};

// The bytes of all files together, 0 where that is not known.
[[nodiscard]] std::uint64_t total_size(const std::vector<std::string>& paths);

}  // namespace lilt::corpus
