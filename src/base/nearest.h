// What somebody may have meant who mistyped a name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lilt {

// How many characters have to be added, left out, changed or swapped with their neighbour to make
// one text of the other (optimal string alignment), capital or small. Counts bytes.
[[nodiscard]] std::size_t typing_distance(std::string_view a, std::string_view b);

// How far a name may be from `text` and still be what was meant.
[[nodiscard]] std::size_t farthest_slip(std::string_view text);

// The one of `names` that is nearest to `text`, the first of several; empty where none is near.
template <class Names>
[[nodiscard]] std::string nearest(std::string_view text, const Names& names) {
  std::string found;
  std::size_t least = farthest_slip(text) + 1;
  for (const std::string_view name : names) {
    const std::size_t distance = typing_distance(text, name);
    if (distance >= least) continue;
    least = distance;
    found = name;
  }
  return found;
}

// "; did you mean temperature?", or nothing.
template <class Names>
[[nodiscard]] std::string did_you_mean(std::string_view text, const Names& names) {
  const std::string name = nearest(text, names);
  return name.empty() ? "" : "; did you mean " + name + "?";
}

}  // namespace lilt
