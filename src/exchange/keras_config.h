// What Keras writes about a network beside its weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/names.h"
#include "base/result.h"

namespace lilt::exchange {

// What squashes the gates of an LSTM in Keras.
enum class KerasGates : std::uint8_t {
  kSigmoid,
  kHardSigmoid,   // of Keras 1 and 2: max(0, min(1, 0.2 x + 0.5))
  kHardSigmoid3,  // of Keras 3, under the same name: max(0, min(1, x / 6 + 0.5))
};
constexpr auto names_of(KerasGates) {
  return names<KerasGates>("sigmoid", "hard_sigmoid", "hard_sigmoid_3");
}

struct KerasConfig {
  std::size_t lstm_layers = 0;
  KerasGates gates = KerasGates::kSigmoid;
  float dropout = 0;  // after LSTM layers
};

// Reads the description of a network, JSON as Keras 1, 2 or 3 (`version`) writes it. One that is
// not an embedding, LSTM layers with or without dropout, a dense layer and softmax is an error that
// names the layer.
[[nodiscard]] Result<KerasConfig> read_keras_config(std::string_view text,
                                                    const std::string& version);

// The error for a network of another kind, of which `found` was found.
[[nodiscard]] Error another_network(const std::string& found);

}  // namespace lilt::exchange
