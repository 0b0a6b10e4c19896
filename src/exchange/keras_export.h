// Networks for Keras.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/config.h"
#include "model/vocabulary.h"

namespace lilt::exchange {

enum class KerasFormat : std::uint8_t {
  kArchive,  // .keras: the network, of Keras 3
  kWeights,  // .weights.h5: weights alone, of Keras 3
  kNetwork,  // .h5: the network, of Keras 2 (and 3, but for the hard sigmoid)
};

// The format that a file's name asks for.
[[nodiscard]] std::optional<KerasFormat> keras_format(std::string_view file_name);

// The bytes of a file. Gates of the hard sigmoid become those of Keras 3 in its formats, by
// weights 6/5 as large. A network that is not the classic one (features, residual connections,
// coupled gates, layer normalisation) is an error that names what it has.
[[nodiscard]] Result<std::string> export_keras(const ModelConfig& config,
                                               std::span<const float> weights, KerasFormat format);

// The number of each character as JSON, {"\n": 0, " ": 1, …}.
[[nodiscard]] std::string character_numbers(const Vocabulary& vocabulary);

}  // namespace lilt::exchange
