// ZIP archives (PKWARE's APPNOTE.TXT 6.3), read: files that are stored or compressed by DEFLATE.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt::exchange {

// The bytes of one file of an archive.
struct ZipEntry {
  std::span<const std::byte> stored;  // in the archive, where they are not compressed
  std::vector<std::byte> unpacked;    // otherwise

  [[nodiscard]] std::span<const std::byte> bytes() const {
    return unpacked.empty() ? stored : std::span<const std::byte>(unpacked);
  }
};

// Whether bytes begin as a ZIP archive does.
[[nodiscard]] bool is_zip(std::span<const std::byte> file);

// A view into the bytes of an archive.
class ZipArchive {
 public:
  [[nodiscard]] static Result<ZipArchive> open(std::span<const std::byte> file);

  // A file by its name, with its checksum compared. One that would become very much larger than it
  // is in the archive is refused.
  [[nodiscard]] Result<ZipEntry> read(std::string_view name) const;

 private:
  struct Place {
    std::string_view name;
    std::uint16_t flags = 0, method = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed = 0, size = 0, begin = 0;
  };

  ZipArchive(std::span<const std::byte> file, std::vector<Place> places)
      : file_(file), places_(std::move(places)) {}

  std::span<const std::byte> file_;
  std::vector<Place> places_;
};

}  // namespace lilt::exchange
