// A tune as Python holds it.
#pragma once

#include <memory>
#include <string>

#include "abc/tune.h"

namespace lilt::python {

struct Music {
  abc::Tune tune;       // as read from the text
  std::string text;     // ABC
  std::string details;  // JSON: what is known of a piece that was composed; or ""
};

}  // namespace lilt::python
