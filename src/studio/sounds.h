// Single notes as sounds, made once and kept.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include "studio/http.h"

namespace lilt::studio {

// May be used by several threads.
class Sounds {
 public:
  // Kept in this folder; "": where the user's caches are (XDG_CACHE_HOME).
  explicit Sounds(std::filesystem::path folder = {});

  // The WAVE file of a pitch (MIDI number) on an instrument (program 0 … 127). One that is not
  // there yet is made with the others of its octave. Throws EnvironmentError: no FluidSynth, no
  // SoundFont, no space.
  [[nodiscard]] std::string note(int instrument, int pitch, const std::stop_token& stop);

 private:
  std::filesystem::path folder_;
  std::mutex mutex_;  // one FluidSynth at a time
};

}  // namespace lilt::studio
