// What a stranger could put into a file of Keras. Built with the sanitizers in every build: each of
// these files must be read as a network or refused with a message, and never takes much memory.

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/zip.h"
#include "count_allocations.h"
#include "exchange/hdf5.h"
#include "exchange/inflate.h"
#include "exchange/keras_import.h"

namespace lilt::exchange {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kMaxMemory = std::size_t{64} << 20;
const std::string kCharacters = "\n '2>ABcdefg|♯";

Bytes bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::filesystem::path> networks() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(LILT_TEST_DATA "/keras")) {
    const std::string ending = entry.path().extension();
    if (ending == ".h5" || ending == ".keras") paths.push_back(entry.path());
  }
  return paths;
}

// Why a file was refused, or nothing for a network.
std::string refusal(std::span<const std::byte> file) {
  const support::AllocationWatch watch;
  const auto network = import_keras(file, kCharacters, {.gate_activation = std::nullopt});
  EXPECT_LE(watch.peak(), kMaxMemory);
  if (network) return "";
  EXPECT_FALSE(network.error().message.empty());
  return network.error().message;
}

TEST(HostileKeras, AsKerasWroteThem) {
  std::size_t networks_read = 0;
  for (const auto& path : networks()) networks_read += refusal(bytes_of(path)).empty() ? 1 : 0;
  EXPECT_GE(networks_read, 6U);  // the others have weights alone
}

TEST(HostileKeras, CutShort) {
  for (const auto& path : networks()) {
    const Bytes file = bytes_of(path);
    for (std::size_t size = 0; size < file.size(); size += 1 + size / 50) {
      EXPECT_NE(refusal(std::span(file).first(size)), "") << path << " of " << size;
    }
  }
}

TEST(HostileKeras, AlteredBytes) {
  Random random(1, RandomStream::kBench);
  for (const auto& path : networks()) {
    const Bytes whole = bytes_of(path);
    for (int round = 0; round < 400; ++round) {
      Bytes file = whole;
      for (std::size_t n = 1 + random.below(4); n > 0; --n) {
        constexpr std::array kTelling = {0x00, 0x01, 0x7F, 0x80, 0xFF};
        const std::size_t at = random.below(file.size());
        file[at] = random.below(2) == 0 ? static_cast<std::byte>(random.bits())
                                        : static_cast<std::byte>(kTelling[random.below(5)]);
      }
      refusal(file);
    }
  }
}

// Every number of 8 bytes that is an address of the file becomes the address of the root.
TEST(HostileKeras, AddressesThatLeadBack) {
  for (const auto& path : networks()) {
    const Bytes whole = bytes_of(path);
    if (!is_hdf5(whole)) continue;
    std::uint64_t root = 0;
    std::memcpy(&root, whole.data() + 64, sizeof root);
    for (std::size_t at = 0; at + 8 <= whole.size(); at += 8) {
      std::uint64_t address = 0;
      std::memcpy(&address, whole.data() + at, sizeof address);
      if (address == 0 || address >= whole.size()) continue;
      Bytes file = whole;
      std::memcpy(file.data() + at, &root, sizeof root);
      refusal(file);
    }
  }
}

TEST(HostileKeras, NotOfKerasAtAll) {
  const auto of = [](std::string_view text) { return refusal(std::as_bytes(std::span(text))); };
  EXPECT_EQ(of(""), "is no network of Keras (.h5, .weights.h5, .keras)");
  EXPECT_EQ(of("X:1\nT:A tune\n"), "is no network of Keras (.h5, .weights.h5, .keras)");
  EXPECT_EQ(of(std::string_view("\x89HDF\r\n\x1a\n", 8)),
            "expected an HDF5 file of version 0 to 3 with addresses of 8 bytes");
  EXPECT_EQ(of("PK\3\4"),
            "is a ZIP archive: expected a directory at the end, found none; was it cut short?");
  std::string archive;
  ZipWriter zip([&](std::string_view piece) { archive += piece; });
  zip.add("config.json", "{}", 0);
  zip.finish();
  EXPECT_EQ(of(archive), "is a ZIP archive: expected model.weights.h5 in it, found none");
}

TEST(HostileKeras, NoiseThatIsToldToBeCompressed) {
  Random random(1, RandomStream::kBench);
  for (std::size_t round = 0; round < 2000; ++round) {
    Bytes noise(random.below(64));
    for (std::byte& byte : noise) byte = static_cast<std::byte>(random.bits());
    const auto bytes = inflate(noise, 100);
    EXPECT_TRUE(!bytes || bytes->size() == 100);
  }
}

}  // namespace
}  // namespace lilt::exchange
