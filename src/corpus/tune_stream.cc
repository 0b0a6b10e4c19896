#include "corpus/tune_stream.h"

#include <filesystem>
#include <string_view>

#include "base/text.h"

namespace lilt::corpus {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes =
        static_cast<unsigned char>(text[0]) < 0x80 ? 1 : decode_utf8(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string from_latin1(std::string_view text) {
  std::string utf8;
  for (const char c : text) append_utf8(utf8, static_cast<unsigned char>(c));
  return utf8;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

bool starts_tune(std::string_view line) { return line.substr(0, 2) == "X:"; }

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

// The next line of this file into `line_`; a line beyond kLongestTune is cut off behind it.
bool TuneStream::read_line() {
  line_.clear();
  bool any = false;
  for (;;) {
    if (begin_ == end_) {
      buffer_.resize(kBuffer);
      begin_ = 0;
      end_ = reader_->read(buffer_);
      bytes_read_ += end_;
      if (end_ == 0) break;
    }
    if (skip_newline_ && buffer_[begin_] == '\n') ++begin_;
    skip_newline_ = false;
    const std::string_view left(buffer_.data() + begin_, end_ - begin_);
    if (left.empty()) continue;
    any = true;
    const std::size_t size = std::min(left.find_first_of("\r\n"), left.size());
    if (line_.size() <= kLongestTune) line_ += left.substr(0, size);
    begin_ += size;
    if (size == left.size()) continue;
    skip_newline_ = buffer_[begin_] == '\r';
    ++begin_;
    break;
  }
  if (!any) return false;
  if (++line_number_ == 1 && line_.starts_with(kMark)) line_.erase(0, kMark.size());
  return true;
}

Result<bool> TuneStream::next(TuneText& tune) {
  for (;;) {
    if (!reader_) {
      if (file_ == paths_.size()) return false;
      reader_ = std::make_unique<FileReader>(paths_[file_]);
      begin_ = end_ = 0;
      skip_newline_ = has_line_ = found_tune_ = false;
      line_number_ = 0;
    }
    while (!has_line_ && read_line()) has_line_ = starts_tune(line_);
    if (has_line_) break;
    const std::string& source = paths_[file_];
    reader_.reset();
    ++file_;
    if (!found_tune_) return no_tune(source == "-" ? "standard input" : source);
  }
  found_tune_ = true;
  tune.file = file_;
  tune.line = line_number_;
  tune.text.clear();
  do {
    tune.text.append(line_).append("\n");
    if (tune.text.size() > kLongestTune) return too_long(paths_[file_], tune.line);
    has_line_ = false;
    if (!read_line()) break;
    has_line_ = starts_tune(line_);
  } while (!has_line_ && !is_blank(line_));
  tune.was_latin1 = !is_utf8(tune.text);
  if (tune.was_latin1) tune.text = from_latin1(tune.text);
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
