// A page that shows how composed tunes compare with real ones.
#pragma once

#include <string>

#include "eval/collection.h"

namespace lilt::eval {

// HTML with its style and its plots (SVG) within it: nothing is loaded, nothing is run. What comes
// from files is escaped.
[[nodiscard]] std::string report_page(const Comparison& comparison, const ComparisonFiles& files);

}  // namespace lilt::eval
