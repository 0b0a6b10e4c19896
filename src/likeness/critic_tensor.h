// A critic in a model file: the tensor `critic` (docs/model-file.md).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/result.h"
#include "likeness/critic.h"
#include "model/model_file.h"
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

// Puts the critic in the place of the one that a file may have had; it has to outlive the parts.
void put_critic(const CriticTensor& critic, ModelParts& parts);

// The critic of a model; none where it has none, or one of other habits than this version knows. A
// damaged one is an error.
[[nodiscard]] Result<std::optional<Critic>> read_critic(const SafetensorsView& file);

}  // namespace lilt::likeness
