// How composed tunes compare with real ones, for programs and for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "eval/collection.h"

namespace lilt::eval {

// Every figure of every composed tune. Titles are as they are in the files.
[[nodiscard]] nlohmann::ordered_json to_json(const Comparison& comparison);

// Tables, and the composed tunes that are nearest to a known one; safe to show.
[[nodiscard]] std::string table_of(const Comparison& comparison);

}  // namespace lilt::eval
