// Notes of a standard MIDI file, for comparison with those that Lilt plays.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lilt::support {

struct MidiNote {
  long start = 0;  // ticks
  int pitch = 0;
  long length = 0;
  int channel = 0;  // counted from 0
  int velocity = 0;
};

// The notes of all tracks by start and pitch, or nothing if the bytes are not a MIDI file.
inline std::optional<std::vector<MidiNote>> read_midi(const std::string& bytes) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  const auto word = [&](std::size_t i) {
    return byte(i) << 24 | byte(i + 1) << 16 | byte(i + 2) << 8 | byte(i + 3);
  };
  if (bytes.compare(0, 4, "MThd") != 0) return std::nullopt;
  std::vector<MidiNote> notes;
  for (std::size_t chunk = 8 + word(4); chunk + 8 <= bytes.size(); chunk += 8 + word(chunk + 4)) {
    if (bytes.compare(chunk, 4, "MTrk") != 0) continue;
    const std::size_t end = std::min<std::size_t>(chunk + 8 + word(chunk + 4), bytes.size());
    std::size_t at = chunk + 8;
    const auto number = [&] {  // of variable length
      long value = 0;
      do {
        value = value << 7 | static_cast<long>(byte(at) & 0x7F);
      } while ((byte(at++) & 0x80) != 0);
      return value;
    };
    long time = 0;
    unsigned status = 0;
    std::map<int, std::vector<MidiNote>> sounding;  // by channel and pitch
    while (at < end) {
      time += number();
      if ((byte(at) & 0x80) != 0) status = byte(at++);
      if (status == 0xFF) {
        ++at;
        const long size = number();
        at += static_cast<std::size_t>(size);
        continue;
      }
      if (status == 0xF0 || status == 0xF7) {
        const long size = number();
        at += static_cast<std::size_t>(size);
        continue;
      }
      const unsigned kind = status >> 4;
      const int pitch = static_cast<int>(byte(at));
      const unsigned velocity = byte(at + 1);
      at += kind == 0xC || kind == 0xD ? 1 : 2;
      const int channel = static_cast<int>(status & 0xF);
      std::vector<MidiNote>& started = sounding[channel << 7 | pitch];
      if (kind == 0x9 && velocity > 0) {
        started.push_back({time, pitch, 0, channel, static_cast<int>(velocity)});
      } else if ((kind == 0x9 || kind == 0x8) && !started.empty()) {
        started.front().length = time - started.front().start;
        notes.push_back(started.front());
        started.erase(started.begin());
      }
    }
  }
  std::sort(notes.begin(), notes.end(), [](const MidiNote& a, const MidiNote& b) {
    return std::pair(a.start, a.pitch) < std::pair(b.start, b.pitch);
  });
  return notes;
}

}  // namespace lilt::support
