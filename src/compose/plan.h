// What a request comes to, before the first note: what the tune has to be, and of which segments it
// is made, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "abc/character_set.h"
#include "abc/header.h"
#include "abc/next_characters.h"
#include "abc/outline.h"
#include "base/result.h"
#include "compose/accompaniment.h"
#include "compose/sketch.h"
#include "compose/splice.h"
#include "compose/wishes.h"
#include "model/config.h"

namespace lilt::compose {

// Text that is given.
struct Given {
  std::string text;
};

// What is drawn, up to a place.
struct Free {
  enum class Until : std::uint8_t {
    kLineEnd,    // the end of the line, of a title
    kHeaderEnd,  // the end of the header
    kFilled,     // where the bar is filled so far and nothing is open: what is given goes on there
    kSection,    // where the music of a section begins
    kTuneEnd,
  };
  Until until = Until::kTuneEnd;
  abc::Ticks filled = 0;             // kFilled
  std::size_t section = 0;           // kSection, from 0
  bool in_repeat = false;            // kSection: behind its |:
  abc::CharacterSet not_first = {};  // with what it does not begin
};

// The music of an earlier section once more.
struct Copy {
  std::size_t section = 0;
};

// What was written in these segments once more.
struct Again {
  std::size_t first = 0, last = 0;
};

using Segment = std::variant<Given, Free, Copy, Again>;

// The kinds of plan, and what only they have.
struct NewTune {
  abc::Header kept;  // lines of the header that the model is not told
};
struct Continuation {
  std::string source;     // the given tune as the person wrote it
  std::size_t given = 0;  // its notes, chords and rests as the model reads it
};
struct Rewriting {
  Splice splice;
  std::string original;  // the tune that is rewritten, as the model reads it
  bool all_new = false;  // each of the bars is to be another
};
struct Harmonising {
  std::string source;              // the given tune as the person wrote it, without chord symbols
  std::string tune;                // as the model reads it
  abc::Key key;                    // likewise
  std::vector<ChordPlace> places;  // in that
};

// How a tune that was written with the tonic C sounds and is shown.
struct Sounding {
  abc::Key key;
  abc::Ticks unit = abc::kWholeNote / 8;
  std::string start = {}, start_in_c = {};  // the opening as it is shown, and as it was written
};

struct Plan {
  std::variant<NewTune, Continuation, Rewriting, Harmonising> kind;
  // All that follows is in the key and unit in which the model reads and writes.
  abc::Requirements requirements;
  std::vector<Segment> segments;     // the last one reaches to the end of the tune
  std::vector<std::string> remarks;  // what may have been meant otherwise, for people
  // Of a model of text in C: how the tune is to sound, and what the model is told of it.
  std::optional<Sounding> sounding;
  std::optional<abc::Outline> outline;
  std::optional<Progression> progression;  // that it is written over
  bool keeps_to_outline = false;           // the form is that of the outline
  bool copies_returns = false;             // which was asked for: what returns exactly is copied

  [[nodiscard]] bool has_copies() const;
  // Whether the model finds the title.
  [[nodiscard]] bool has_free_title() const;
};

// What a new tune is wished to be, checked.
struct NewTuneWishes {
  Wishes all;  // those of the opening's fields too
  WishedTune tune;
  abc::Header kept;  // lines of the header that the model is not told
};
// What cannot be, alone or together, is an error that names the field.
[[nodiscard]] Result<NewTuneWishes> check_wishes(const Wishes& wishes,
                                                 const abc::Alphabet& alphabet);

// Refuses an opening that a model of text in C, which writes its last note, cannot go on from.
[[nodiscard]] Status check_start_in_c(const NewTuneWishes& wishes, const abc::Alphabet& alphabet);

// A new tune for a model of text in the keys of the tunes.
[[nodiscard]] Plan plan_new_tune(const NewTuneWishes& wishes);
[[nodiscard]] Result<Plan> plan_new_tune(const Wishes& wishes, const abc::Alphabet& alphabet);
// A new tune for a model of text in C.
[[nodiscard]] Plan plan_new_tune(const NewTuneWishes& wishes, const Sketch& sketch);

// To go on where a tune ends: its final bar line opens. wishes.bars is how many the whole tune
// gets; none: eight more.
[[nodiscard]] Result<Plan> plan_continuation(const std::string& tune, const Wishes& wishes,
                                             const abc::Alphabet& alphabet,
                                             const TextConfig& form = {});

// To write these bars of a tune anew. All else, bar lines and repeats within these bars too, stays
// as the person wrote it. A slur into these bars or out of them stays, a tie out of them does not.
[[nodiscard]] Result<Plan> plan_rewriting(const std::string& tune, const BarSpan& bars,
                                          const Wishes& wishes, const abc::Alphabet& alphabet,
                                          const TextConfig& form = {});

// To put chord symbols under a tune, in place of those that it has. All else stays as the person
// wrote it. It has no segments: a Harmoniser carries it out.
[[nodiscard]] Result<Plan> plan_harmonising(const std::string& tune, const Wishes& wishes,
                                            const abc::Alphabet& alphabet,
                                            const TextConfig& form = {});

}  // namespace lilt::compose
