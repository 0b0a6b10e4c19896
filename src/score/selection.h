// Some of the tunes of a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt::score {

struct NumberRange {
  std::uint64_t first = 0, last = 0;
};

// "3" or "2,5-8", or nothing if the text is something else.
[[nodiscard]] std::optional<std::vector<NumberRange>> parse_ranges(std::string_view text);

// Which tunes of a file are wanted, by X: or by their place; all where neither is asked for.
class Selection {
 public:
  // Texts as of parse_ranges(), or "". Errors are of ErrorCode::kOption; their field is "tune"
  // or "index".
  [[nodiscard]] static Result<Selection> of(const std::string& numbers,
                                            const std::string& positions);

  // `number` is the text of the tune's X: field; `position` counts from 1.
  [[nodiscard]] bool takes(std::string_view number, std::uint64_t position) const;

 private:
  std::optional<std::vector<NumberRange>> numbers_, positions_;
};

// A tune that was chosen, as text: a book of them takes little memory.
struct ChosenTune {
  std::string text;
  std::string label;  // for messages: "tune 7 (The Butterfly)"
};

// Reads a file; "-" is standard input. An error when it holds no tune, or none that is wanted;
// throws EnvironmentError when it cannot be read.
[[nodiscard]] Result<std::vector<ChosenTune>> choose_tunes(const std::string& file,
                                                           const Selection& selection);

}  // namespace lilt::score
