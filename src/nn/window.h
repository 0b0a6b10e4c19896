// What a network reads in one window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/vocabulary.h"

namespace lilt::nn {

// Which streams of a batch a window has, where it is not all of it.
struct BatchPart {
  std::size_t first_stream = 0;
  std::size_t streams = 0;  // of the whole batch; 0: the window is all of it

  // Streams of the whole batch, for a window of `own` streams.
  [[nodiscard]] std::size_t streams_beside(std::size_t own) const {
    return streams == 0 ? own : streams;
  }
  // The row of the whole batch, time-major, for stream n at step t of a window of `own` streams.
  [[nodiscard]] std::size_t row(std::size_t t, std::size_t n, std::size_t own) const {
    return t * streams_beside(own) + first_stream + n;
  }
};

struct WindowInputs {
  WindowInputs(std::span<const Token> text,  // NOLINT: implicit
               std::span<const Token> told = {}, std::span<const std::uint8_t> begins = {})
      : characters(text), features(told), starts(begins) {}
  WindowInputs(const std::vector<Token>& text)  // NOLINT: implicit
      : characters(text) {}

  // [T, N], time-major. kUnknownToken contributes nothing to the first layer.
  std::span<const Token> characters;
  // [K, T, N] for K features; kUnknownToken likewise. Empty: none of them is told.
  std::span<const Token> features;
  // [T, N]: not 0 where a tune starts, before which the state is zero. Empty: nowhere.
  std::span<const std::uint8_t> starts;
};

}  // namespace lilt::nn
