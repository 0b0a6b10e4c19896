// Sound as numbers: RIFF WAVE files.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lilt::score {

// A WAVE file of 32-bit floats, as it lies in memory.
struct WaveView {
  std::uint32_t channels = 0;
  std::uint32_t rate = 0;    // frames a second
  std::string_view samples;  // 4 bytes each, the channels of a frame side by side

  [[nodiscard]] std::size_t frames() const { return samples.size() / 4 / channels; }
  [[nodiscard]] float sample(std::size_t i) const;
};

// Nothing if the bytes are no such file.
[[nodiscard]] std::optional<WaveView> view_wave(std::string_view bytes);

// What players show of a recording.
struct Tags {
  std::string title, artist;
};

// A WAVE file of 16-bit numbers from that sound: as loud as it can be (the loudest sample just
// below the most), without the silence at its end.
[[nodiscard]] std::string finished_wave(const WaveView& sound, const Tags& tags);

// A WAVE file of 16-bit numbers and one channel: that many frames from `first` on, the mean of the
// channels that much louder, faded out, without the silence at its end.
[[nodiscard]] std::string mono_wave(const WaveView& sound, std::size_t first, std::size_t frames,
                                    float gain);

}  // namespace lilt::score
