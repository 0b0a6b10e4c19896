// What a model knows of the tunes that it learnt, as it carries it: the tensors known.* of the
// model file (docs/model-file.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "likeness/novelty.h"
#include "likeness/style.h"
#include "model/model_file.h"

namespace lilt::likeness {

// What a model file needs besides, to know these tunes and what is usual in them.
class KnownTensors {
 public:
  KnownTensors(const Novelty& novelty, const StyleProfile& style);
  KnownTensors(const KnownTensors&) = delete;
  KnownTensors& operator=(const KnownTensors&) = delete;

  // Valid as long as this is.
  [[nodiscard]] std::vector<TensorView> tensors() const;
  [[nodiscard]] static std::pair<std::string, std::string> metadata();

 private:
  std::vector<std::uint64_t> windows_, tunes_, titles_;
  std::vector<double> real_;
  std::vector<std::uint64_t> style_;
  std::vector<double> scores_;
};

// Puts the index in the place of the one that a file may have had; it has to outlive the parts.
void put_known(const KnownTensors& known, ModelParts& parts);

[[nodiscard]] bool is_known_tensor(std::string_view name);
[[nodiscard]] bool is_known_metadata(std::string_view key);

// Leaves of the index the titles and what is usual: a model then no longer tells how new a tune is,
// and needs 4 bytes less for each note of the tunes that it learnt. It composes the same tunes.
void forget_melodies(ModelParts& parts);

// Whether a model knows its tunes, or at least their titles and what is usual in them.
[[nodiscard]] bool has_known_tunes(const SafetensorsView& file);
[[nodiscard]] bool has_known_titles(const SafetensorsView& file);

// Reads the tunes, or what is usual in them. A file without them, or with others than this version
// writes, is an error.
[[nodiscard]] Result<Novelty> read_known_tunes(const SafetensorsView& file);
// The titles alone, which takes a tenth of the time: to this one every melody is new.
[[nodiscard]] Result<Novelty> read_known_titles(const SafetensorsView& file);
[[nodiscard]] Result<StyleProfile> read_known_style(const SafetensorsView& file);

}  // namespace lilt::likeness
