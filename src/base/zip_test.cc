#include "base/zip.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace lilt {
namespace {

std::uint64_t number_at(const std::string& bytes, std::size_t at, int size) {
  std::uint64_t number = 0;
  for (int i = size; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return number;
}

TEST(Zip, HasTheUsualChecksum) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);  // of every catalogue of CRCs
  EXPECT_EQ(crc32(""), 0U);
}

TEST(Zip, HoldsFiles) {
  std::string bytes;
  ZipWriter zip([&](std::string_view piece) { bytes += piece; });
  zip.add("a.abc", "X:1\n", 1'795'679'342);
  zip.add("é/b.mid", std::string("\0\xFF", 2), -5);
  zip.finish();

  const std::size_t end = bytes.size() - 22;
  EXPECT_EQ(bytes.substr(end, 4), "PK\5\6");
  EXPECT_EQ(number_at(bytes, end + 10, 2), 2U);
  const std::size_t size = number_at(bytes, end + 12, 4), central = number_at(bytes, end + 16, 4);
  EXPECT_EQ(central + size, end);
  EXPECT_EQ(bytes.substr(central, 4), "PK\1\2");
  EXPECT_EQ(number_at(bytes, central + 16, 4), crc32("X:1\n"));
  EXPECT_EQ(number_at(bytes, central + 20, 4), 4U);
  EXPECT_EQ(number_at(bytes, central + 42, 4), 0U);
  EXPECT_EQ(bytes.substr(central + 46, 5), "a.abc");
  const std::size_t second = central + 46 + 5;
  const std::size_t local = number_at(bytes, second + 42, 4);
  EXPECT_EQ(bytes.substr(local, 4), "PK\3\4");
  EXPECT_EQ(bytes.substr(local + 30, 8), "é/b.mid");
  EXPECT_EQ(bytes.substr(local + 38, 2), std::string("\0\xFF", 2));
  EXPECT_EQ(number_at(bytes, local + 10, 4), 0x00210000U);  // nothing is older than 1980
}

TEST(Zip, MayBeEmpty) {
  std::string bytes;
  ZipWriter zip([&](std::string_view piece) { bytes += piece; });
  zip.finish();
  EXPECT_EQ(bytes, std::string("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22));
}

TEST(Zip, HoldsManyFiles) {
  std::string bytes;
  ZipWriter zip([&](std::string_view piece) { bytes += piece; });
  for (int i = 0; i < 65'536; ++i) zip.add(std::to_string(i), "", 0);
  zip.finish();
  const std::size_t end = bytes.size() - 22, end64 = end - 20 - 56;
  EXPECT_EQ(number_at(bytes, end + 10, 2), 0xFFFFU);
  EXPECT_EQ(bytes.substr(end64, 4), "PK\6\6");
  EXPECT_EQ(number_at(bytes, end64 + 32, 8), 65'536U);
  EXPECT_EQ(number_at(bytes, end - 12, 8), end64);
}

TEST(Zip, HoldsMoreThanFourGigabytes) {
  if (std::getenv("LILT_THOROUGH") == nullptr) GTEST_SKIP() << "LILT_THOROUGH=1 runs it";
  std::uint64_t written = 0;
  std::string last;
  ZipWriter zip([&](std::string_view piece) {
    written += piece.size();
    last = piece.size() < 1000 ? last + std::string(piece) : "";
  });
  const std::string large(std::size_t{1} << 30, '\0');
  for (int i = 0; i < 5; ++i) zip.add(std::to_string(i), large, 0);
  zip.finish();
  EXPECT_GT(written, std::uint64_t{5} << 30);
  const std::size_t end = last.size() - 22;
  EXPECT_EQ(number_at(last, end + 16, 4), 0xFFFFFFFFU);
  const std::size_t locator = end - 20, end64 = locator - 56;
  EXPECT_EQ(last.substr(end64, 4), std::string("PK\6\6"));
  EXPECT_EQ(number_at(last, end64 + 24, 8), 5U);
  EXPECT_EQ(number_at(last, end64 + 48, 8), 5 * ((std::uint64_t{1} << 30) + 31));
  EXPECT_EQ(number_at(last, locator + 8, 8), written - 22 - 20 - 56);
  // Of the last file, which begins behind 4 GiB.
  EXPECT_EQ(number_at(last, end64 - 8, 8), 4 * ((std::uint64_t{1} << 30) + 31));
}

}  // namespace
}  // namespace lilt
