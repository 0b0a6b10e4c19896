// A critic in a model file: the tensor `critic` (docs/model-file.md).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/result.h"
#include "likeness/critic.h"
#include "model/safetensors.h"

namespace lilt::likeness {

inline constexpr const char* kCriticTensor = "critic";

class CriticTensor {
 public:
  explicit CriticTensor(const Critic& critic);

  // Valid as long as this is.
  [[nodiscard]] TensorView tensor() const;

 private:
  std::vector<double> values_;
  std::size_t rows_ = 0;
};

// The critic of a model; none where it has none, or one of other habits than this version knows. A
// damaged one is an error.
[[nodiscard]] Result<std::optional<Critic>> read_critic(const SafetensorsView& file);

}  // namespace lilt::likeness
