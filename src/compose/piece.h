// What has been composed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "abc/tune.h"
#include "compose/plan.h"
#include "likeness/novelty.h"

namespace lilt::compose {

// How a tune is related to those that the model learnt.
struct Likeness {
  likeness::NoveltyReport novelty;
  double newer_than = 0;  // per cent of the real tunes
  std::string nearest;    // the title of the nearest known tune, or ""; it comes from a file
  double typicality = 0;  // see StyleProfile
};

struct Piece {
  std::uint64_t seed = 0;  // that gives it again as the only one
  std::size_t number = 0;  // that of its X:, where the tune is new
  abc::Tune tune;          // as read from the text
  std::string text;        // ABC, with its number and where it comes from; ends with an empty line
  double bits_per_note = 0;  // what the model's own prediction costs where it was free to write
  std::uint64_t drawn = 1;   // tunes that were drawn for it, itself among them
  std::optional<Likeness> likeness;  // where it was asked for
  std::shared_ptr<const Plan> plan;
};

// A JSON object; what is not known is left out or null.
[[nodiscard]] std::string to_json(const Piece& piece);

}  // namespace lilt::compose
