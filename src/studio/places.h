// Places in a text as a page counts them: in UTF-16 units.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "abc/tune.h"

namespace lilt::studio {

class Places {
 public:
  // Of UTF-8 text.
  explicit Places(std::string_view text);

  // Of the character that this byte belongs to; behind the end, of the end.
  [[nodiscard]] std::uint32_t at(std::size_t byte) const;

  // Adds the members "from" and "to" to an object of JSON.
  template <class Json>
  void tell(const abc::Extent& extent, Json& json) const {
    json["from"] = at(extent.begin);
    json["to"] = at(extent.end);
  }

 private:
  std::vector<std::uint32_t> places_;  // of each byte, and of the end
};

}  // namespace lilt::studio
