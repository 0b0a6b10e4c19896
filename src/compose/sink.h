// Who receives what is composed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "compose/piece.h"

namespace lilt::compose {

// How far a request has come.
struct Progress {
  std::size_t pieces = 0, of = 0;
  std::uint64_t drawn = 0;  // tunes, those that were not kept among them
};

// With a Session it may submit and cancel requests, with a Driver submit them; nothing else.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // The pieces in their order. Says whether to go on: after false there are no more calls.
  virtual bool take(const Piece& piece) = 0;
  // After each tune that was drawn.
  virtual void drew(const Progress&) {}
};

}  // namespace lilt::compose
