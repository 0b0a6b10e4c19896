// Tunes as one would want to learn from them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "abc/tune.h"
#include "corpus/tune_stream.h"

namespace lilt::corpus {

// Fields that say something of the music: number, title, rhythm, parts, metre, unit, tempo, key,
// voices; in the order in which they are usual.
inline constexpr std::string_view kMusicFields = "XTRPMLQKV";

// Without these the music would be another one, or none; they always stay.
inline constexpr std::string_view kNeededFields = "XMLKV";

struct CleanOptions {
  std::string fields;                   // that stay; empty: all
  std::string drop;                     // fields that do not
  bool comments = false;                // keep comments and directives
  std::optional<std::uint64_t> number;  // for the X: field
};

// The text of a tune, cleaned: without comments, fields that were not wanted and space at the ends
// of lines. Ends with a newline.
[[nodiscard]] std::string clean_text(std::string_view text, const abc::Reading& reading,
                                     const CleanOptions& options);

}  // namespace lilt::corpus
