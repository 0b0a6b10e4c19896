// What a network reads in one window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/vocabulary.h"

namespace lilt::nn {

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
