// What to choose from, for pages and for completion on the command line.
#pragma once

#include <string>
#include <string_view>

namespace lilt::compose {

// What people ask for most in that field of a request, the usual first: "jig, reel, …". Any other
// may be asked for. Nothing of fields that have nothing of the kind.
[[nodiscard]] std::string suggestions(std::string_view field);

}  // namespace lilt::compose
