#include "score/kind.h"

#include <array>
#include <utility>

namespace lilt::score {
namespace {

// The first ending of each kind is the one that is written.
constexpr std::array<std::pair<std::string_view, Kind>, 13> kEndings = {{
    {"abc", Kind::kAbc},
    {"musicxml", Kind::kMusicXml},
    {"mid", Kind::kMidi},
    {"svg", Kind::kSvg},
    {"png", Kind::kPng},
    {"pdf", Kind::kPdf},
    {"wav", Kind::kWav},
    {"flac", Kind::kFlac},
    {"ogg", Kind::kOgg},
    {"mp3", Kind::kMp3},
    {"xml", Kind::kMusicXml},
    {"midi", Kind::kMidi},
    {"oga", Kind::kOgg},
}};
constexpr std::size_t kKinds = 10;

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return low;
}

}  // namespace

std::optional<Kind> find_kind(std::string_view ending) {
  for (const auto& [known, kind] : kEndings) {
    if (known == lower(ending)) return kind;
  }
  return std::nullopt;
}

std::string_view ending(Kind kind) { return kEndings[static_cast<std::size_t>(kind)].first; }

std::string endings() {
  std::string list;
  for (std::size_t i = 0; i < kKinds; ++i) {
    if (i > 0) list += i + 1 == kKinds ? " or " : ", ";
    list += kEndings[i].first;
  }
  return list;
}

bool holds_many(Kind kind) { return kind == Kind::kAbc || kind == Kind::kPdf; }

bool is_sound(Kind kind) {
  return kind == Kind::kWav || kind == Kind::kFlac || kind == Kind::kOgg || kind == Kind::kMp3;
}

}  // namespace lilt::score
