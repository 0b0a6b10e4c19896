#include "abc/diagnostic.h"

#include <array>

#include "base/text.h"

namespace lilt::abc {
namespace {

struct Entry {
  Code code;
  Severity severity;
  std::string_view name;
  std::string_view sentence;
};

constexpr Severity kW = Severity::kWarning, kE = Severity::kError;

constexpr std::array kEntries = {
    Entry{Code::kNone, kW, "none", ""},
    Entry{Code::kBarTooLong, kE, "bar-too-long", "the bar is too long"},
    Entry{Code::kBarTooShort, kE, "bar-too-short", "the bar is too short"},
    Entry{Code::kLastBarShort, kW, "last-bar-short",
          "the last bar is neither full nor the rest of a pickup"},
    Entry{Code::kRepeatMidBar, kE, "repeat-mid-bar",
          "the repeat ends at another place in the bar than it starts"},
    Entry{Code::kRepeatNotClosed, kE, "repeat-not-closed",
          "expected :| to end the repeat that |: started"},
    Entry{Code::kRepeatNotOpened, kW, "repeat-not-opened",
          "no |: before this: the repeat is taken to start with the section"},
    Entry{
        Code::kRepeatUnclear, kE, "repeat-unclear",
        "expected |: before this: after numbered endings programs disagree where a repeat starts"},
    Entry{Code::kEndingNotClosed, kE, "ending-not-closed",
          "expected :| || or |] to close the ending"},
    Entry{Code::kEndingWithoutRepeat, kE, "ending-without-repeat",
          "expected :| before a second ending, found none"},
    Entry{Code::kEndingMissing, kW, "ending-missing", "expected a second ending, found none"},
    Entry{Code::kEndingEmpty, kE, "ending-empty", "expected music in the first ending, found none"},
    Entry{Code::kEndingNumber, kW, "ending-number",
          "expected endings in order from 1, such as |1 … :|2"},
    Entry{Code::kTieToNothing, kE, "tie-to-nothing",
          "expected a note of the same pitch after the tie, found none"},
    Entry{Code::kTieFromNothing, kE, "tie-from-nothing",
          "expected a note before the tie, found none"},
    Entry{Code::kBrokenRhythmUnequal, kE, "broken-rhythm-unequal",
          "expected two notes of the same length around > or <"},
    Entry{Code::kBrokenRhythmAlone, kE, "broken-rhythm-alone",
          "expected a note before and after > or <"},
    Entry{Code::kTupletIncomplete, kW, "tuplet-incomplete",
          "expected more notes in the tuplet, found the end of the bar"},
    Entry{Code::kTupletNested, kE, "tuplet-nested",
          "expected the rest of the tuplet, found another one"},
    Entry{Code::kTupletUnequal, kW, "tuplet-unequal",
          "the notes of the tuplet differ in length; write (p:q:r to say how they count"},
    Entry{Code::kTupletNumber, kE, "tuplet-number", "expected a tuplet of 2 to 9 notes"},
    Entry{Code::kChordEmpty, kE, "chord-empty", "expected notes between [ and ]"},
    Entry{Code::kChordNested, kE, "chord-nested", "expected ], found a chord within a chord"},
    Entry{Code::kChordNotClosed, kE, "chord-not-closed", "expected ] to close the chord"},
    Entry{Code::kChordNotOpened, kE, "chord-not-opened", "found ] without ["},
    Entry{Code::kGraceNotClosed, kE, "grace-not-closed", "expected } to close the grace notes"},
    Entry{Code::kGraceNotOpened, kE, "grace-not-opened", "found } without {"},
    Entry{Code::kGraceWithoutNote, kW, "grace-without-note",
          "expected a note after the grace notes"},
    Entry{Code::kSlurNotClosed, kW, "slur-not-closed", "expected ) to close the slur"},
    Entry{Code::kSlurNotOpened, kW, "slur-not-opened", "found ) without ("},
    Entry{Code::kAccidentalAlone, kE, "accidental-alone", "expected a note after the accidental"},
    Entry{Code::kLengthTooFine, kE, "length-too-fine",
          "expected a usual fraction as a length, such as 3/2"},
    Entry{Code::kLengthZero, kE, "length-zero", "expected a length that is not 0"},
    Entry{Code::kPitchRange, kE, "pitch-range", "expected a note between C,,,, and b'''"},
    Entry{Code::kChordSymbol, kE, "chord-symbol",
          "expected a chord symbol such as \"G\", \"Am7\" or \"D/F#\", or a text that begins with "
          "^ _ < > or @"},
    Entry{Code::kChordSymbolUnusual, kW, "chord-symbol-unusual",
          "expected a chord symbol that every program knows, such as \"Am7\"; some will not play "
          "this"},
    Entry{Code::kQuoteNotClosed, kE, "quote-not-closed", "expected \" to close the text"},
    Entry{Code::kDecorationNotClosed, kW, "decoration-not-closed",
          "expected + to close the decoration"},
    Entry{Code::kLineEndMark, kW, "line-end-mark",
          "expected a decoration such as !trill!, found ! alone: read as the end of a line, as in "
          "old "
          "files"},
    Entry{Code::kUnknownCharacter, kE, "unknown-character", "expected music"},
    Entry{Code::kLengthAlone, kE, "length-alone", "expected a note before the length"},
    Entry{Code::kFieldMissingX, kW, "field-missing-x", "expected an X: field at the beginning"},
    Entry{Code::kFieldMissingT, kW, "field-missing-t", "expected a title, T:, in the header"},
    Entry{Code::kFieldMissingM, kW, "field-missing-m", "expected a metre, M:, in the header"},
    Entry{Code::kFieldMissingK, kE, "field-missing-k",
          "expected a key, K:, to end the header; found the end of the tune"},
    Entry{Code::kFieldKey, kE, "field-key", "expected a key such as K:D, K:Am or K:Gmix"},
    Entry{Code::kFieldMetre, kE, "field-metre", "expected a metre such as M:6/8, M:C or M:none"},
    Entry{Code::kFieldUnit, kE, "field-unit", "expected a unit note length such as L:1/8"},
    Entry{Code::kFieldNotClosed, kE, "field-not-closed", "expected ] to close the field"},
    Entry{Code::kFieldOrder, kW, "field-order",
          "found a field of the header in the music; is an empty line missing before it?"},
    Entry{Code::kHeaderText, kE, "header-text", "expected a field such as T: or K: in the header"},
    Entry{Code::kNoMusic, kW, "no-music", "the tune has no music"},
    Entry{Code::kSeveralVoices, kW, "several-voices", "the tune has several voices"},
    Entry{Code::kEncoding, kW, "encoding", "expected UTF-8, found other bytes: read as Latin-1"},
    Entry{Code::kTuneTooLong, kE, "tune-too-long",
          "expected the end of the tune, found more than 16 MB; the rest is left out"},
    Entry{Code::kNoTune, kE, "no-tune",
          "expected a tune, which begins with a line such as X:1; found none"},
};

constexpr bool is_in_order() {
  if (kEntries.size() != static_cast<std::size_t>(Code::kCount)) return false;
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    if (kEntries[i].code != static_cast<Code>(i)) return false;
  }
  return true;
}
static_assert(is_in_order(), "one entry for each code, in the order of the codes");

const Entry& entry(Code code) { return kEntries[static_cast<std::size_t>(code)]; }

}  // namespace

Severity severity(Code code) { return entry(code).severity; }

std::string_view name(Code code) { return entry(code).name; }

std::string describe(const Problem& problem) {
  std::string text(entry(problem.code).sentence);
  switch (problem.code) {
    case Code::kBarTooLong:
    case Code::kBarTooShort:
    case Code::kLastBarShort:
    case Code::kRepeatMidBar:
      return text + ": expected " + to_rational(problem.expected).to_string() + ", found " +
             to_rational(problem.found).to_string();
    case Code::kUnknownCharacter:
      return text + ", found " + lilt::describe(static_cast<char32_t>(problem.found));
    default:
      return text;
  }
}

}  // namespace lilt::abc
