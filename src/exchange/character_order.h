// Which character each number of a network of another program stands for.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt::exchange {

// The `count` characters of a network in the order of their numbers, out of a file that is either
// JSON, each character with its number ({"\n": 0, " ": 1, …}), or the text that was learnt: then
// they are its distinct characters, sorted. Where their number does not fit otherwise, the text's
// line ends are read as Python reads them, which makes \n of \r\n and \r.
[[nodiscard]] Result<std::vector<char32_t>> read_character_order(std::string_view file,
                                                                 std::size_t count);

}  // namespace lilt::exchange
