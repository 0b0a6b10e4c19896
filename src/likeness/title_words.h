// The words of which titles are made.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/character_set.h"

namespace lilt::likeness {

class TitleWords {
 public:
  // Those of titles that people gave; of each text, one title a line.
  explicit TitleWords(std::span<const std::string> titles);

  [[nodiscard]] bool is_empty() const { return words_.empty(); }

  // What may go on with a title, so that it is of these words, as they were written: letters, or
  // what may stand behind a word, a line's end among it. It begins with a capital letter.
  [[nodiscard]] abc::CharacterSet next(std::string_view title) const;

  // Whether a title made so is one that a person could give: not cut off within a word or behind
  // one that leads on, such as "of", and not of articles alone.
  [[nodiscard]] bool is_whole(std::string_view title) const;

 private:
  std::vector<std::u32string> words_;  // sorted, each once
};

}  // namespace lilt::likeness
