#include "studio/places.h"

#include <algorithm>

#include "base/text.h"

namespace lilt::studio {

Places::Places(std::string_view text) {
  places_.reserve(text.size() + 1);
  std::uint32_t place = 0;
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    const std::size_t bytes = std::max<std::size_t>(1, step.bytes);
    places_.insert(places_.end(), bytes, place);
    place += step.code_point > 0xFFFF ? 2 : 1;
    text.remove_prefix(bytes);
  }
  places_.push_back(place);
}

std::uint32_t Places::at(std::size_t byte) const {
  return places_[std::min(byte, places_.size() - 1)];
}

}  // namespace lilt::studio
