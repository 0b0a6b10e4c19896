#include "likeness/melody.h"

#include <algorithm>

namespace lilt::likeness {
namespace {

constexpr abc::Ticks kLongest = abc::kWholeNote << 20;  // sums of ticks stay far from overflow

// A finalizer of good avalanche (splitmix64; Steele, Lea and Flood, "Fast splittable pseudorandom
// number generators", 2014).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

const abc::Head& top_of(const abc::Element& note) {
  return *std::max_element(
      note.heads.begin(), note.heads.end(),
      [](const abc::Head& a, const abc::Head& b) { return a.pitch.midi() < b.pitch.midi(); });
}

void lengthen(abc::Ticks& time, abc::Ticks by) {
  time = std::min(time + std::min(by, kLongest), kLongest);
}

class MelodyReader {
 public:
  void read(const abc::Element& element, std::size_t index) {
    if (element.kind == abc::ElementKind::kOverlay) in_overlay_ = true;
    if (element.kind == abc::ElementKind::kBar) in_overlay_ = false;
    if (in_overlay_ || !element.takes_time()) return;
    element.heads.empty() ? read_rest(element) : read_note(element, index);
  }

  std::vector<MelodyNote> take() { return std::move(melody_); }

 private:
  void read_rest(const abc::Element& rest) {
    tied_ = false;
    if (!melody_.empty()) lengthen(melody_.back().rest, rest.time);
  }

  void read_note(const abc::Element& note, std::size_t index) {
    const abc::Head& top = top_of(note);
    const int pitch = top.pitch.midi();
    if (tied_ && melody_.back().pitch == pitch) {
      lengthen(melody_.back().length, note.time);
    } else {
      melody_.push_back({pitch, std::min(note.time, kLongest), 0, index});
    }
    tied_ = top.tied;
  }

  std::vector<MelodyNote> melody_;
  bool in_overlay_ = false;
  bool tied_ = false;  // the last note to the next
};

std::uint32_t hash_of(std::span<const MelodyNote> window) {
  std::uint64_t hash = mix(static_cast<std::uint64_t>(window[0].length));
  for (std::size_t i = 1; i < window.size(); ++i) {
    hash = mix(hash ^ static_cast<std::uint64_t>(window[i - 1].rest));
    hash = mix(hash ^ static_cast<std::uint64_t>(window[i].pitch - window[i - 1].pitch));
    hash = mix(hash ^ static_cast<std::uint64_t>(window[i].length));
  }
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

std::vector<MelodyNote> melody_of(const abc::Tune& tune) {
  MelodyReader reader;
  if (tune.voices.empty()) return {};
  const std::vector<abc::Element>& elements = tune.voices.front().elements;
  for (std::size_t i = 0; i < elements.size(); ++i) reader.read(elements[i], i);
  return reader.take();
}

std::vector<std::uint32_t> window_hashes(std::span<const MelodyNote> melody) {
  std::vector<std::uint32_t> hashes;
  for (std::size_t i = 0; i + kWindow <= melody.size(); ++i) {
    hashes.push_back(hash_of(melody.subspan(i, kWindow)));
  }
  return hashes;
}

}  // namespace lilt::likeness
