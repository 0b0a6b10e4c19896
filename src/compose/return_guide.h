// Copies the bars that are to return exactly.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "abc/character_set.h"
#include "abc/cursor.h"
#include "abc/outline.h"

namespace lilt::compose {

// Follows the writing of a tune, and knows where in its text its bars begin.
class ReturnGuide {
 public:
  // Starts a tune.
  void begin();

  // Takes note of a character that is about to be written behind the music; not in quotes.
  void follow(const abc::Cursor& cursor, std::string_view text, char32_t c);

  // Of the characters that may come behind the text, the one that copies the bar to which the bar
  // under way, or the next one, returns exactly; all of them where none does.
  [[nodiscard]] abc::CharacterSet as_before(const abc::CharacterSet& set,
                                            const abc::Outline& outline, const abc::Cursor& cursor,
                                            std::string_view text) const;

 private:
  [[nodiscard]] static abc::CharacterSet without_tie(const abc::CharacterSet& set,
                                                     const abc::Outline& outline,
                                                     const abc::Cursor& settled, int bar);
  // The music of a bar, from 1, without bar lines; "" where it has not been.
  [[nodiscard]] std::string_view music_of(int bar, std::string_view text) const;

  std::vector<std::size_t> begins_;  // in the text, of each bar
  int bar_ = 0;                      // under way
};

}  // namespace lilt::compose
