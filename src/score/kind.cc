#include "score/kind.h"

#include <array>

namespace lilt::score {
namespace {

struct Named {
  Kind kind;
  std::string_view ending;
};

// What is written, in the order of the kinds.
constexpr std::array<Named, kKinds> kEndings = {{
    {Kind::kAbc, "abc"},
    {Kind::kMusicXml, "musicxml"},
    {Kind::kMidi, "mid"},
    {Kind::kSvg, "svg"},
    {Kind::kPng, "png"},
    {Kind::kPdf, "pdf"},
    {Kind::kWav, "wav"},
    {Kind::kFlac, "flac"},
    {Kind::kOgg, "ogg"},
    {Kind::kMp3, "mp3"},
}};

// What is understood, too.
constexpr std::array<Named, 3> kOtherEndings = {{
    {Kind::kMusicXml, "xml"},
    {Kind::kMidi, "midi"},
    {Kind::kOgg, "oga"},
}};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kEndings.size(); ++i) {
    if (static_cast<std::size_t>(kEndings[i].kind) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "an ending for each kind, in the order of the kinds");

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return low;
}

}  // namespace

std::optional<Kind> find_kind(std::string_view ending) {
  const std::string wanted = lower(ending);
  for (const Named& named : kEndings) {
    if (named.ending == wanted) return named.kind;
  }
  for (const Named& named : kOtherEndings) {
    if (named.ending == wanted) return named.kind;
  }
  return std::nullopt;
}

std::string_view ending(Kind kind) { return kEndings[static_cast<std::size_t>(kind)].ending; }

std::string endings() {
  std::string list;
  for (std::size_t i = 0; i < kKinds; ++i) {
    if (i > 0) list += i + 1 == kKinds ? " or " : ", ";
    list += kEndings[i].ending;
  }
  return list;
}

bool holds_many(Kind kind) { return kind == Kind::kAbc || kind == Kind::kPdf; }

bool is_sound(Kind kind) {
  return kind == Kind::kWav || kind == Kind::kFlac || kind == Kind::kOgg || kind == Kind::kMp3;
}

}  // namespace lilt::score
