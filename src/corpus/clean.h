// Tunes as one would want to learn from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "abc/key.h"
#include "abc/tune.h"
#include "base/result.h"
#include "corpus/description.h"
#include "corpus/reading.h"
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

struct CleanRun {
  CleanOptions text;
  bool keep_incorrect = false;  // tunes with mistakes too, as they are written
  bool renumber = false;        // from 1, whatever `text` says
  int semitones = 0;            // by which all is moved up or down
  std::optional<abc::Key> key;  // whose tonic every tune gets, in its own mode
};

struct CleanFigures {
  std::uint64_t tunes = 0, written = 0;
  Tally mistakes;  // tunes by the name of their first error
};

// Gives the clean tunes of files to `keep`. Errors as for_each_tune() has them; throws
// EnvironmentError.
[[nodiscard]] Result<CleanFigures> clean_files(const std::vector<std::string>& paths,
                                               const CleanRun& run, const TuneSink& keep,
                                               const Watch& watch);

}  // namespace lilt::corpus
