// A person's tune with new music in it: all else stays as it was, character for character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "abc/stretches.h"
#include "base/result.h"

namespace lilt::compose {

// Bars of a tune, counted as written from 1, pickups not counted.
struct BarSpan {
  int first = 0, last = 0;

  [[nodiscard]] bool contains(int bar) const { return bar >= first && bar <= last; }
};

// Any bars, counted likewise.
class BarSet {
 public:
  BarSet() = default;
  BarSet(const BarSpan& span);             // NOLINT(google-explicit-constructor)
  explicit BarSet(std::vector<int> bars);  // in any order
  [[nodiscard]] bool contains(int bar) const;
  [[nodiscard]] const std::vector<int>& bars() const { return bars_; }  // in their order

 private:
  std::vector<int> bars_;
};

// "bar 5", "bars 5-8" or "bars 1, 5-8".
[[nodiscard]] std::string name_of(const BarSet& bars);

// The bars of a tune that are written anew, and where new music goes in its text.
struct Splice {
  // Of one stretch of the tune as the model reads it.
  struct Place {
    std::vector<abc::Stretch> source;     // in the person's text, where lines may end within it
    int slurs_close = 0, slurs_open = 0;  // of others around it, which it has to close and open
  };
  std::string source;  // the person's text
  BarSet bars;
  std::vector<Place> places;
  bool keeps_symbols = false;  // chord symbols that stand where the person's do are theirs
};

// `read` is the same tune as the model reads it. What cannot be changed by itself is an error.
[[nodiscard]] Result<Splice> plan_splice(const std::string& source, const std::string& read,
                                         const BarSet& bars);

// The person's text with those bars of `tune`, which has as many and the same key and metre.
[[nodiscard]] std::string spliced(const Splice& splice, std::string_view tune);

// Whether there are lyrics under these bars.
[[nodiscard]] bool has_lyrics(const Splice& splice);

// The person's text with its final bar line open, and behind it the music that `tune` has behind so
// many notes, chords and rests.
[[nodiscard]] std::string continued(const std::string& source, std::string_view tune,
                                    std::size_t given);

// The text with a number that is so much higher in its first X: field.
[[nodiscard]] std::string counted_on(std::string text, std::size_t by);

// The notes, chords and rests of a tune.
[[nodiscard]] std::size_t count_timed(std::string_view tune);

}  // namespace lilt::compose
