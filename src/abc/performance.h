// A tune as it sounds: repeats and endings played out, ties joined.
#pragma once

#include <vector>

#include "abc/tune.h"

namespace lilt::abc {

struct Sound {
  int pitch = 0;  // MIDI note number
  Ticks start = 0;
  Ticks length = 0;
  bool is_grace = false;

  friend bool operator==(const Sound&, const Sound&) = default;
};

struct PerformanceOptions {
  // Grace notes take a quarter of their written length from the note they belong to, as abc2midi
  // plays them; without them that note has its full length.
  bool graces = true;
};

// The sounds of one voice, in the order of their starts; those of a chord upwards. `order` is the
// text of the header's P: field, such as "AABB", or "".
//
// Repeats are played as abc2midi plays them, which is how most people have heard their ABC files: a
// :| without |: goes back to the last :| or ||, or to the start; a :| that closes a second ending
// goes back once more. A tie belongs to the next note of its pitch in the order of writing.
[[nodiscard]] std::vector<Sound> perform(const Voice& voice, const std::string& order,
                                         const PerformanceOptions& options = {});

// All voices of a tune together, transposed by what its key field says.
[[nodiscard]] std::vector<Sound> perform(const Tune& tune, const PerformanceOptions& options = {});

// Writes out repeats that are only implied: afterwards every :| and every first ending has its |:.
void write_out_repeats(Voice& voice);

}  // namespace lilt::abc
