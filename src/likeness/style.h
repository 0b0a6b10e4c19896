// How tunes are made, in numbers: how often each value of some statistics occurs in them; how far
// two collections are from each other; how typical a tune is of a collection.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/tune.h"

namespace lilt::likeness {

// All are taken of the melody as written (melody.h). What they count, and its values:
enum class Statistic : std::uint8_t {
  kPitchClass,   // notes: semitones above the tonic of the key in force, 0 … 11
  kInterval,     // successive notes: semitones upwards, −13 … 13; 13 is more than an octave
  kDuration,     // notes: ticks, at most kLongestDuration
  kBarOnsets,    // full bars: the length of the bar and in which of its sixteenths notes begin
  kSectionBars,  // sections: bars, the second and later endings left out; at most kMostSectionBars
  // Sections but the first: which share of their notes and the first section's are at the same
  // place with the same pitch in both (Dice's coefficient), in tenths, rounded up.
  kSectionSimilarity,
  // Sections of an even number of bars, at least 4: likewise for their halves.
  kPhraseSimilarity,
};
inline constexpr std::size_t kStatistics = 7;
inline constexpr abc::Ticks kLongestDuration = 2 * abc::kWholeNote;
inline constexpr std::int64_t kMostSectionBars = 64;

// "pitch class", "interval", …
[[nodiscard]] std::string_view name(Statistic statistic);

// A value for people: "5", "+2", "3/2" (eighths), "4/4 x.x.xxxx", "0.8".
[[nodiscard]] std::string label(Statistic statistic, std::int64_t value);

using Tally = std::map<std::int64_t, std::uint64_t>;  // how often each value occurs

struct Style {
  std::array<Tally, kStatistics> tallies;

  void add(const Style& other);
  [[nodiscard]] const Tally& operator[](Statistic s) const {
    return tallies[static_cast<std::size_t>(s)];
  }
  [[nodiscard]] Tally& operator[](Statistic s) { return tallies[static_cast<std::size_t>(s)]; }

  friend bool operator==(const Style&, const Style&) = default;
};

[[nodiscard]] Style style_of(const abc::Tune& tune);

// The Jensen–Shannon distance of the two distributions: 0 for the same, 1 where they have no value
// in common (the root of the divergence in bits; Endres and Schindelin, "A new metric for
// probability distributions", 2003). Samples of the same distribution are some way apart, the
// further the smaller they are: compare distances only between samples of the same sizes.
[[nodiscard]] double distance(const Tally& a, const Tally& b);

// What is usual in a collection.
//
// The score of a tune in a statistic is the mean of log₂ p over what it has of it, p being how
// often that occurs in the collection, with half a count added to each value and to one that never
// occurs. Of real tunes, each without its own counts, the mean and the standard deviation are kept.
struct StyleProfile {
  struct Score {
    double mean = 0, deviation = 1;
    friend bool operator==(const Score&, const Score&) = default;
  };
  // The most frequent values of each statistic, at most so many.
  static constexpr std::size_t kMostValues = 4096;

  Style style;
  std::array<Score, kStatistics> scores;

  // How typical a tune is: the mean of −z²/2 over the statistics that it has, z being how many
  // standard deviations its score is from that of the mean real tune (the logarithm of a normal
  // density). The best is 0, real tunes have −0.5 on average. A tune of nothing but the most
  // frequent is far from typical, as is one of what never occurs. −50, the worst, for a tune
  // without notes.
  [[nodiscard]] double typicality(const Style& tune) const;
  [[nodiscard]] double typicality(const abc::Tune& tune) const {
    return typicality(style_of(tune));
  }

  friend bool operator==(const StyleProfile&, const StyleProfile&) = default;
};

[[nodiscard]] StyleProfile profile_of(std::span<const Style> tunes);

}  // namespace lilt::likeness
