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

 private:
  std::vector<std::u32string> words_;  // sorted, each once
};

}  // namespace lilt::likeness
