#include "score/wave.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace lilt::score {
namespace {

constexpr std::uint16_t kFloat = 3, kWhole = 1;
constexpr float kLoudest = 0.89F;     // −1 dB, so that MP3 and Vorbis do not pass the most
constexpr float kInaudible = 0.001F;  // −60 dB beside the loudest

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = size; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

void append_number(std::string& bytes, std::uint32_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
}

void append_chunk(std::string& bytes, std::string_view name, std::string_view content) {
  bytes += name;
  append_number(bytes, static_cast<std::uint32_t>(content.size()), 4);
  bytes += content;
  if (content.size() % 2 != 0) bytes += '\0';
}

std::string format_chunk(const WaveView& sound) {
  std::string format;
  append_number(format, kWhole, 2);
  append_number(format, sound.channels, 2);
  append_number(format, sound.rate, 4);
  append_number(format, sound.rate * sound.channels * 2, 4);
  append_number(format, sound.channels * 2, 2);
  append_number(format, 16, 2);
  return format;
}

std::string info_chunk(const Tags& tags) {
  std::string info = "INFO";
  const auto add = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) append_chunk(info, name, text + '\0');
  };
  add("INAM", tags.title);
  add("IART", tags.artist);
  return info;
}

float loudest(const WaveView& sound) {
  float most = 0;
  for (std::size_t i = 0; i < sound.samples.size() / 4; ++i) {
    most = std::max(most, std::abs(sound.sample(i)));
  }
  return most;
}

// The samples up to the end of the last frame that can be heard.
std::size_t audible_samples(const WaveView& sound, float most) {
  std::size_t last = sound.frames() * sound.channels;
  while (last > 0 && std::abs(sound.sample(last - 1)) <= most * kInaudible) --last;
  return (last + sound.channels - 1) / sound.channels * sound.channels;
}

// With channels and rate of `sound`.
std::string wave_file(const WaveView& sound, const Tags& tags,
                      const std::vector<std::int32_t>& values) {
  std::string head = "WAVE";
  append_chunk(head, "fmt ", format_chunk(sound));
  append_chunk(head, "LIST", info_chunk(tags));
  std::string wave = "RIFF";
  wave.reserve(head.size() + 2 * values.size() + 16);
  append_number(wave, static_cast<std::uint32_t>(head.size() + 8 + 2 * values.size()), 4);
  wave.append(head).append("data");
  append_number(wave, static_cast<std::uint32_t>(2 * values.size()), 4);
  for (const std::int32_t value : values) {
    append_number(wave, static_cast<std::uint32_t>(value), 2);
  }
  return wave;
}

}  // namespace

float WaveView::sample(std::size_t i) const {
  return std::bit_cast<float>(number_at(samples, 4 * i, 4));
}

std::optional<WaveView> view_wave(std::string_view bytes) {
  if (bytes.size() < 12 || bytes.substr(0, 4) != "RIFF" || bytes.substr(8, 4) != "WAVE") {
    return std::nullopt;
  }
  WaveView sound;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::string_view name = bytes.substr(at, 4);
    const std::string_view content = bytes.substr(at + 8, number_at(bytes, at + 4, 4));
    if (name == "fmt " && content.size() >= 16) {
      if (number_at(content, 0, 2) != kFloat || number_at(content, 14, 2) != 32) break;
      sound.channels = number_at(content, 2, 2);
      sound.rate = number_at(content, 4, 4);
    } else if (name == "data" && sound.channels > 0) {
      sound.samples = content.substr(0, content.size() / (4 * sound.channels) * 4 * sound.channels);
      return sound;
    }
    at += 8 + content.size() + content.size() % 2;
  }
  return std::nullopt;
}

std::string finished_wave(const WaveView& sound, const Tags& tags) {
  const float most = loudest(sound);
  const float gain = most > 0 ? kLoudest / most * 32767 : 0;
  std::vector<std::int32_t> values(audible_samples(sound, most));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int32_t>(std::lround(sound.sample(i) * gain));
  }
  return wave_file(sound, tags, values);
}

std::string mono_wave(const WaveView& sound, std::size_t first, std::size_t frames, float gain) {
  frames = std::min(frames, sound.frames() - std::min(first, sound.frames()));
  const std::size_t fade = std::max<std::size_t>(1, sound.rate / 10);
  std::vector<std::int32_t> mono;
  std::size_t audible = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    float sum = 0;
    for (std::size_t c = 0; c < sound.channels; ++c) {
      sum += sound.sample((first + i) * sound.channels + c);
    }
    const float left = static_cast<float>(std::min(frames - i, fade)) / static_cast<float>(fade);
    const float value = sum / static_cast<float>(sound.channels) * gain * left;
    mono.push_back(static_cast<std::int32_t>(std::lround(std::clamp(value, -1.0F, 1.0F) * 32767)));
    if (std::abs(value) > kInaudible) audible = i + 1;
  }
  mono.resize(audible);
  WaveView one = sound;
  one.channels = 1;
  return wave_file(one, {}, mono);
}

}  // namespace lilt::score
