// What makes two tunes the same, whatever their keys, titles and unit lengths.
//
// A melody is what is played: the highest note at each time, from one note to the next an interval
// in semitones and the ratio of the times between their starts and the starts of what follows.
// Neither changes when a tune is transposed or written in other note lengths.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "abc/tune.h"
#include "corpus/matching_hashes.h"

namespace lilt::corpus {

// Tunes that share a run of so many steps from note to note are of one family.
inline constexpr std::size_t kFamilyRun = 24;

struct Step {
  int interval = 0;
  std::int64_t ratio_numerator = 1, ratio_denominator = 1;  // lowest terms
};

// The steps of the first voice as written, repeats not played; or as played.
[[nodiscard]] std::vector<Step> written_steps(const abc::Tune& tune);
[[nodiscard]] std::vector<Step> played_steps(const abc::Tune& tune);

// A run of kFamilyRun steps. Its anchor is the smallest of the hashes of the kAnchorRun steps
// within it, so that neighbouring runs mostly have the same one (winnowing; Schleimer, Wilkerson
// and Aiken 2003).
inline constexpr std::size_t kAnchorRun = 16;
struct Run {
  std::uint64_t hash = 0, anchor = 0;
  friend auto operator<=>(const Run&, const Run&) = default;  // NOLINT: no pointer is compared
};

// 64-bit hashes: among a million different melodies two have the same one with a probability of 3
// in 100 million (birthday bound).
struct Fingerprint {
  std::uint64_t whole = 0;  // of the melody as played; 0 without a step
  std::vector<Run> runs;    // as written, each once
};
[[nodiscard]] Fingerprint fingerprint(const abc::Tune& tune);

// The anchors of its runs alone, each once.
[[nodiscard]] std::vector<std::uint64_t> anchors_of(const abc::Tune& tune);

// Which anchors occur in more than one tune. A run whose anchor does not is in no other tune, so
// that it need not be kept: a fifth of the hashes stays. Now and then an anchor of one tune alone
// is taken for shared: more often, the more tunes there are. Memory: a byte for 16 of the tunes'
// text, at most 64 MB.
class SharedAnchors {
 public:
  explicit SharedAnchors(std::uint64_t bytes_of_text);

  void add(std::vector<std::uint64_t> anchors);  // of the next tune
  [[nodiscard]] bool contains(std::uint64_t anchor) const;

 private:
  [[nodiscard]] std::uint64_t cell(std::uint64_t anchor) const { return anchor & mask_; }

  // Of each cell two bits: a tune has an anchor that falls into it; another one has one, too.
  std::uint64_t mask_;
  std::vector<std::uint64_t> cells_;
};

// Which tunes are duplicates and which are of one family. Memory: 8 bytes for a tune, and, until
// they are found, what MatchingHashes needs for the melodies and for the runs that may be shared.
class Families {
 public:
  // Adds the next tune; tunes are numbered from 0. The anchors of all tunes must be in `shared`.
  void add(const Fingerprint& fingerprint, const SharedAnchors& shared);
  // Finds the families when all tunes have been added. Throws EnvironmentError, as add() does, when
  // the disk has no room for what is not held in memory.
  void find();

  [[nodiscard]] std::size_t tunes() const { return tunes_; }
  // The first tune with the same melody.
  [[nodiscard]] std::size_t original(std::size_t tune) const { return originals_[tune]; }
  // The first tune of the family.
  [[nodiscard]] std::size_t family(std::size_t tune) const;
  // How many different tunes and families there are.
  [[nodiscard]] std::size_t originals() const;
  [[nodiscard]] std::size_t families() const;

 private:
  void join(std::uint32_t a, std::uint32_t b);
  [[nodiscard]] std::uint32_t root(std::uint32_t tune);

  std::uint32_t tunes_ = 0;
  MatchingHashes wholes_, runs_;
  std::vector<std::uint32_t> parents_;  // never larger than the tune itself
  std::vector<std::uint32_t> originals_;
};

}  // namespace lilt::corpus
