#include "exchange/zip_archive.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/zip.h"
#include "exchange/byte_reader.h"
#include "exchange/inflate.h"

namespace lilt::exchange {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kLocal = 0x04034B50, kCentral = 0x02014B50, kEnd = 0x06054B50;
constexpr std::size_t kEndBytes = 22, kMostComment = 0xFFFF, kMostFiles = 1000;
constexpr std::uint32_t kFar = 0xFFFFFFFF;  // told in a record of 64 bits
constexpr std::uint16_t kEncrypted = 1, kStored = 0, kDeflated = 8;
// What a compressed file may become. Weights hardly shrink.
constexpr std::uint64_t kMostGrowth = 16, kSmallFile = std::uint64_t{8} << 20;

Error bad_archive(std::string message) {
  return {ErrorCode::kFormat, "is a ZIP archive: " + std::move(message)};
}

ByteReader at(Bytes file, std::uint64_t position) {
  ByteReader reader(file);
  reader.skip(position);
  return reader;
}

// Where the record at the end of an archive begins: the last place that looks like it.
std::optional<std::size_t> find_end(Bytes file) {
  for (std::size_t back = kEndBytes; back <= std::min(file.size(), kEndBytes + kMostComment);
       ++back) {
    if (at(file, file.size() - back).u32() == kEnd) return file.size() - back;
  }
  return std::nullopt;
}

}  // namespace

bool is_zip(Bytes file) { return ByteReader(file).u32() == kLocal; }

Result<ZipArchive> ZipArchive::open(Bytes file) {
  const std::optional<std::size_t> end = find_end(file);
  if (!end) return bad_archive("expected a directory at the end, found none; was it cut short?");
  ByteReader record = at(file, *end);
  record.skip(10);
  const std::uint16_t count = record.u16();
  record.skip(4);
  ByteReader reader = at(file, record.u32());
  if (count > kMostFiles) return bad_archive("expected some files, found too many");
  std::vector<Place> places;
  for (std::uint16_t i = 0; i < count; ++i) {
    const bool is_entry = reader.u32() == kCentral;
    reader.skip(4);
    Place place{.flags = reader.u16(), .method = reader.u16()};
    reader.skip(4);
    place.crc = reader.u32();
    place.packed = reader.u32(), place.size = reader.u32();
    const std::uint16_t name = reader.u16(), extra = reader.u16(), comment = reader.u16();
    reader.skip(8);
    place.begin = reader.u32();
    place.name = reader.text(name);
    reader.skip(extra + comment);
    if (!is_entry || reader.failed()) return bad_archive("expected a directory of its files");
    places.push_back(place);
  }
  return ZipArchive(file, std::move(places));
}

Result<ZipEntry> ZipArchive::read(std::string_view name) const {
  const auto place =
      std::find_if(places_.begin(), places_.end(), [&](const Place& p) { return p.name == name; });
  const std::string file(name);
  if (place == places_.end()) return bad_archive("expected " + file + " in it, found none");
  const bool is_plain = (place->flags & kEncrypted) == 0 && place->size != kFar &&
                        place->packed != kFar && place->begin != kFar &&
                        (place->method == kStored || place->method == kDeflated);
  if (!is_plain) {
    return bad_archive("expected " + file + " stored or deflated and below 4 GiB");
  }
  ByteReader local = at(file_, place->begin);
  const bool is_local = local.u32() == kLocal;
  local.skip(22);
  const std::uint16_t name_bytes = local.u16(), extra = local.u16();
  local.skip(name_bytes + extra);
  const Bytes packed = local.take(place->packed);
  if (!is_local || local.failed()) return bad_archive(file + " is damaged or was cut short");
  ZipEntry entry;
  if (place->method == kStored) {
    entry.stored = packed;
  } else if (place->size > kSmallFile + kMostGrowth * packed.size()) {
    return bad_archive("expected " + file + " to shrink less when it is compressed");
  } else if (auto bytes = inflate(packed, static_cast<std::size_t>(place->size))) {
    entry.unpacked = *std::move(bytes);
  }
  const Bytes bytes = entry.bytes();
  if (bytes.size() != place->size ||
      crc32({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) != place->crc) {
    return bad_archive(file + " is damaged");
  }
  return entry;
}

}  // namespace lilt::exchange
