// The tunes that a model knows, as it carries them: the tensors known.* of the model file
// (docs/model-file.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "compose/novelty.h"
#include "model/safetensors.h"

namespace lilt::compose {

// What a model file needs besides, to know these tunes.
class KnownTensors {
 public:
  explicit KnownTensors(const Novelty& novelty);
  KnownTensors(const KnownTensors&) = delete;
  KnownTensors& operator=(const KnownTensors&) = delete;

  // Valid as long as this is.
  [[nodiscard]] std::vector<TensorView> tensors() const;
  [[nodiscard]] static std::pair<std::string, std::string> metadata();

 private:
  std::vector<std::uint64_t> windows_, tunes_, titles_;
  std::vector<double> real_;
};

[[nodiscard]] bool is_known_tensor(std::string_view name);
[[nodiscard]] bool is_known_metadata(std::string_view key);

// Whether a model knows its tunes.
[[nodiscard]] bool has_known_tunes(const SafetensorsView& file);

// Reads them. A file without them, or with others than this version writes, is an error.
[[nodiscard]] Result<Novelty> read_known_tunes(const SafetensorsView& file);

}  // namespace lilt::compose
