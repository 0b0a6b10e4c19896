// What is wrong with a file of tunes.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "abc/book.h"
#include "abc/check.h"

namespace lilt::abc {

struct Finding {
  const BookTune* tune = nullptr;  // none: it is about the file
  std::uint64_t line = 1;          // of the file, from 1
  std::uint64_t column = 1;        // characters, from 1
  Problem problem;
};

// The text of the first field of that letter in the header of a tune as it is in its file, without
// the spaces around it; "" where there is none.
[[nodiscard]] std::string_view header_field(std::string_view tune, char letter);

// Takes a file in blocks of bytes and gives what is wrong with it, in the order of the file.
class BookChecker {
 public:
  using Take = std::function<void(const Finding& finding)>;
  explicit BookChecker(Take take, std::size_t longest_tune = BookReader::kLongestTune)
      : take_(std::move(take)), book_([this](BookTune& tune) { check(tune); }, longest_tune) {}

  void feed(std::string_view bytes) { book_.feed(bytes); }
  void finish();

  [[nodiscard]] std::uint64_t tunes() const { return book_.tunes(); }
  [[nodiscard]] std::uint64_t wrong_tunes() const { return wrong_tunes_; }

 private:
  void check(const BookTune& tune);
  void give(const BookTune* tune, std::string_view text, std::uint64_t first_line,
            const std::vector<Problem>& problems);

  Take take_;
  BookReader book_;
  bool said_encoding_ = false;
  std::uint64_t wrong_tunes_ = 0;
};

}  // namespace lilt::abc
