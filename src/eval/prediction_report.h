// How well models predict tunes, for programs and for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "eval/prediction.h"

namespace lilt::eval {

// The figures of one model as an object; of several as an array, with their differences from the
// first.
[[nodiscard]] nlohmann::ordered_json to_json(std::span<const Prediction> predictions);

// The figures of one model, a line each; of several a table, a line for each. Safe to show.
[[nodiscard]] std::string table_of(std::span<const Prediction> predictions);

}  // namespace lilt::eval
