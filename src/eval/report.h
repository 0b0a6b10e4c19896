// A page that shows how composed tunes compare with real ones.
#pragma once

#include <string>

#include "eval/collection.h"

namespace lilt::eval {

// What the collections are called; "" for one that there is not.
struct ReportNames {
  std::string composed, against, held_out;
};

// HTML with its style and its plots (SVG) within it: nothing is loaded, nothing is run. What comes
// from files is escaped.
[[nodiscard]] std::string report_page(const Comparison& comparison, const ReportNames& names);

}  // namespace lilt::eval
