// Networks for ONNX: onnxruntime and whatever else runs its graphs.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "model/config.h"
#include "model/vocabulary.h"

namespace lilt::exchange {

enum class OnnxForm : std::uint8_t {
  kStep,    // one character of each text
  kWindow,  // any number of characters, one after another
};

// The bytes of a file; docs/onnx.md says what goes in and comes out. Made of primitive operators,
// in a window within one Scan. A network of more than 2 GiB, which a file of ONNX cannot hold, is
// an error.
[[nodiscard]] Result<std::string> export_onnx(const ModelConfig& config,
                                              const Vocabulary& vocabulary,
                                              std::span<const float> weights, OnnxForm form);

}  // namespace lilt::exchange
