// What can be wrong with a tune.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "abc/duration.h"

namespace lilt::abc {

enum class Code : std::uint8_t {
  kNone,
  // Bars, repeats and endings
  kBarTooLong,
  kBarTooShort,
  kLastBarShort,
  kRepeatMidBar,
  kRepeatNotClosed,
  kRepeatNotOpened,
  kRepeatUnclear,
  kEndingNotClosed,
  kEndingWithoutRepeat,
  kEndingMissing,
  kEndingEmpty,
  kEndingNumber,
  // Notes
  kTieToNothing,
  kTieFromNothing,
  kBrokenRhythmUnequal,
  kBrokenRhythmAlone,
  kTupletIncomplete,
  kTupletNested,
  kTupletUnequal,
  kTupletNumber,
  kChordEmpty,
  kChordNested,
  kChordNotClosed,
  kChordNotOpened,
  kGraceNotClosed,
  kGraceNotOpened,
  kGraceWithoutNote,
  kSlurNotClosed,
  kSlurNotOpened,
  kAccidentalAlone,
  kLengthTooFine,
  kLengthZero,
  kPitchRange,
  // Text
  kChordSymbol,
  kChordSymbolUnusual,
  kQuoteNotClosed,
  kDecorationNotClosed,
  kLineEndMark,
  kUnknownCharacter,
  kLengthAlone,
  // Fields
  kFieldMissingX,
  kFieldMissingT,
  kFieldMissingM,
  kFieldMissingK,
  kFieldKey,
  kFieldMetre,
  kFieldUnit,
  kFieldNotClosed,
  kFieldOrder,
  kHeaderText,
  // The tune
  kNoMusic,
  kSeveralVoices,
  kEncoding,
  // The file
  kTuneTooLong,
  kNoTune,
  kCount,
};

enum class Severity : std::uint8_t { kWarning, kError };

[[nodiscard]] Severity severity(Code code);
// The stable name of a code, for programs: "bar-too-long".
[[nodiscard]] std::string_view name(Code code);

// Something wrong, found in the text from `begin` to `end` (bytes from where the reading started).
struct Problem {
  Code code = Code::kNone;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  Ticks found = 0;     // of bars: how much music there is; of characters: which one
  Ticks expected = 0;  // of bars: how much there should be
};

// A sentence: what was expected and what was found.
[[nodiscard]] std::string describe(const Problem& problem);

}  // namespace lilt::abc
