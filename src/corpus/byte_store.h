// Bytes for as long as they are needed: in memory while they are few, else on the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/scratch_file.h"

namespace lilt::corpus {

// Throws EnvironmentError when the disk cannot be written or read.
class ByteStore {
 public:
  static constexpr std::size_t kMostHeld = std::size_t{1} << 25;

  // So many bytes are held in memory; when there are more, all of them are moved to a file.
  explicit ByteStore(std::size_t most_held = kMostHeld) : most_held_(most_held) {}

  // Tells where the bytes begin.
  std::uint64_t append(std::span<const std::byte> bytes);
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;

  [[nodiscard]] std::size_t most_held() const { return most_held_; }
  [[nodiscard]] std::uint64_t size() const { return file_ ? file_->size() : held_.size(); }

 private:
  std::size_t most_held_;
  std::vector<std::byte> held_;
  std::optional<ScratchFile> file_;
};

}  // namespace lilt::corpus
