#include "corpus/fingerprint.h"

#include <algorithm>
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
  return h > 1 ? h : 2;  // 0 stands for none, and so does its neighbour in SharedAnchors
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

Fingerprint fingerprint(const abc::Tune& tune) {
  const auto hashes = [](const std::vector<Step>& steps) {
    std::vector<std::uint64_t> list;
    list.reserve(steps.size());
    for (const Step& step : steps) list.push_back(hash_of(step));
    return list;
  };
  Fingerprint result;
  const std::vector<std::uint64_t> played = hashes(played_steps(tune));
  if (!played.empty()) result.whole = hash_of(std::span(played));
  const std::vector<std::uint64_t> written = hashes(written_steps(tune));
  std::vector<std::uint64_t> anchors;
  for (std::size_t i = 0; i + kAnchorRun <= written.size(); ++i) {
    anchors.push_back(hash_of(std::span(written).subspan(i, kAnchorRun)));
  }
  for (std::size_t i = 0; i + kFamilyRun <= written.size(); ++i) {
    const auto first = anchors.begin() + static_cast<std::ptrdiff_t>(i);
    result.runs.push_back({hash_of(std::span(written).subspan(i, kFamilyRun)),
                           *std::min_element(first, first + kFamilyRun - kAnchorRun + 1)});
  }
  std::sort(result.runs.begin(), result.runs.end());
  result.runs.erase(std::unique(result.runs.begin(), result.runs.end()), result.runs.end());
  return result;
}

void SharedAnchors::add(const Fingerprint& fingerprint) {
  std::vector<std::uint64_t> anchors;
  for (const Run& run : fingerprint.runs) anchors.push_back(run.anchor | 1);
  std::sort(anchors.begin(), anchors.end());
  anchors.erase(std::unique(anchors.begin(), anchors.end()), anchors.end());
  for (const std::uint64_t anchor : anchors) {
    if (4 * (used_ + 1) > 3 * slots_.size()) grow();
    std::uint64_t& found = slots_[slot(anchor)];
    used_ += found == 0 ? 1 : 0;
    found = found == 0 ? anchor - 1 : anchor;
  }
}

bool SharedAnchors::contains(std::uint64_t anchor) const {
  return !slots_.empty() && slots_[slot(anchor)] == (anchor | 1);
}

// Where an anchor is, or would be; the lowest bit does not count.
std::size_t SharedAnchors::slot(std::uint64_t anchor) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = (anchor >> 1) & mask;
  while (slots_[at] != 0 && (slots_[at] | 1) != (anchor | 1)) at = (at + 1) & mask;
  return at;
}

void SharedAnchors::grow() {
  std::vector<std::uint64_t> old(std::max<std::size_t>(64, 2 * slots_.size()));
  std::swap(old, slots_);
  for (const std::uint64_t moved : old) {
    if (moved != 0) slots_[slot(moved)] = moved;
  }
}

void Families::add(const Fingerprint& fingerprint, const SharedAnchors& shared) {
  assert(parents_.size() < UINT32_MAX);
  const auto tune = static_cast<std::uint32_t>(parents_.size());
  parents_.push_back(tune);
  originals_.push_back(fingerprint.whole == 0 ? tune
                                              : wholes_.find_or_add(fingerprint.whole, tune));
  // The same melody may be written with other repeats, so its runs are looked at too.
  join(originals_[tune], tune);
  for (const Run& run : fingerprint.runs) {
    if (shared.contains(run.anchor)) join(runs_.find_or_add(run.hash, tune), tune);
  }
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

Families::FirstTune::Slot& Families::FirstTune::slot(std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  const auto low = static_cast<std::uint32_t>(hash), high = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & mask;
  while (slots_[at].tune != 0 && (slots_[at].hash_low != low || slots_[at].hash_high != high)) {
    at = (at + 1) & mask;
  }
  return slots_[at];
}

std::uint32_t Families::FirstTune::find_or_add(std::uint64_t hash, std::uint32_t tune) {
  if (4 * (used_ + 1) > 3 * slots_.size()) grow();
  Slot& found = slot(hash);
  if (found.tune == 0) {
    found = {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32), tune + 1};
    ++used_;
  }
  return found.tune - 1;
}

void Families::FirstTune::grow() {
  std::vector<Slot> old(std::max<std::size_t>(64, 2 * slots_.size()));
  std::swap(old, slots_);
  for (const Slot& moved : old) {
    if (moved.tune == 0) continue;
    slot(std::uint64_t{moved.hash_high} << 32 | moved.hash_low) = moved;
  }
}

}  // namespace lilt::corpus
