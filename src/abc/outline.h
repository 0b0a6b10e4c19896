// What a tune is going to be: its kind and form, which bars return, where its phrases come to rest.
// Known of a tune that is there by looking ahead, and of one that is to be written from a plan; a
// network is told of it what lies ahead (surroundings.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/duration.h"
#include "abc/key.h"
#include "abc/metre.h"
#include "abc/title.h"
#include "base/result.h"

namespace lilt::abc {

// A section as a Cursor counts them: a second ending is one of its own.
struct OutlineSection {
  int bars = 0;           // that begin in it
  bool repeated = false;  // between |: and :|
  bool is_later_ending = false;
  int first_ending = -1;  // bars before the first ending; none: −1

  bool operator==(const OutlineSection&) const = default;
};

// How a bar relates to earlier ones of the tune. "Section" is the same bar of the section before.
enum class Return : std::uint8_t {
  kUnknown,
  kNew,
  kBar8,
  kBar4,
  kSection,
  kBar2,
  kBar1,
  kOther,
  // Half of the notes or more are the same.
  kNearBar8,
  kNearBar4,
  kNearSection,
  kNearBar2,
  kNearBar1,
  // All notes moved by as many steps (Outline::shift): a sequence.
  kSequence2,
  kSequence1,
  // The same rhythm, up and down in the same places.
  kContour1,
  // The same rhythm.
  kRhythm8,
  kRhythm4,
  kRhythmSection,
  kRhythm2,
  kRhythm1,
};
inline constexpr std::size_t kReturns = 21;
inline constexpr int kMostShift = 6;  // steps of a sequence

struct OutlineBar {
  Return kind = Return::kUnknown;
  std::int16_t source = 0;  // the earlier bar, from 1; 0: none
  std::int8_t shift = 0;    // of a sequence: steps up from its source
  // The note on which the bar comes to rest, where it ends a phrase: semitones above the tonic, and
  // how long: 0 less than a beat, 1 less than two, 2 more; −1: it does not end one, or not known.
  std::int8_t rest_degree = -1;
  std::int8_t rest_length = -1;
  // Of a bar that ends a phrase: how high the phrase lies (height_class()); 0: not known.
  std::uint8_t height = 0;

  bool operator==(const OutlineBar&) const = default;
};

// 1 + the pitch class of a key's tonic.
[[nodiscard]] std::uint8_t told_tonic(const Key& key);

// How high music lies: 1 … kHeights − 1, from its mean pitch, a MIDI number, and back.
inline constexpr std::size_t kHeights = 20;
[[nodiscard]] std::uint8_t height_class(double pitch);
[[nodiscard]] double pitch_of_height(std::uint8_t height);

inline constexpr int kBelowLowest = 47, kBelowHighest = 59;  // MIDI numbers
inline constexpr std::size_t kDensities = 16, kPitches = 38, kChordRates = 10;

struct Outline {
  std::uint8_t tonic = 0;   // 1 + pitch class of the tonic with which the tune sounds; 0: not known
  std::uint8_t dance = 0;   // dance_kind()
  std::uint8_t chords = 0;  // 0: not known, 1: no chord symbols, 2: some
  std::optional<Metre> metre;
  // Of its music, each from 1, 0 where it is not known.
  std::uint8_t density = 0;     // notes a bar
  std::uint8_t lowest = 0;      // note, in semitones above kBelowLowest
  std::uint8_t highest = 0;     // note, in semitones above kBelowHighest
  std::uint8_t chord_rate = 0;  // chord symbols in two bars, and 1
  std::vector<OutlineSection> sections;
  std::vector<OutlineBar> bars;  // of the tune, the first full one first

  [[nodiscard]] bool is_empty() const { return sections.empty(); }
  // The bar that ends the phrase which that bar (from 1) is in, from 1; 0: not known. Phrases have
  // four bars, fewer where a section ends.
  [[nodiscard]] int phrase_end(int bar) const;

  bool operator==(const Outline&) const = default;
};

// An outline that was seen in a collection, without its music: what plans are drawn from.
struct KnownOutline {
  std::uint8_t dialect = 0;  // the collection, from 1
  Mode mode = Mode::kMajor;
  Outline outline;

  bool operator==(const KnownOutline&) const = default;
};

// Outlines as text, a line each, and back. What no outline can be is an error.
[[nodiscard]] std::string outlines_text(std::span<const KnownOutline> outlines);
[[nodiscard]] Result<std::vector<KnownOutline>> outlines_from_text(std::string_view text);

// The outline of a tune that is there, text with a header as canonical_text() writes it. `tonic`
// as in Outline.
[[nodiscard]] Outline outline_of(std::string_view text, std::uint8_t tonic = 0);

}  // namespace lilt::abc
