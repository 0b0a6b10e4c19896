// The run of lilt compose: which tunes are drawn, which are kept, in which order they come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "abc/next_characters.h"
#include "base/result.h"
#include "compose/composer.h"
#include "compose/wishes.h"
#include "infer/weights.h"
#include "likeness/novelty.h"
#include "likeness/style.h"
#include "model/vocabulary.h"

namespace lilt::cli {

// All that tunes are composed with; what is null is not there.
struct Workbench {
  const infer::Weights& weights;
  const Vocabulary& vocabulary;
  const abc::Alphabet& alphabet;
  const compose::Plan& plan;
  compose::WritingOptions writing;
  const likeness::Novelty* titles = nullptr;   // whose titles are taken
  const likeness::Novelty* novelty = nullptr;  // to redraw what is not new enough
  const likeness::StyleProfile* style = nullptr;
};

struct ComposeOrder {
  std::uint64_t seed = 0;  // of the first tune; the next has the next
  std::size_t tunes = 1;
  std::size_t best_of = 1;  // candidates for each tune
  double newer_than = 0;    // per cent of the real tunes
  std::size_t threads = 1;
};

struct ComposedTune {
  std::size_t number = 0;  // from 1
  std::uint64_t seed = 0;
  compose::Composition composition;
  std::string text;  // with its number and where it comes from
};

struct ComposeFigures {
  std::size_t tunes = 0;  // that were kept
  std::uint64_t drawn = 0, characters = 0;
};

// Composes, and gives the tunes in their order, one at a time, to take(); progress on standard
// error. Stops early when interrupted. Everything but `threads` decides what the tunes are.
[[nodiscard]] Result<ComposeFigures> compose_tunes(
    const Workbench& bench, const ComposeOrder& order,
    const std::function<void(const ComposedTune&)>& take);

}  // namespace lilt::cli
