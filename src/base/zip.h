// ZIP archives (PKWARE's APPNOTE.TXT 6.3) of files that are stored as they are: what goes in here,
// recordings and small texts, is compressed already or not worth it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lilt {

// The CRC-32 of ISO 3309, as in ZIP, PNG and gzip.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

// Writes an archive from its beginning to its end, so that it may have any size.
class ZipWriter {
 public:
  explicit ZipWriter(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

  // Adds a file of less than 4 GiB. Names are UTF-8, with / between folders, each once. `time` in
  // seconds since 1970 is shown as local time.
  void add(std::string_view name, std::string_view bytes, std::int64_t time);
  // The directory at the end; nothing may be added afterwards.
  void finish();

 private:
  struct Entry {
    std::string name;
    std::uint32_t crc = 0, size = 0, time = 0;
    std::uint64_t begin = 0;
  };

  void write(std::string_view bytes);

  std::function<void(std::string_view)> write_;
  std::vector<Entry> entries_;
  std::uint64_t written_ = 0;
};

}  // namespace lilt
