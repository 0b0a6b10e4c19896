// What notes cost that the tune itself foretold, and what new ones cost.
#pragma once

#include <cstddef>
#include <span>

#include "corpus/tunes.h"
#include "model/vocabulary.h"

namespace lilt::eval {

struct NoteFigures {
  std::size_t notes = 0;
  double bits = 0;

  [[nodiscard]] double bits_per_note() const;  // 0 where there are none
};

// The notes and rests of the bodies of tunes, and all the bits of these bodies.
struct NoteSplit {
  // Notes of which at least one memory of abc::Surroundings (the same place one, two, four and
  // eight bars before or in the section before, and the longest repetition) told the letter.
  NoteFigures foretold;
  NoteFigures fresh;
};

// `bits` is what each token of `tunes` costs. To a note belong its letter, its octave, length, tie
// and broken rhythm, and what stands before it: accidental, chord symbol, bar line; to the last
// note of a tune also what stands behind it.
[[nodiscard]] NoteSplit split_notes(const corpus::TuneSet& tunes, const Vocabulary& vocabulary,
                                    std::span<const double> bits);

}  // namespace lilt::eval
