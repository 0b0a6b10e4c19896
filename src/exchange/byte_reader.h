// Numbers and texts out of a stranger's bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lilt::exchange {

// Reads on from the start, numbers with their lowest byte first. What lies past the end is zeros
// and empty, and is remembered: a structure is read whole and then asked once whether it was there.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }
  [[nodiscard]] bool failed() const { return failed_; }

  std::span<const std::byte> take(std::uint64_t count) {
    if (count > left()) {
      failed_ = true;
      position_ = bytes_.size();
      return {};
    }
    position_ += static_cast<std::size_t>(count);
    return bytes_.subspan(position_ - static_cast<std::size_t>(count),
                          static_cast<std::size_t>(count));
  }
  void skip(std::uint64_t count) { take(count); }
  // To the next multiple of 8 from the start; the last one may be cut short.
  void align() { skip(position_ % 8 == 0 ? 0 : std::min<std::size_t>(8 - position_ % 8, left())); }

  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (const std::byte byte : take(bytes)) {
      value |= static_cast<std::uint64_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }

  std::string_view text(std::uint64_t count) {
    const std::span<const std::byte> bytes = take(count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace lilt::exchange
