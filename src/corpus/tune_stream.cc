#include "corpus/tune_stream.h"

#include <filesystem>
#include <utility>

namespace lilt::corpus {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;

std::string name_of(const std::string& path) { return path == "-" ? "standard input" : path; }

Error too_long(const std::string& source, std::uint64_t line) {
  return {ErrorCode::kCorpus,
          "expected tunes, found one of more than " + std::to_string(kLongestTune >> 20) +
              " MiB; is this a file of tunes?",
          {.source = source, .byte = {}, .line = line}};
}

Error no_tune(const std::string& source) {
  return {ErrorCode::kCorpus,
          "expected tunes in ABC notation, found no line that starts with X:",
          {.source = source, .byte = {}, .line = {}}};
}

}  // namespace

void TuneStream::open() {
  reader_ = std::make_unique<FileReader>(paths_[file_]);
  book_ = std::make_unique<abc::BookReader>(
      [this](abc::BookTune& tune) { waiting_.push_back(std::move(tune)); }, kLongestTune);
  buffer_.resize(kBuffer);
}

Status TuneStream::read_block() {
  const std::size_t size = reader_->read(buffer_);
  bytes_read_ += size;
  if (size == 0) return close();
  book_->feed({buffer_.data(), size});
  return success();
}

Status TuneStream::close() {
  book_->finish();
  const bool has_tunes = book_->tunes() > 0;
  reader_.reset();
  if (!has_tunes) return no_tune(name_of(paths_[file_]));
  return success();
}

Result<bool> TuneStream::next(TuneText& tune) {
  while (waiting_.empty()) {
    if (!reader_ && book_) {  // the file has been read, and its tunes taken
      book_.reset();
      ++file_;
    }
    if (!book_) {
      if (file_ == paths_.size()) return false;
      open();
    }
    if (Status read = read_block(); !read) return read.error();
  }
  abc::BookTune& first = waiting_.front();
  if (first.is_cut) return too_long(name_of(paths_[file_]), first.line);
  tune = {.text = std::move(first.text),
          .file = file_,
          .line = first.line,
          .was_latin1 = first.not_utf8.has_value()};
  waiting_.pop_front();
  return true;
}

std::uint64_t total_size(const std::vector<std::string>& paths) {
  std::uint64_t total = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (!error) total += size;
  }
  return total;
}

}  // namespace lilt::corpus
