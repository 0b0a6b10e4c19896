#include "base/zip.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <ctime>

namespace lilt {
namespace {

constexpr std::uint32_t kLocal = 0x04034B50, kCentral = 0x02014B50, kEnd = 0x06054B50;
constexpr std::uint32_t kEnd64 = 0x06064B50, kLocator64 = 0x07064B50;
constexpr std::uint16_t kVersion = 20, kVersion64 = 45;  // needed to read it
constexpr std::uint16_t kUtf8 = 1 << 11;
constexpr std::uint16_t kMany16 = 0xFFFF;  // stands for what is told in the records of 64 bits
constexpr std::uint32_t kMany32 = 0xFFFFFFFF;

// Numbers as bytes, the lowest first.
class Record {
 public:
  Record& u16(std::uint64_t n) { return number(n, 2); }
  Record& u32(std::uint64_t n) { return number(n, 4); }
  Record& u64(std::uint64_t n) { return number(n, 8); }
  Record& text(std::string_view text) { return bytes_ += text, *this; }
  operator std::string_view() const { return bytes_; }  // NOLINT: implicit

 private:
  Record& number(std::uint64_t n, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_ += static_cast<char>(n >> 8 * i & 0xFF);
    return *this;
  }

  std::string bytes_;
};

constexpr std::array<std::uint32_t, 256> kRemainders = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t remainder = i;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0xEDB88320U : 0U);
    }
    table[i] = remainder;
  }
  return table;
}();

// Date and time as MS-DOS has them, from 1980 on, in steps of two seconds.
std::uint32_t dos_time(std::int64_t time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm t{};
  if (localtime_r(&seconds, &t) == nullptr || t.tm_year < 80 || t.tm_year > 207) return 0x00210000;
  const auto part = [](int n, int shift) { return static_cast<std::uint32_t>(n) << shift; };
  return part(t.tm_year - 80, 25) | part(t.tm_mon + 1, 21) | part(t.tm_mday, 16) |
         part(t.tm_hour, 11) | part(t.tm_min, 5) | part(t.tm_sec / 2, 0);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc = (crc >> 8) ^ kRemainders[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
  }
  return ~crc;
}

void ZipWriter::write(std::string_view bytes) {
  write_(bytes);
  written_ += bytes.size();
}

void ZipWriter::add(std::string_view name, std::string_view bytes, std::int64_t time) {
  assert(bytes.size() < kMany32 && name.size() < kMany16);
  const Entry entry{std::string(name), crc32(bytes), static_cast<std::uint32_t>(bytes.size()),
                    dos_time(time), written_};
  write(Record()
            .u32(kLocal)
            .u16(kVersion)
            .u16(kUtf8)
            .u16(0)  // stored
            .u32(entry.time)
            .u32(entry.crc)
            .u32(entry.size)
            .u32(entry.size)
            .u16(name.size())
            .u16(0)
            .text(name));
  write(bytes);
  entries_.push_back(entry);
}

void ZipWriter::finish() {
  const std::uint64_t begin = written_;
  for (const Entry& entry : entries_) {
    const bool is_far = entry.begin >= kMany32;
    Record record;
    record.u32(kCentral)
        .u16(is_far ? kVersion64 : kVersion)
        .u16(is_far ? kVersion64 : kVersion)
        .u16(kUtf8)
        .u16(0)
        .u32(entry.time)
        .u32(entry.crc)
        .u32(entry.size)
        .u32(entry.size)
        .u16(entry.name.size())
        .u16(is_far ? 12 : 0)
        .u16(0)  // a comment
        .u16(0)  // the disk
        .u16(0)
        .u32(0)
        .u32(std::min<std::uint64_t>(entry.begin, kMany32))
        .text(entry.name);
    if (is_far) record.u16(1).u16(8).u64(entry.begin);
    write(record);
  }
  const std::uint64_t count = entries_.size(), size = written_ - begin, end = written_;
  if (count >= kMany16 || begin >= kMany32 || size >= kMany32) {
    write(Record()
              .u32(kEnd64)
              .u64(44)  // bytes that follow
              .u16(kVersion64)
              .u16(kVersion64)
              .u32(0)
              .u32(0)
              .u64(count)
              .u64(count)
              .u64(size)
              .u64(begin));
    write(Record().u32(kLocator64).u32(0).u64(end).u32(1));
  }
  write(Record()
            .u32(kEnd)
            .u16(0)
            .u16(0)
            .u16(std::min<std::uint64_t>(count, kMany16))
            .u16(std::min<std::uint64_t>(count, kMany16))
            .u32(std::min<std::uint64_t>(size, kMany32))
            .u32(std::min<std::uint64_t>(begin, kMany32))
            .u16(0));
}

}  // namespace lilt
