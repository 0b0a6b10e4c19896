// Decorations between exclamation marks: "!trill!".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lilt::abc {

inline constexpr std::size_t kLongestDecorationName = 16;

// Where the reading of a decoration's name stands, for the Cursor, which reads character by
// character. Names are those of ABC 2.1 (4.14), 2.2, and of abcm2ps: any other text behind an
// exclamation mark is music.
class DecorationProgress {
 public:
  // Whether a name can go on with this character, which then is read.
  bool push(char32_t c);
  // Whether what was read is a name.
  [[nodiscard]] bool is_complete() const;
  // What was read, ASCII.
  [[nodiscard]] std::string_view text() const;

 private:
  std::uint8_t name_ = 0;  // the first of the names that begin with what was read
  std::uint8_t size_ = 0;  // characters of it that were read
};

}  // namespace lilt::abc
