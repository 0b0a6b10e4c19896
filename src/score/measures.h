// A voice as measures, the way programs for sheet music want it: repeats and endings belong to
// measures, note heads have a length that one head can have, ties and slurs have two ends.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "abc/tune.h"

namespace lilt::score {

enum class BeamPart : std::uint8_t { kBegin, kContinue, kEnd, kForwardHook, kBackwardHook };

// What one note head, chord or rest says. An element whose length no head has becomes several.
struct Event {
  const abc::Element* element = nullptr;
  abc::Ticks time = 0;     // that it takes
  abc::Ticks nominal = 0;  // that it looks like: without the tuplet's stretch
  bool is_first = true;    // of the element's events
  bool is_last = true;
  bool whole_bar = false;        // a rest for a bar, whatever its length
  std::vector<bool> tied_from;   // for each head: whether a tie comes from the event before
  std::vector<bool> tied_to;     // for each head: whether one goes on to the event behind
  std::vector<int> slur_starts;  // numbers, by which the ends are found
  std::vector<int> slur_stops;
  int p = 1, q = 1;  // p in the time of q
  bool tuplet_starts = false, tuplet_stops = false;
  std::vector<BeamPart> beams;  // the first one is nearest to the heads' end of the stem

  // A note or rest; otherwise a field.
  [[nodiscard]] bool takes_time() const { return time > 0; }
};

struct Measure {
  std::vector<std::vector<Event>> layers{1};  // voices within one, as "&" parts them
  abc::Ticks time = 0;                        // of the first layer
  abc::Ticks bar = 0;                         // what its metre wants; 0 in free metre
  bool is_pickup = false;                     // begins a section and is shorter than a bar
  bool starts_repeat = false, ends_repeat = false;
  bool is_double = false, is_final = false, is_dotted = false;
  bool has_line = true;            // a bar line at its end
  std::int32_t ending = 0;         // that starts here: bit n − 1 for the n-th time
  std::int32_t ending_closed = 0;  // that stops here
};

// Repeats that are only implied are written out, and parts in the order of `order` (a P: field).
// Elements of `voice`, which is changed for that, are pointed to.
[[nodiscard]] std::vector<Measure> to_measures(abc::Voice& voice, const abc::Metre& metre,
                                               const std::string& order);

// What a head of that length looks like: how often a whole note is halved (−1: a breve), and dots.
struct HeadShape {
  int halvings = 0;
  int dots = 0;
  bool exists = false;
};
[[nodiscard]] HeadShape head_shape(abc::Ticks nominal);

}  // namespace lilt::score
