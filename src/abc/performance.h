// A tune as it sounds: repeats and endings played out, ties joined.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "abc/key.h"
#include "abc/tune.h"

namespace lilt::abc {

struct Sound {
  int pitch = 0;  // MIDI note number
  Ticks start = 0;
  Ticks length = 0;
  bool is_grace = false;  // a grace note, or one that an ornament adds
  Extent place;           // of the note or chord

  // Whether they sound the same, wherever they are written.
  friend bool operator==(const Sound& a, const Sound& b) {
    return a.pitch == b.pitch && a.start == b.start && a.length == b.length &&
           a.is_grace == b.is_grace;
  }
};

struct PerformanceOptions {
  // Grace notes take a quarter of their written length from the note they belong to, as abc2midi
  // plays them; without them that note has its full length.
  bool graces = true;
  // Trills (T) alternate with the step above in thirty-second notes, rolls (~) have a short upper
  // neighbour, and dotted quarters also a lower one, as abc2midi plays them; steps are those of
  // this key until it changes. Without it the note is played.
  std::optional<Key> ornaments_in = std::nullopt;
};

// An element in its turn.
struct Turn {
  std::size_t element = 0;
  Ticks start = 0;
  Ticks time = 0;  // that it takes
};

// A voice as it goes on, its repeats, endings and parts played out.
struct Course {
  std::vector<Element> elements;
  std::vector<Turn> turns;
};

// `order` is the text of the header's P: field, such as "AABB", or "".
//
// Repeats are played as abc2midi plays them, which is how most people have heard their ABC files:
// the first :| goes back to the beginning if there is no |: before it, a later one to the last :|
// or double bar line; a :| that closes a second ending goes back once more. A tie belongs to the
// next note of its pitch in the order of writing. Notes with a staccato dot sound for half their
// time.
[[nodiscard]] Course course_of(const Voice& voice, const std::string& order);

// The sounds of a course, in the order of their starts; those of a chord upwards.
[[nodiscard]] std::vector<Sound> perform(const Course& course,
                                         const PerformanceOptions& options = {});

// The same of a voice.
[[nodiscard]] std::vector<Sound> perform(const Voice& voice, const std::string& order,
                                         const PerformanceOptions& options = {});

// All voices of a tune together, transposed by what its key field says.
[[nodiscard]] std::vector<Sound> perform(const Tune& tune, const PerformanceOptions& options = {});

// The elements of a voice with its parts in that order, as "AABB" or "A2(BC)3"; all of them as they
// are if there are no parts or no order. Labels (P: fields) are left out.
[[nodiscard]] std::vector<Element> play_parts(const Voice& voice, const std::string& order);

// Whether every element of the voice comes in that order of its parts: each part has a name of its
// own, which the order has.
[[nodiscard]] bool plays_all_parts(const Voice& voice, const std::string& order);

// Writes out repeats that are only implied: afterwards every :| and every first ending has its |:.
// Where a repeat without |: comes after numbered endings, programs disagree about where it starts:
// with `after_endings` it is taken to start with its section, otherwise it is left alone.
void write_out_repeats(Voice& voice, bool after_endings);

}  // namespace lilt::abc
