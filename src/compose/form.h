// The form of a tune: which sections it has, and which of them are the same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "base/result.h"

namespace lilt::compose {

struct Form {
  std::vector<abc::SectionRequirement> sections;    // as they are written
  std::vector<std::optional<std::size_t>> same_as;  // of each, an earlier one, if it is one again
};

// Reads a form such as "AABB": letters from A on, each new one the next of the alphabet. A letter
// twice in a row is one section that is repeated; one that comes back is the same music once more.
// `bars` is how many all sections as written have together; 0: eight each.
[[nodiscard]] Result<Form> parse_form(const std::string& text, int bars);

}  // namespace lilt::compose
