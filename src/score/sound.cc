#include "score/sound.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/environment_error.h"
#include "base/file.h"
#include "score/midi.h"
#include "score/source.h"
#include "score/wave.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

// From the best to the smallest. The last two are what any other package that brings one sets.
constexpr std::array kSoundFonts = {
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "/usr/share/sounds/sf3/MuseScore_General.sf3",
    "/usr/share/sounds/sf2/TimGM6mb.sf2",
    "/usr/share/soundfonts/FluidR3_GM.sf2",
    "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
    "/usr/share/sounds/sf2/default-GM.sf2",
    "/usr/share/sounds/sf3/default-GM.sf3",
};

// FluidSynth leaves room for many notes at once, a page for some.
constexpr float kNoteGain = 8;

// FluidSynth is many times faster than the music; the machine may be busy.
std::chrono::milliseconds limit_for(double seconds) {
  return std::chrono::milliseconds(60'000 + std::lround(1000 * seconds));
}

std::vector<std::string> encoding_of(Kind kind) {
  if (kind == Kind::kFlac) return {"-pcm16"};
  if (kind == Kind::kOgg) return {"-vorbis"};
  return {};
}

// What FluidSynth makes of it: a WAVE file of floats.
FileBytes synthesise(const Workshop& workshop, const Playback& playback,
                     const fs::path& sound_font) {
  workshop.write("tune.mid", to_midi(playback));
  fs::remove(workshop.folder() / "raw.wav");
  const Outcome outcome =
      workshop.run(kFluidsynth,
                   {"-n", "-i", "-q", "-o", "synth.dynamic-sample-loading=1", "-o",
                    "synth.chorus.active=0", "-r", "44100", "-T", "wav", "-O", "float", "-F",
                    "raw.wav", fs::absolute(sound_font).string(), "tune.mid"},
                   limit_for(playback.seconds));
  if (!fs::exists(workshop.folder() / "raw.wav")) fail(kFluidsynth, outcome);
  return FileBytes(workshop.folder() / "raw.wav");
}

}  // namespace

fs::path find_sound_font() {
  for (const char* file : kSoundFonts) {
    std::error_code error;
    if (fs::is_regular_file(file, error)) return file;
  }
  throw EnvironmentError("SoundFont", "expected one under /usr/share/sounds, found none; " +
                                          how_to_install("timgm6mb-soundfont"));
}

Result<std::string> make_sound(const Workshop& workshop, const abc::Tune& tune,
                               const Playing& playing, Kind kind, const fs::path& sound_font) {
  const Result<Playback> playback = play(tune, playing);
  if (!playback) return playback.error();
  const double seconds = playback->seconds;
  const FileBytes raw = synthesise(workshop, *playback, sound_font);
  const auto sound = view_wave(raw.text());
  if (!sound) fail(kFluidsynth, {});
  const std::string wave =
      finished_wave(*sound, {.title = title_of(tune), .artist = safe_text(tune.field(U'C'), 160)});
  if (kind == Kind::kWav) return wave;

  workshop.write("tune.wav", wave);
  const std::string name = "tune." + std::string(ending(kind));
  fs::remove(workshop.folder() / name);
  std::vector<std::string> arguments = encoding_of(kind);
  arguments.insert(arguments.end(), {"tune.wav", name});
  const Outcome outcome = workshop.run(kSndfileConvert, arguments, limit_for(seconds));
  if (outcome.code != 0 || !fs::exists(workshop.folder() / name)) fail(kSndfileConvert, outcome);
  return workshop.read(name);
}

std::vector<std::string> make_notes(const Workshop& workshop, int instrument, int lowest, int count,
                                    const fs::path& sound_font) {
  Playback playback;
  playback.playing.instrument = instrument;  // 120 quarter notes a minute: a whole note is 2 s
  playback.voices = 1;
  constexpr abc::Ticks kSlot = abc::kWholeNote * 5 / 2;
  for (int i = 0; i < count; ++i) {
    playback.notes.push_back({.start = kSlot * i,
                              .length = abc::kWholeNote * 3 / 2,
                              .pitch = static_cast<std::uint8_t>(lowest + i),
                              .velocity = 100});
  }
  const auto slot = static_cast<std::size_t>(playback.playing.tempo.seconds(kSlot));
  playback.seconds = static_cast<double>(slot) * count;
  const FileBytes raw = synthesise(workshop, playback, sound_font);
  const auto sound = view_wave(raw.text());
  if (!sound) fail(kFluidsynth, {});
  std::vector<std::string> notes;
  for (int i = 0; i < count; ++i) {
    const std::size_t frames = slot * sound->rate;
    notes.push_back(mono_wave(*sound, frames * static_cast<std::size_t>(i), frames, kNoteGain));
  }
  return notes;
}

}  // namespace lilt::score
