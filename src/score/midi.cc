#include "score/midi.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lilt::score {
namespace {

constexpr int kTicksOfQuarter = 480;
constexpr int kBassChannel = 14, kChordChannel = 15;  // counted from 0; 9 is for drums
constexpr int kAcousticBass = 32, kPiano = 0;
constexpr std::array<int, 13> kVoiceChannels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13};
constexpr int kNoteOn = 0x90, kNoteOff = 0x80, kProgram = 0xC0;
constexpr int kTrackName = 0x03, kEndOfTrack = 0x2F, kSetTempo = 0x51, kTimeSignature = 0x58,
              kKeySignature = 0x59;

// Big-endian, in so many bytes.
std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text += static_cast<char>(value >> shift & 0xFF);
  }
  return text;
}

// Seven bits a byte, all but the last with the eighth set.
std::string variable_number(std::uint32_t value) {
  std::string text(1, static_cast<char>(value & 0x7F));
  while ((value >>= 7) > 0) text.insert(0, 1, static_cast<char>(0x80 | (value & 0x7F)));
  return text;
}

std::uint32_t midi_time(abc::Ticks ticks) {
  const double whole = static_cast<double>(ticks) / static_cast<double>(abc::kWholeNote);
  return static_cast<std::uint32_t>(std::llround(whole * 4 * kTicksOfQuarter));
}

std::string meta(int kind, std::string_view data) {
  return std::string("\xFF") + static_cast<char>(kind) +
         variable_number(static_cast<std::uint32_t>(data.size())) + std::string(data);
}

std::string event(int kind, int channel, int a) {
  return {static_cast<char>(kind | channel), static_cast<char>(a)};
}

std::string event(int kind, int channel, int a, int b) {
  return event(kind, channel, a) + static_cast<char>(b);
}

class Track {
 public:
  // What ends comes before what begins at the same time.
  void add(std::uint32_t time, std::string bytes, bool ends = false) {
    events_.push_back({time, !ends, std::move(bytes)});
  }

  void add_note(const PlayedNote& note, int channel) {
    const std::uint32_t start = midi_time(note.start);
    const std::uint32_t end = std::max(start + 1, midi_time(note.start + note.length));
    add(start, event(kNoteOn, channel, note.pitch, note.velocity));
    add(end, event(kNoteOff, channel, note.pitch, 0), true);
  }

  // The chunk.
  std::string finish() {
    std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return a.time != b.time ? a.time < b.time : a.begins < b.begins;
    });
    std::string data;
    std::uint32_t now = 0;
    for (const Event& event : events_) {
      data += variable_number(event.time - now) + event.bytes;
      now = event.time;
    }
    data += variable_number(0) + meta(kEndOfTrack, "");
    return "MTrk" + number(static_cast<std::uint32_t>(data.size()), 4) + data;
  }

 private:
  struct Event {
    std::uint32_t time;
    bool begins;
    std::string bytes;
  };
  std::vector<Event> events_;
};

std::string time_signature(const abc::Metre& metre) {
  int halvings = 0;
  while (1 << halvings < metre.beat_unit) ++halvings;
  const auto clocks = midi_time(beat_of(metre)) * 24 / kTicksOfQuarter;
  return meta(kTimeSignature,
              std::string{static_cast<char>(metre.beats), static_cast<char>(halvings),
                          static_cast<char>(clocks), 8});
}

std::string key_signature(const abc::Key& key) {
  int sharps = 0;
  for (const std::int8_t alter : key.alters) sharps += alter;
  return meta(kKeySignature, std::string{static_cast<char>(std::clamp(sharps, -7, 7)),
                                         static_cast<char>(key.mode == abc::Mode::kMinor)});
}

std::string conductor(const Playback& playback) {
  Track track;
  track.add(0, meta(kTrackName, playback.title));
  const double microseconds = 60e6 / playback.playing.tempo.quarters();
  track.add(0, meta(kSetTempo, number(static_cast<std::uint32_t>(std::lround(microseconds)), 3)));
  for (const auto& [start, key] : playback.keys) track.add(midi_time(start), key_signature(key));
  for (const auto& [start, metre] : playback.metres) {
    if (!metre.is_free()) track.add(midi_time(start), time_signature(metre));
  }
  return track.finish();
}

std::string voice_track(const Playback& playback, std::size_t voice) {
  Track track;
  const int channel = kVoiceChannels[voice % kVoiceChannels.size()];
  track.add(0, event(kProgram, channel, playback.playing.instrument));
  for (const PlayedNote& note : playback.notes) {
    if (note.role == Role::kMelody && note.voice == voice) track.add_note(note, channel);
  }
  return track.finish();
}

std::string accompaniment_track(const Playback& playback) {
  Track track;
  track.add(0, event(kProgram, kBassChannel, kAcousticBass));
  track.add(0, event(kProgram, kChordChannel, kPiano));
  for (const PlayedNote& note : playback.notes) {
    if (note.role == Role::kBass) track.add_note(note, kBassChannel);
    if (note.role == Role::kChords) track.add_note(note, kChordChannel);
  }
  return track.finish();
}

}  // namespace

std::string to_midi(const Playback& playback) {
  std::vector<std::string> tracks = {conductor(playback)};
  for (std::size_t i = 0; i < playback.voices; ++i) tracks.push_back(voice_track(playback, i));
  if (std::any_of(playback.notes.begin(), playback.notes.end(),
                  [](const PlayedNote& note) { return note.role != Role::kMelody; })) {
    tracks.push_back(accompaniment_track(playback));
  }
  std::string bytes = "MThd" + number(6, 4) + number(1, 2) +
                      number(static_cast<std::uint32_t>(tracks.size()), 2) +
                      number(kTicksOfQuarter, 2);
  for (const std::string& track : tracks) bytes += track;
  return bytes;
}

Result<std::string> make_midi(const abc::Tune& tune, const Playing& playing) {
  const Result<Playback> playback = play(tune, playing);
  if (!playback) return playback.error();
  return to_midi(*playback);
}

}  // namespace lilt::score
