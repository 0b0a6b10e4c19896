// What a collection consists of, for programs and for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "corpus/description.h"

namespace lilt::corpus {

// Every figure and every value; what comes from the tunes is as it is there.
[[nodiscard]] nlohmann::ordered_json to_json(const Description& description);

// Tables, of the values the most frequent; what comes from the tunes is safe to show.
[[nodiscard]] std::string table_of(const Description& description);

}  // namespace lilt::corpus
