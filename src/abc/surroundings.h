// What surrounds the next character of a tune: where in the bar, the section and the form it will
// stand, which key, chord and note are in force, and what the tune had at the same place some bars
// before. It is what a network can be told besides the characters themselves; each item is a small
// number, to be looked up in a table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "abc/cursor.h"
#include "abc/outline.h"
#include "base/result.h"

namespace lilt::abc {

struct Feature {
  std::string_view name;
  std::size_t values;  // it is one of 0 … values − 1
};

// Places in Surroundings::values() and in kFeatures. 0 means that there is nothing to tell.
enum class FeatureIndex : std::uint8_t {
  kDialect,   // which collection the tune could be of
  kField,     // which field of the header, or of the music
  kMetre,     // in force
  kPosition,  // how much of the bar is filled
  kLeft,      // how much is not
  kBar,       // which bar of the section
  kForm,      // which section, whether it is repeated, which ending
  kKey,       // mode and signature
  kState,     // inside of a tuplet, chord, slur, tie, grace
  kDegree,    // the last note, in semitones above the tonic
  kChord,     // the last chord symbol, its root above the tonic
  // Memories: the character that came next at the same place of an earlier bar, ASCII.
  kBar1,        // one bar before
  kBar2,        // two bars before
  kBar4,        // four bars before
  kBar8,        // eight bars before
  kSection,     // the same bar of the section before
  kRepetition,  // where the longest run of characters up to here was seen before
  // How many characters in a row each of these has told rightly up to here.
  kBar1Streak,
  kBar2Streak,
  kBar4Streak,
  kBar8Streak,
  kSectionStreak,
  kRepetitionStreak,
  // What is to come, of the tune's outline.
  kTonic,        // with which it sounds
  kDance,        // which it is
  kToldMetre,    // of its beginning, from the first character on
  kChorded,      // whether it has chord symbols
  kSectionBars,  // left in the section
  kTuneBars,     // left in the tune
  kSectionKind,  // whether it is repeated, has endings, is an ending; sections left
  kEnding,       // bars up to the first ending
  kReturn,       // how the bar to come relates to earlier ones
  kRest,         // on which degree, and how long, the phrase comes to rest
  kRestBars,     // bars up to there
  kShift,        // steps by which a sequence is moved
  kDensity,      // notes a bar
  kLowest,       // note of the tune
  kHighest,      // likewise
  kChordRate,    // chord symbols a bar
  kPlanned,      // a memory: of the bar that is to return
  kPlannedStreak,
  kHeight,  // of the phrase, as planned
};

inline constexpr std::array kFeatures = {
    Feature{"dialect", 64},
    Feature{"field", 32},
    Feature{"metre", 20},
    Feature{"position", 97},
    Feature{"left", 97},
    Feature{"bar", 33},
    Feature{"form", 33},
    Feature{"key", 107},
    Feature{"state", 65},
    Feature{"degree", 61},
    Feature{"chord", 49},
    Feature{"bar-1", 128},
    Feature{"bar-2", 128},
    Feature{"bar-4", 128},
    Feature{"bar-8", 128},
    Feature{"section", 128},
    Feature{"repetition", 128},
    Feature{"bar-1-streak", 8},
    Feature{"bar-2-streak", 8},
    Feature{"bar-4-streak", 8},
    Feature{"bar-8-streak", 8},
    Feature{"section-streak", 8},
    Feature{"repetition-streak", 8},
    Feature{"tonic", 13},
    Feature{"dance", kDanceKinds},
    Feature{"told-metre", 20},
    Feature{"chorded", 3},
    Feature{"section-bars", 34},
    Feature{"tune-bars", 66},
    Feature{"section-kind", 25},
    Feature{"ending", 10},
    Feature{"return", kReturns},
    Feature{"rest", 37},
    Feature{"rest-bars", 6},
    Feature{"shift", 2 * kMostShift + 2},
    Feature{"density", kDensities},
    Feature{"lowest", kPitches},
    Feature{"highest", kPitches},
    Feature{"chord-rate", kChordRates},
    Feature{"planned", 128},
    Feature{"planned-streak", 8},
    Feature{"height", kHeights},
};
static_assert(kFeatures.size() == static_cast<std::size_t>(FeatureIndex::kHeight) + 1,
              "one for each index");

// The place of a feature in kFeatures.
[[nodiscard]] std::optional<std::size_t> find_feature(std::string_view name);

// The places of features that a network was trained with. One that this version does not know, or
// knows otherwise, is an error.
[[nodiscard]] Result<std::vector<std::size_t>> feature_places(std::span<const Feature> features);

// Reads a tune along with the network. Memory: 20 bytes a character of the tune.
class Surroundings {
 public:
  Surroundings() { reset(); }

  // At the start of a tune, before its X: line. Keeps the memory that it has. A dialect is one of
  // those a model knows, counted from 1, or 0 for any. The outline, where one is known, must
  // outlive the reading of the tune.
  void reset(std::uint8_t dialect = 0, const Outline* outline = nullptr);
  // Reads one more character. Allocates nothing once a tune as long has been read.
  void push(char32_t c);

  // What surrounds the character to come, by FeatureIndex.
  [[nodiscard]] std::span<const std::uint8_t> values() const { return values_; }
  // Of these the streaks, in the order of their memories.
  [[nodiscard]] std::span<const std::uint8_t> streaks() const {
    return values().subspan(static_cast<std::size_t>(FeatureIndex::kBar1Streak), kMemories);
  }
  [[nodiscard]] const Cursor& cursor() const { return cursor_; }
  // The steps (bit s for step s) of which a note, written next as it stands, would be a false
  // relation to the chord symbol in force: the letter of one of its notes with another accidental,
  // such as C sharp over "Am".
  [[nodiscard]] std::uint32_t false_relations() const;
  // The last note's MIDI number; none before the first.
  [[nodiscard]] std::optional<std::int32_t> last_note() const {
    return has_note_ ? std::optional(note_) : std::nullopt;
  }
  // Whether something stands in the bar already.
  [[nodiscard]] bool is_within_bar() const;

 private:
  static constexpr std::size_t kMemories = 6;
  static_assert(static_cast<std::size_t>(FeatureIndex::kBar1Streak) ==
                    static_cast<std::size_t>(FeatureIndex::kBar1) + kMemories,
                "a streak for each memory, in the same order");
  static constexpr std::uint32_t kNowhere = 0xFFFFFFFF;

  // Where in the music a character stands.
  struct Place {
    Ticks filled = kNoMusic;     // of the bar
    std::uint32_t repeated = 0;  // characters before it since that, or since the mark
    char32_t mark = 0;           // what stands before it, if that belongs to a bar line
    bool in_quotes = false;
  };
  static constexpr Ticks kNoMusic = -1;
  static constexpr std::int8_t kNoStep = 99;

  void note(const Events& events);
  void note_chord_symbol();
  void keep_streaks(char32_t c);
  void follow_repetition(char32_t c);
  void place(char32_t c, const Cursor& settled);
  void describe_place(const Cursor& settled);
  void look_ahead(const Cursor& settled);
  void look_ahead_in_section(const Cursor& settled, const OutlineSection& section);
  void recall(const Cursor& settled);
  [[nodiscard]] std::uint32_t find(std::int64_t bar) const;
  [[nodiscard]] std::uint8_t character_at(std::uint32_t position) const;
  [[nodiscard]] std::uint8_t moved_character_at(std::uint32_t position, int steps) const;
  std::uint8_t& value(FeatureIndex index) { return values_[static_cast<std::size_t>(index)]; }

  Cursor cursor_;
  const Outline* outline_ = nullptr;
  Events events_;
  std::array<std::uint8_t, kFeatures.size()> values_{};
  std::array<std::uint32_t, kMemories> streaks_{};

  std::vector<char32_t> text_;              // so far
  std::vector<Place> places_;               // before each character of text_, and after the last
  std::vector<std::uint32_t> bar_starts_;   // the first place of each bar
  std::vector<std::int64_t> section_bars_;  // the first bar of each section

  // The longest repetition: text_[repetition_] is what would come next.
  std::uint32_t repetition_ = kNowhere;
  std::uint32_t repetition_size_ = 0;
  std::uint32_t planned_streak_ = 0;  // characters in a row that the bar to return told rightly
  std::vector<std::uint32_t>
      last_seen_;  // by a hash of the characters before: the place after them

  bool has_note_ = false, has_chord_ = false;
  std::int32_t note_ = 0;                      // MIDI number
  std::uint8_t chord_root_ = 0;                // pitch class
  std::uint8_t chord_class_ = 0;               // major, minor, seventh, other
  std::array<std::int8_t, 7> chord_alters_{};  // of each step that the chord has; else kNoStep
  std::array<std::int8_t, 7> alters_{};        // of each step, accidentals in this bar considered
};

}  // namespace lilt::abc
