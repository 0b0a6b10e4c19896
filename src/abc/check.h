// What is wrong with a tune, without reading it into music.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "abc/diagnostic.h"

namespace lilt::abc {

// The problems of one tune in the order of the text, the same as those of read_tune(). Of a tune
// with very many, only the first kMostProblems errors and as many warnings.
inline constexpr std::size_t kMostProblems = 10'000;
[[nodiscard]] std::vector<Problem> check_tune(std::string_view text,
                                              std::string_view file_header = {});

// The problems of the fields and directives before the first tune of a file.
[[nodiscard]] std::vector<Problem> check_file_header(std::string_view text);

// Puts problems in the order of the text, and keeps one of those that a tune has once.
void put_in_order(std::vector<Problem>& problems);

// Where a problem begins. Both count from 1; columns are characters.
struct TextPlace {
  std::uint64_t line = 1;
  std::uint64_t column = 1;
};

// Finds places in one text, each at or behind the one before. The end of the text counts as the end
// of its last line.
class PlaceFinder {
 public:
  explicit PlaceFinder(std::string_view text) : text_(text) {}
  TextPlace find(std::size_t byte);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  TextPlace place_;
};

}  // namespace lilt::abc
