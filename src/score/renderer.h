// One tune, or a book of them, as the bytes of a file of any kind.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "base/result.h"
#include "score/engraving.h"
#include "score/instrument.h"
#include "score/kind.h"
#include "score/playback.h"
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

}  // namespace lilt::score
