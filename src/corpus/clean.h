// Tunes as one would want to learn from them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "abc/tune.h"
#include "corpus/tune_stream.h"

namespace lilt::corpus {

// Fields that say something of the music: number, title, rhythm, parts, metre, unit, key,
// voices; in the order in which they are usual.
inline constexpr std::string_view kMusicFields = "XTRPMLKV";

// Without these the music would be another one, or none; they always stay.
inline constexpr std::string_view kNeededFields = "XPMLKV";

struct CleanOptions {
  std::string fields;        // of the header that stay; empty: all
  std::string drop;          // fields of the header that do not
  bool marks = false;        // keep decorations and annotations
  std::uint64_t number = 0;  // for the X: field; 0 keeps what is there
};

// The canonical text of a correct tune without the fields that were not wanted. A tune that is not
// correct stays as it is written, but for those fields, comments and space at the ends of lines.
// Ends with a newline.
[[nodiscard]] std::string clean_text(const TuneText& text, abc::Reading reading,
                                     const CleanOptions& options);

}  // namespace lilt::corpus
