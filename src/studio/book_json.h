// What is in a book, as JSON: docs/studio-api.md.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "likeness/novelty.h"
#include "studio/book.h"
#include "studio/book_import.h"

namespace lilt::studio {

// "2026-11-26T08:15:00Z"
[[nodiscard]] std::string utc(std::int64_t seconds);

// A tune; with its novelty beside the tunes that `known` tells, if it is given.
[[nodiscard]] nlohmann::ordered_json to_json(const KeptTune& tune,
                                             const likeness::Novelty* known = nullptr);
[[nodiscard]] nlohmann::ordered_json to_json(const BookPage& page,
                                             const likeness::Novelty* known = nullptr);
[[nodiscard]] nlohmann::ordered_json to_json(const TuneVersion& version);
[[nodiscard]] nlohmann::ordered_json to_json(const RefusedTune& tune);

}  // namespace lilt::studio
