// One step of a network after another, as composing and evaluating need it.
#pragma once

#include <cstddef>
#include <span>

#include "model/vocabulary.h"

namespace lilt::infer {

// Several independent tunes in step, each a stream with its own state.
class Network {
 public:
  virtual ~Network() = default;

  // Zero state for one stream.
  virtual void reset(std::size_t stream) = 0;

  // Feeds tokens[n] to stream n and, of each feature k of the model, features[k, n] (all or none);
  // returns the logits [streams, V] of the characters that follow. An unknown token contributes
  // nothing to the first layer. Allocates nothing.
  virtual std::span<const float> step(std::span<const Token> tokens,
                                      std::span<const Token> features) = 0;
};

}  // namespace lilt::infer
