// JSON that strangers wrote.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace lilt {

// Parses a JSON text. The result is_discarded() when the text is not JSON or is nested more than 16
// deep: values are copied and written by recursion, which must not exhaust the stack.
[[nodiscard]] nlohmann::json parse_untrusted_json(std::string_view text);

}  // namespace lilt
