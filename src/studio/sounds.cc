#include "studio/sounds.h"

#include <cstdlib>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "score/sound.h"
#include "score/workshop.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;

constexpr int kOctave = 12, kPitches = 128;
// Another one for other files of the same names.
constexpr const char* kVersion = "1";

fs::path cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return fs::path(cache) / "lilt";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return fs::path(home) / ".cache" / "lilt";
  return fs::temp_directory_path() / "lilt-cache";
}

// Sounds of another SoundFont are others.
std::string name_of(const fs::path& sound_font) {
  std::error_code none;
  return sound_font.stem().string() + "-" + std::to_string(fs::file_size(sound_font, none)) + "-" +
         kVersion;
}

}  // namespace

Sounds::Sounds(fs::path folder) : folder_(std::move(folder)) {
  if (folder_.empty()) folder_ = cache_folder() / "sounds";
}

std::string Sounds::note(int instrument, int pitch, const std::stop_token& stop) {
  const fs::path font = score::find_sound_font();
  const fs::path folder = folder_ / name_of(font) / std::to_string(instrument);
  const auto file = [&](int which) { return folder / (std::to_string(which) + ".wav"); };
  std::error_code none;
  if (fs::exists(file(pitch), none)) return std::string(FileBytes(file(pitch)).text());

  const std::lock_guard lock(mutex_);
  if (!fs::exists(file(pitch), none)) {
    const int lowest = pitch / kOctave * kOctave;
    const score::Workshop workshop([&] { return !stop.stop_requested(); });
    const std::vector<std::string> notes =
        score::make_notes(workshop, instrument, lowest, std::min(kOctave, kPitches - lowest), font);
    for (std::size_t i = 0; i < notes.size(); ++i) {
      write_file_atomically(file(lowest + static_cast<int>(i)), notes[i]);
    }
  }
  return std::string(FileBytes(file(pitch)).text());
}

}  // namespace lilt::studio
