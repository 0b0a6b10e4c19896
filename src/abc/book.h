// Files of many tunes: the tunes, one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lilt::abc {

// A tune of a file, as read_tune() and check_tune() take it.
struct BookTune {
  std::string text;          // UTF-8; every line ends with a line feed
  std::uint64_t offset = 0;  // the byte of the file where it starts
  std::uint64_t line = 1;    // the line of the file where it starts
  // The byte of `text` from where on the file was not UTF-8: this tune was read as Latin-1.
  std::optional<std::size_t> not_utf8;
  bool is_cut = false;      // it is longer than a tune may be; the rest is left out
  bool is_separate = true;  // an empty line, or nothing, stands before it
};

// Takes a file in blocks of bytes and gives its tunes (ABC 2.1, section 2.2): a tune starts at a
// line that begins with "X:" and ends at an empty line or where the next one starts. Between tunes
// there may be anything. What looks like a tune that lacks its X: line, fields down to a K:, is
// one.
//
// Lines end with LF, CR LF or CR; a byte-order mark before a line is dropped; a tune that is not
// UTF-8 is Latin-1. Memory is bounded by the longest tune.
class BookReader {
 public:
  static constexpr std::size_t kLongestTune = std::size_t{16} << 20;

  // `take` is called for each tune; it may have the text, which is not used afterwards.
  using Take = std::function<void(BookTune& tune)>;
  explicit BookReader(Take take, std::size_t longest_tune = kLongestTune)
      : take_(std::move(take)), longest_(longest_tune) {}

  void feed(std::string_view bytes);
  void finish();

  // The fields and directives before the first tune, which hold for all tunes; as lines before the
  // X: line of a tune they mean the same. The lines of free text between them are empty lines, so
  // that line numbers are those of the file. Complete when the first tune is taken.
  [[nodiscard]] const std::string& file_header() const { return file_header_; }
  [[nodiscard]] std::uint64_t tunes() const { return tunes_; }

 private:
  static constexpr std::size_t kLongestHeader = std::size_t{1} << 16;

  void read_line(std::string_view line);
  void read_line_outside(std::string_view line);
  void begin_tune(std::uint64_t offset, std::uint64_t line);
  void add_line(std::string_view line);
  void end_tune();
  void end_block();

  Take take_;
  std::size_t longest_;
  std::uint64_t offset_ = 0;  // of the line in progress
  std::uint64_t line_ = 1;
  std::uint64_t tunes_ = 0;
  std::string begun_;           // a line whose end has not come
  std::uint64_t left_out_ = 0;  // bytes of it that were too many
  bool after_return_ = false;   // the last byte was a CR: a LF belongs to it

  bool in_tune_ = false;
  bool in_text_block_ = false;  // between %%begintext and %%endtext, where lines may be empty
  BookTune tune_;

  // Lines outside of tunes, up to an empty one.
  std::string block_;
  std::uint64_t block_offset_ = 0, block_line_ = 1;
  bool block_has_field_ = false;
  bool block_is_text_ = false;
  std::string file_header_;
  std::uint64_t file_header_lines_ = 0;
};

// A tune of a file as it stands without the file: with an X: line, if it has none, and before its
// K: the fields of the file's header that it does not have itself.
[[nodiscard]] std::string standing_alone(std::string_view tune, std::string_view file_header);

// The UTF-8 of a text in Latin-1.
[[nodiscard]] std::string from_latin1(std::string_view text);

// The first byte that is not UTF-8, or the size of the text.
[[nodiscard]] std::size_t valid_utf8_size(std::string_view text);

}  // namespace lilt::abc
