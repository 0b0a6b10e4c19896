// Which files are to be made of tunes, and where they go: as it is asked for, and what that means.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "score/kind.h"
#include "score/renderer.h"

namespace lilt::score {

inline constexpr const char* kUsualInstrument = "flute";

struct Publication {
  std::string output;                         // a file, a folder, or "-": see Destination
  std::vector<std::string> formats;           // endings; empty: as `output` ends
  std::string instrument = kUsualInstrument;  // see find_instrument()
  std::optional<double> tempo;                // beats a minute, kSlowest … kFastest
  std::string paper = "a4";                   // or "letter"
  std::string sound_font;                     // "": the best one installed

  // What a folder gets where `formats` says nothing, as far as the programs for it are there. With
  // such kinds a name without an ending is a folder, and `formats` are for folders alone. Without
  // them several formats make a folder of any name.
  std::vector<Kind> usual_kinds;
};

struct Destination {
  std::vector<Kind> kinds;  // empty: the usual ones
  bool is_folder = false;   // which gets files of each tune, named after its title
  bool is_standard_output = false;
  std::filesystem::path path;

  // Whether all tunes go to one file.
  [[nodiscard]] bool is_book() const {
    return !is_folder && kinds.size() == 1 && holds_many(kinds[0]);
  }
};

// Looks at what is there under that name, and makes nothing. Errors are of ErrorCode::kOption;
// their field is "output", "format", "instrument", "tempo" or "paper".
[[nodiscard]] Result<Destination> find_destination(const Publication& asked);

// How it is rendered. Errors as above.
[[nodiscard]] Result<RenderOptions> render_options(const Publication& asked);

// Where the file of one of several tunes goes, of a kind that holds one: "set.svg" becomes
// "set-01.svg" for the first (0) of 12, and stays what it is for the only one.
[[nodiscard]] std::filesystem::path numbered_path(const std::filesystem::path& output,
                                                  std::size_t tune, std::size_t tunes);

}  // namespace lilt::score
