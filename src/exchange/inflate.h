// Data compressed by DEFLATE (RFC 1951), as in ZIP archives.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lilt::exchange {

// The `size` bytes that were compressed; nothing where the data are damaged or hold another number
// of bytes.
[[nodiscard]] std::optional<std::vector<std::byte>> inflate(std::span<const std::byte> data,
                                                            std::size_t size);

}  // namespace lilt::exchange
