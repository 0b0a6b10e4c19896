#include "corpus/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

#include "abc/performance.h"

namespace lilt::corpus {
namespace {

// Beyond this a tune is taken as written: its repeats could be made to take any time and memory.
constexpr std::size_t kLongestPlayed = 20000;  // elements

struct Note {
  int pitch;
  abc::Ticks start, end;
};

// A finalizer of good avalanche (splitmix64; Steele, Lea and Flood 2014).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

std::uint64_t hash_of(const Step& step) {
  std::uint64_t h = mix(static_cast<std::uint64_t>(step.interval));
  h = mix(h ^ static_cast<std::uint64_t>(step.ratio_numerator));
  return mix(h ^ static_cast<std::uint64_t>(step.ratio_denominator));
}

// Of the hashes of steps, in their order.
std::uint64_t hash_of(std::span<const std::uint64_t> steps) {
  std::uint64_t h = mix(steps.size());
  for (const std::uint64_t step : steps) h = mix(h ^ step);
  return h > 0 ? h : 1;  // 0 stands for none
}

// The highest note at each start; in the order of starts.
void keep_highest(std::vector<Note>& notes) {
  std::size_t kept = 0;
  for (const Note& note : notes) {
    if (kept > 0 && notes[kept - 1].start == note.start) {
      if (note.pitch > notes[kept - 1].pitch) notes[kept - 1] = note;
    } else {
      notes[kept++] = note;
    }
  }
  notes.resize(kept);
}

// Rests belong to the note before them. The last note lasts as long as it is written.
std::vector<Step> steps_between(std::vector<Note> notes) {
  keep_highest(notes);
  std::vector<Step> steps;
  const auto time = [&](std::size_t i) {
    return i + 1 < notes.size() ? notes[i + 1].start - notes[i].start
                                : notes[i].end - notes[i].start;
  };
  for (std::size_t i = 1; i < notes.size(); ++i) {
    const abc::Ticks before = std::max<abc::Ticks>(time(i - 1), 1);
    const abc::Ticks after = std::max<abc::Ticks>(time(i), 1);
    const abc::Ticks divisor = std::gcd(before, after);
    steps.push_back({notes[i].pitch - notes[i - 1].pitch, after / divisor, before / divisor});
  }
  return steps;
}

bool is_tied_to(const abc::Element& element, const abc::Pitch& pitch) {
  return std::any_of(element.heads.begin(), element.heads.end(),
                     [&](const abc::Head& head) { return head.tied && head.pitch == pitch; });
}

}  // namespace

std::vector<Step> written_steps(const abc::Tune& tune) {
  if (tune.voices.empty()) return {};
  std::vector<Note> notes;
  const abc::Element* before = nullptr;  // the last note, if no rest came since
  abc::Ticks now = 0;
  for (const abc::Element& element : tune.voices.front().elements) {
    if (!element.takes_time()) continue;
    const abc::Ticks end = now + element.time;
    for (const abc::Head& head : element.heads) {
      if (before != nullptr && is_tied_to(*before, head.pitch)) continue;
      notes.push_back({head.pitch.midi(), now, end});
    }
    before = element.heads.empty() ? nullptr : &element;
    // A chord that is tied as a whole lasts on.
    if (!notes.empty() && before != nullptr) notes.back().end = std::max(notes.back().end, end);
    now = end;
  }
  return steps_between(std::move(notes));
}

std::vector<Step> played_steps(const abc::Tune& tune) {
  if (tune.voices.empty()) return {};
  const abc::Voice& voice = tune.voices.front();
  if (voice.elements.size() > kLongestPlayed) return written_steps(tune);
  std::vector<Note> notes;
  for (const abc::Sound& sound : abc::perform(voice, tune.field(U'P'), {.graces = false})) {
    notes.push_back({sound.pitch, sound.start, sound.start + sound.length});
  }
  return steps_between(std::move(notes));
}

namespace {

std::vector<std::uint64_t> hashes_of(const std::vector<Step>& steps) {
  std::vector<std::uint64_t> list;
  list.reserve(steps.size());
  for (const Step& step : steps) list.push_back(hash_of(step));
  return list;
}

// The anchor of each run of steps with these hashes, in their order.
std::vector<std::uint64_t> run_anchors(std::span<const std::uint64_t> steps) {
  constexpr std::size_t kWithin = kFamilyRun - kAnchorRun + 1;
  std::vector<std::uint64_t> hashes, anchors;
  for (std::size_t i = 0; i + kAnchorRun <= steps.size(); ++i) {
    hashes.push_back(hash_of(steps.subspan(i, kAnchorRun)));
  }
  for (std::size_t i = 0; i + kWithin <= hashes.size(); ++i) {
    const auto first = hashes.begin() + static_cast<std::ptrdiff_t>(i);
    anchors.push_back(*std::min_element(first, first + kWithin));
  }
  return anchors;
}

template <class Value>
void keep_each_once(std::vector<Value>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

Fingerprint fingerprint(const abc::Tune& tune) {
  Fingerprint result;
  const std::vector<std::uint64_t> played = hashes_of(played_steps(tune));
  if (!played.empty()) result.whole = hash_of(std::span(played));
  const std::vector<std::uint64_t> written = hashes_of(written_steps(tune));
  const std::vector<std::uint64_t> anchors = run_anchors(written);
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    result.runs.push_back({hash_of(std::span(written).subspan(i, kFamilyRun)), anchors[i]});
  }
  keep_each_once(result.runs);
  return result;
}

std::vector<std::uint64_t> anchors_of(const abc::Tune& tune) {
  std::vector<std::uint64_t> anchors = run_anchors(hashes_of(written_steps(tune)));
  keep_each_once(anchors);
  return anchors;
}

SharedAnchors::SharedAnchors(std::uint64_t bytes_of_text) {
  constexpr std::uint64_t kFewest = 1U << 16, kMost = 1U << 28, kBytesToACell = 4;
  const std::uint64_t wanted = std::clamp(bytes_of_text / kBytesToACell, kFewest, kMost);
  mask_ = std::bit_ceil(wanted) - 1;
  cells_.resize((mask_ + 1) / 32);
}

void SharedAnchors::add(std::vector<std::uint64_t> anchors) {
  for (std::uint64_t& anchor : anchors) anchor = cell(anchor);
  keep_each_once(anchors);
  for (const std::uint64_t at : anchors) {
    std::uint64_t& word = cells_[at / 32];
    const std::uint64_t first = std::uint64_t{1} << (at % 32 * 2);
    word |= (word & first) == 0 ? first : 2 * first;
  }
}

bool SharedAnchors::contains(std::uint64_t anchor) const {
  const std::uint64_t at = cell(anchor);
  return (cells_[at / 32] >> (at % 32 * 2) & 2) != 0;
}

void Families::add(const Fingerprint& fingerprint, const SharedAnchors& shared) {
  assert(tunes_ < UINT32_MAX);
  const std::uint32_t tune = tunes_++;
  if (fingerprint.whole != 0) wholes_.add(fingerprint.whole, tune);
  for (const Run& run : fingerprint.runs) {
    if (shared.contains(run.anchor)) runs_.add(run.hash, tune);
  }
}

void Families::find() {
  parents_.resize(tunes_);
  std::iota(parents_.begin(), parents_.end(), 0U);
  originals_ = parents_;
  // The same melody may be written with other repeats, so its runs are looked at too.
  wholes_.take_matches([this](std::uint32_t first, std::uint32_t other) {
    originals_[other] = first;
    join(first, other);
  });
  runs_.take_matches([this](std::uint32_t first, std::uint32_t other) { join(first, other); });
}

std::size_t Families::family(std::size_t tune) const {
  while (parents_[tune] != tune) tune = parents_[tune];
  return tune;
}

namespace {

// How many tunes stand for themselves.
std::size_t count_own(const std::vector<std::uint32_t>& stands_for) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < stands_for.size(); ++i) count += stands_for[i] == i ? 1 : 0;
  return count;
}

}  // namespace

std::size_t Families::originals() const { return count_own(originals_); }

std::size_t Families::families() const { return count_own(parents_); }

std::uint32_t Families::root(std::uint32_t tune) {
  while (parents_[tune] != tune) tune = parents_[tune] = parents_[parents_[tune]];
  return tune;
}

void Families::join(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t x = root(a), y = root(b);
  parents_[std::max(x, y)] = std::min(x, y);
}

}  // namespace lilt::corpus
