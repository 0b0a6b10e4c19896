// The layer table, as text.
#pragma once

#include <cstddef>
#include <string>

#include "model/config.h"

namespace lilt::cli {

// One line a layer, then total, trainable and non-trainable parameters. `batch` and `steps` are 0
// when they are free.
[[nodiscard]] std::string layer_table_text(const ModelConfig& config, std::size_t batch,
                                           std::size_t steps);

}  // namespace lilt::cli
