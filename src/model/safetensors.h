// The safetensors container (github.com/huggingface/safetensors): an 8-byte little-endian header
// length, a JSON header, then the tensors' bytes without holes. Files come from strangers: every
// size and offset is checked before it is used, and nothing is allocated on a file's say-so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt {

enum class DataType : std::uint8_t { kF16, kF32, kF64, kU64, kI8 };
inline constexpr std::size_t kDataTypeCount = 5;

[[nodiscard]] std::string_view name(DataType type);
[[nodiscard]] std::size_t bytes_per_element(DataType type);

struct TensorView {
  std::string name;
  DataType type = DataType::kF32;
  std::vector<std::size_t> shape;
  std::span<const std::byte> bytes;

  [[nodiscard]] std::size_t elements() const { return bytes.size() / bytes_per_element(type); }
};

struct SafetensorsView {
  std::map<std::string, std::string> metadata;
  std::vector<TensorView> tensors;  // in the order of their bytes

  [[nodiscard]] const TensorView* find(std::string_view name) const;
};

// Reads a file's bytes. The views point into `file`, which must outlive them.
[[nodiscard]] Result<SafetensorsView> parse_safetensors(std::span<const std::byte> file);

// The header for these tensors: the length, the JSON, and spaces up to a multiple of 8 bytes.
// The file is the header followed by each tensor's bytes in the same order.
[[nodiscard]] std::string safetensors_header(const std::map<std::string, std::string>& metadata,
                                             std::span<const TensorView> tensors);

}  // namespace lilt
