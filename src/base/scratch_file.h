// What does not fit into memory for as long as a program needs it. Like base/file.h, left out of
// the WebAssembly build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace lilt {

// A file without a name, in the folder that TMPDIR names, or else in /var/tmp, which is meant for
// large ones. It is gone with its owner, however the program ends, and nobody else can change it.
// Everything throws EnvironmentError when the disk cannot be written or read.
class ScratchFile {
 public:
  ScratchFile();
  ScratchFile(ScratchFile&& other) noexcept;
  ScratchFile& operator=(ScratchFile&& other) noexcept;
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile();

  // Bytes are put behind those that are there; tells where they begin.
  std::uint64_t append(std::span<const std::byte> bytes);

  // Fills `bytes` with those from `offset` on, which must have been appended.
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;

  [[nodiscard]] std::uint64_t size() const { return written_ + waiting_.size(); }

 private:
  void flush();

  std::filesystem::path folder_;
  int descriptor_;
  std::uint64_t written_ = 0;
  std::vector<std::byte> waiting_;  // to be written
};

}  // namespace lilt
