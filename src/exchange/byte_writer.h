// Numbers and texts as the bytes of a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace lilt::exchange {

// Numbers have their lowest byte first.
class ByteWriter {
 public:
  ByteWriter& u8(std::uint64_t n) { return number(n, 1); }
  ByteWriter& u16(std::uint64_t n) { return number(n, 2); }
  ByteWriter& u32(std::uint64_t n) { return number(n, 4); }
  ByteWriter& u64(std::uint64_t n) { return number(n, 8); }
  ByteWriter& text(std::string_view text) {
    bytes_ += text;
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  ByteWriter& number(std::uint64_t n, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_ += static_cast<char>(n >> 8 * i & 0xFF);
    return *this;
  }

  std::string bytes_;
};

}  // namespace lilt::exchange
