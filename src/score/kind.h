// The kinds of files that tunes become.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lilt::score {

enum class Kind : std::uint8_t {
  kAbc,
  kMusicXml,
  kMidi,
  kSvg,
  kPng,
  kPdf,
  kWav,
  kFlac,
  kOgg,
  kMp3,
};
inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::kMp3) + 1;

// The kind whose files have this ending ("mid", "MIDI"), or none.
[[nodiscard]] std::optional<Kind> find_kind(std::string_view ending);

// What the name of a file ends with: "mid".
[[nodiscard]] std::string_view ending(Kind kind);

// All endings, for messages: "abc, musicxml, …".
[[nodiscard]] std::string endings();

// Whether one file takes any number of tunes. The others hold one.
[[nodiscard]] bool holds_many(Kind kind);

[[nodiscard]] bool is_sound(Kind kind);  // wav, flac, ogg, mp3

}  // namespace lilt::score
