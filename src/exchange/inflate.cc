#include "exchange/inflate.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lilt::exchange {
namespace {

constexpr std::size_t kMostBits = 15;  // of a code
constexpr std::size_t kLiterals = 288, kDistances = 32, kEndOfBlock = 256;

// Bits from the lowest of each byte to the highest. Past the end they are 0, and it has failed.
class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> data) : data_(data) {}

  std::uint32_t bits(std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= bit() << i;
    return value;
  }
  std::uint32_t bit() {
    if (position_ / 8 >= data_.size()) {
      failed_ = true;
      return 0;
    }
    const auto byte = static_cast<std::uint32_t>(data_[position_ / 8]);
    return (byte >> (position_++ % 8)) & 1;
  }
  void align() { position_ = (position_ + 7) / 8 * 8; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::span<const std::byte> data_;
  std::size_t position_ = 0;  // in bits
  bool failed_ = false;
};

// Canonical prefix codes: symbols in the order of their codes, and how many codes have each length.
class PrefixCode {
 public:
  PrefixCode() = default;
  explicit PrefixCode(std::span<const std::uint8_t> lengths) {
    for (const std::uint8_t length : lengths) ++counts_[length];
    counts_[0] = 0;
    std::array<std::uint16_t, kMostBits + 2> starts{};
    for (std::size_t n = 1; n <= kMostBits; ++n) {
      starts[n + 1] = static_cast<std::uint16_t>(starts[n] + counts_[n]);
    }
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != 0) {
        symbols_[starts[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
      }
    }
  }

  // The next symbol, or nothing where no code is like the bits.
  [[nodiscard]] std::optional<std::size_t> read(BitReader& reader) const {
    std::uint32_t code = 0, first = 0;
    std::size_t index = 0;
    for (std::size_t n = 1; n <= kMostBits; ++n) {
      code |= reader.bit();
      if (reader.failed()) return std::nullopt;
      if (code < first + counts_[n])
        return code < first ? std::nullopt : symbol(index, code - first);
      index += counts_[n];
      first = (first + counts_[n]) << 1;
      code <<= 1;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<std::size_t> symbol(std::size_t index, std::uint32_t offset) const {
    return index + offset < kLiterals ? std::optional<std::size_t>(symbols_[index + offset])
                                      : std::nullopt;
  }

  std::array<std::uint16_t, kMostBits + 1> counts_{};
  std::array<std::uint16_t, kLiterals> symbols_{};
};

struct Codes {
  PrefixCode literals, distances;
};

Codes fixed_codes() {
  std::array<std::uint8_t, kLiterals> lengths{};
  std::fill_n(lengths.begin(), 144, 8);
  std::fill(lengths.begin() + 144, lengths.begin() + 256, 9);
  std::fill(lengths.begin() + 256, lengths.begin() + 280, 7);
  std::fill(lengths.begin() + 280, lengths.end(), 8);
  std::array<std::uint8_t, kDistances> distances{};
  distances.fill(5);
  return {PrefixCode(lengths), PrefixCode(distances)};
}

// The codes of a block that brings its own, themselves as lengths in a prefix code.
std::optional<Codes> read_codes(BitReader& reader) {
  constexpr std::array<std::uint8_t, 19> kOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                   11, 4,  12, 3, 13, 2, 14, 1, 15};
  const std::size_t literals = reader.bits(5) + 257, distances = reader.bits(5) + 1;
  const std::size_t used = reader.bits(4) + 4;
  std::array<std::uint8_t, 19> lengths_of_lengths{};
  for (std::size_t i = 0; i < used; ++i) {
    lengths_of_lengths[kOrder[i]] = static_cast<std::uint8_t>(reader.bits(3));
  }
  const PrefixCode code(lengths_of_lengths);
  std::array<std::uint8_t, kLiterals + kDistances> lengths{};
  for (std::size_t i = 0; i < literals + distances;) {
    const std::optional<std::size_t> symbol = code.read(reader);
    if (!symbol || (*symbol == 16 && i == 0)) return std::nullopt;
    std::size_t repeat = 1;
    auto length = static_cast<std::uint8_t>(*symbol);
    if (*symbol >= 16) {
      length = *symbol == 16 ? lengths[i - 1] : std::uint8_t{0};
      repeat = *symbol == 18 ? 11 + reader.bits(7) : 3 + reader.bits(*symbol == 16 ? 2 : 3);
    }
    if (i + repeat > literals + distances) return std::nullopt;
    std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(i), repeat, length);
    i += repeat;
  }
  if (literals > kLiterals || reader.failed()) return std::nullopt;
  return Codes{PrefixCode(std::span(lengths).first(literals)),
               PrefixCode(std::span(lengths).subspan(literals, distances))};
}

class Inflater {
 public:
  Inflater(std::span<const std::byte> data, std::size_t size) : reader_(data), size_(size) {
    bytes_.reserve(size);
  }

  std::optional<std::vector<std::byte>> run() {
    for (bool is_last = false; !is_last;) {
      is_last = reader_.bit() != 0;
      if (!read_block(reader_.bits(2))) return std::nullopt;
    }
    return bytes_.size() == size_ ? std::optional(std::move(bytes_)) : std::nullopt;
  }

 private:
  bool read_block(std::uint32_t kind) {
    if (reader_.failed() || kind == 3) return false;
    if (kind == 0) return read_stored();
    const std::optional<Codes> codes = kind == 1 ? fixed_codes() : read_codes(reader_);
    return codes && read_compressed(*codes);
  }

  bool read_stored() {
    reader_.align();
    const std::uint32_t length = reader_.bits(16), complement = reader_.bits(16);
    if (reader_.failed() || (length ^ complement) != 0xFFFF) return false;
    for (std::uint32_t i = 0; i < length; ++i) {
      if (!put(static_cast<std::byte>(reader_.bits(8)))) return false;
    }
    return true;
  }

  bool read_compressed(const Codes& codes) {
    for (;;) {
      const std::optional<std::size_t> symbol = codes.literals.read(reader_);
      if (!symbol) return false;
      if (*symbol == kEndOfBlock) return true;
      if (*symbol < kEndOfBlock) {
        if (!put(static_cast<std::byte>(*symbol))) return false;
      } else if (!copy(*symbol - kEndOfBlock - 1, codes.distances)) {
        return false;
      }
    }
  }

  // Bytes that were there before, of the `n`th length.
  bool copy(std::size_t n, const PrefixCode& distances) {
    constexpr std::size_t kLengthCodes = 29, kDistanceCodes = 30;
    if (n >= kLengthCodes) return false;
    const std::size_t length = n == kLengthCodes - 1 ? 258 : 3 + value(n, 4);
    const std::optional<std::size_t> symbol = distances.read(reader_);
    if (!symbol || *symbol >= kDistanceCodes) return false;
    const std::size_t distance = 1 + value(*symbol, 2);
    if (reader_.failed() || distance > bytes_.size()) return false;
    for (std::size_t i = 0; i < length; ++i) {
      if (!put(bytes_[bytes_.size() - distance])) return false;
    }
    return true;
  }

  // What the nth code of lengths or distances stands for, which come in groups of `group`, each
  // with one bit more to follow.
  std::size_t value(std::size_t n, std::size_t group) {
    if (n < 2 * group) return n;
    const std::size_t extra = n / group - 1;
    return ((group + n % group) << extra) + reader_.bits(extra);
  }

  bool put(std::byte byte) {
    if (reader_.failed() || bytes_.size() == size_) return false;
    bytes_.push_back(byte);
    return true;
  }

  BitReader reader_;
  std::size_t size_;
  std::vector<std::byte> bytes_;
};

}  // namespace

std::optional<std::vector<std::byte>> inflate(std::span<const std::byte> data, std::size_t size) {
  return Inflater(data, size).run();
}

}  // namespace lilt::exchange
