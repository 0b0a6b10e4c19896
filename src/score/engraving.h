// Tunes as sheet music.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "base/result.h"
#include "score/tempo.h"
#include "score/workshop.h"

namespace lilt::score {

enum class Paper : std::uint8_t { kA4, kLetter };

struct EngravingOptions {
  Paper paper = Paper::kA4;
  std::optional<double> beats_per_minute;  // shown instead of the tune's own tempo
};

// One tune as a picture: as wide as the paper, as high as it needs. The errors are those of
// check_source(); throws EnvironmentError as Workshop::run() does.
[[nodiscard]] Result<std::string> make_svg(const Workshop& workshop, const abc::Tune& tune,
                                           const EngravingOptions& options);

// The same in pixels, black on white, 192 for an inch.
[[nodiscard]] Result<std::string> make_png(const Workshop& workshop, const abc::Tune& tune,
                                           const EngravingOptions& options);

// Tunes as a book: one after another, none broken over pages if it fits on one. With more than one
// page there are page numbers, and with more than one tune then a table of contents.
[[nodiscard]] Result<std::string> make_pdf(const Workshop& workshop,
                                           const std::vector<abc::Tune>& tunes,
                                           const EngravingOptions& options);

// Within make_pdf(), for its tests: what a page of the contents says.
struct ContentsEntry {
  std::string title;
  std::size_t page = 0;
};
[[nodiscard]] std::vector<std::string> make_contents(const std::vector<ContentsEntry>& entries,
                                                     Paper paper);

// A picture as abcm2ps makes it, without comments (which hold the time and the title unescaped),
// with fonts as widths were reckoned for, and with this as its name.
[[nodiscard]] std::string tidy_svg(std::string svg, std::string_view name);

}  // namespace lilt::score
