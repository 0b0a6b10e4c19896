// Where the windows of a run come from.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/vocabulary.h"
#include "nn/window.h"

namespace lilt::train {

// What is learnt from in one update, time-major.
struct Window {
  std::vector<Token> inputs, targets;  // [T, N]
  std::vector<Token> features;         // [K, T, N]
  std::vector<std::uint8_t> starts;    // [T, N]; empty: no tune starts afresh

  [[nodiscard]] nn::WindowInputs view() const { return {inputs, features, starts}; }
};

// Which window is wanted.
struct WindowPlace {
  std::uint64_t epoch = 0;   // from 0
  std::uint64_t window = 0;  // of the epoch
  double done = 0;           // share of the whole run, 0 … 1
};

class Source {
 public:
  virtual ~Source() = default;

  [[nodiscard]] virtual std::size_t windows() const = 0;     // of an epoch
  [[nodiscard]] virtual std::size_t characters() const = 0;  // learnt from
  // Fills the next window. They are asked for in order, from the first or from where restore() set.
  virtual void fill(const WindowPlace& place, Window& window) = 0;

  // What a checkpoint keeps so that the next window is the same; false: it is none of this source.
  [[nodiscard]] virtual std::vector<std::uint64_t> state() const { return {}; }
  [[nodiscard]] virtual bool restore(std::span<const std::uint64_t> state) { return state.empty(); }
};

}  // namespace lilt::train
