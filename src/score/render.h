// Tunes as files of any kind: what the commands that write such files have in common.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/tune.h"
#include "base/result.h"
#include "score/engraving.h"
#include "score/instrument.h"
#include "score/kind.h"
#include "score/source.h"
#include "score/workshop.h"

namespace lilt::score {

struct RenderOptions {
  int instrument = kFlute;  // plays the melody; 0 … 127
  std::optional<double>
      beats_per_minute;  // instead of the tune's own tempo, in beat_of() its metre
  Paper paper = Paper::kA4;
  std::filesystem::path sound_font;  // "": the one that find_sound_font() finds
};

// Throws EnvironmentError that names the programs, the SoundFont that these kinds need and that are
// not there. Nobody has to call it, but it is better to know before long work.
void require_for(std::span<const Kind> kinds, const RenderOptions& options);

class Renderer {
 public:
  // `go_on` is called some ten times a second while a program runs; false stops it. None: always.
  explicit Renderer(RenderOptions options, std::function<bool()> go_on = {})
      : options_(std::move(options)), go_on_(std::move(go_on)) {}

  // The bytes of a file of any kind with one tune. An error where the tune has no notes or is too
  // long; throws EnvironmentError when a program is missing, fails, hangs or is stopped.
  [[nodiscard]] Result<std::string> make(const abc::Tune& tune, Kind kind);

  // The bytes of a file with all of these tunes, one or more; of a kind that holds_many().
  [[nodiscard]] Result<std::string> make_book(const std::vector<abc::Tune>& tunes, Kind kind);

 private:
  // The tempo that is printed, if any is.
  [[nodiscard]] std::optional<Tempo> tempo_shown(const abc::Tune& tune) const;
  [[nodiscard]] Playing playing(const abc::Tune& tune) const;
  [[nodiscard]] EngravingOptions engraving() const;
  const Workshop& workshop();

  RenderOptions options_;
  std::function<bool()> go_on_;
  std::optional<Workshop> workshop_;  // made for the first program
};

// Where the file of one of several tunes goes, of a kind that holds one: "set.svg" becomes
// "set-01.svg" for the first (0) of 12, and stays what it is for the only one.
[[nodiscard]] std::filesystem::path numbered_path(const std::filesystem::path& output,
                                                  std::size_t tune, std::size_t tunes);

// Renders the tunes of a text in ABC notation, of the kind that the ending of `output` names: into
// one file where the kind holds many, else into numbered_path()s. Gives the files that were
// written; each is whole. What is wrong with a tune's notation is no error: it is rendered as well
// as that allows. Errors are those of the ending, of a text without tunes, and of Renderer::make().
[[nodiscard]] Result<std::vector<std::filesystem::path>> render(
    std::string_view text, const std::filesystem::path& output, const RenderOptions& options = {},
    const std::function<bool()>& go_on = {});

}  // namespace lilt::score
