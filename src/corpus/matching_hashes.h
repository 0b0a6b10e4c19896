// Which tunes have something in common, however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/scratch_file.h"

namespace lilt::corpus {

// Hashes of tunes, in memory as long as they are few: the others wait in a file, sorted roughly.
// Memory: 12 bytes for each of `most_held`, twice that while they are sorted, eight times that in
// the end; 12 bytes of disk for each of the others.
class MatchingHashes {
 public:
  static constexpr std::size_t kMostHeld = std::size_t{1} << 19;

  explicit MatchingHashes(std::size_t most_held = kMostHeld) : most_held_(most_held) {}

  void add(std::uint64_t hash, std::uint32_t tune);

  // Calls match(first, other) for the first tune with a hash and each other one that has it. The
  // hashes come in no order that means anything, the tunes of each in theirs. Forgets all of them.
  // Throws EnvironmentError, as add() does, when there is no room for the file.
  using Match = std::function<void(std::uint32_t first, std::uint32_t other)>;
  void take_matches(const Match& match);

 private:
  struct Entry {
    std::uint32_t high = 0, low = 0;  // of the hash
    std::uint32_t tune = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  struct Extent {  // of one part, in the file
    std::uint64_t offset;
    std::uint32_t count;
    std::uint32_t part;
  };
  static constexpr std::uint32_t kPartBits = 8;
  static std::uint32_t part_of(const Entry& entry) { return entry.high >> (32 - kPartBits); }

  void move_to_file();
  // Reads a part, or one of so many slices of it.
  void load(std::span<const Extent> part, std::uint32_t slice, std::uint32_t slices);
  void match_held(const Match& match);

  std::size_t most_held_;
  std::vector<Entry> held_;
  std::optional<ScratchFile> file_;
  std::vector<Extent> extents_;
};

}  // namespace lilt::corpus
