// The weights in an HDF5 file of Keras, layer by layer.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "exchange/hdf5.h"

namespace lilt::exchange {

struct KerasLayer {
  std::string name;
  std::vector<const Hdf5Array*> weights;
};

// The layers that have weights, from the input to the output. Keras 1 and 2 tell their names in
// order; files of Keras 3 (.weights.h5) number the layers of each kind. The arrays are those of
// `file`.
[[nodiscard]] Result<std::vector<KerasLayer>> read_keras_weights(const Hdf5Object& file);

}  // namespace lilt::exchange
