// A share of a work that several programs do: --shard K/N.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/command.h"

namespace lilt::cli {

inline constexpr std::size_t kMostShards = 1'000'000;

struct Shard {
  std::size_t part = 1, of = 1;
};

// "3/8" is part 3 of 8; they are counted from 1.
[[nodiscard]] Result<Shard> parse_shard(std::string_view text);

// Things in a row: `count` of them from number `first` on.
struct Stretch {
  std::uint64_t first = 1, count = 0;
};

// Those of `whole` that are the shard's. Shards follow one another, and none has more than one
// more than another.
[[nodiscard]] Stretch stretch_of(const Shard& shard, const Stretch& whole);

// Adds --shard.
CLI::Option* add_shard_option(CLI::App* command, std::optional<Shard>& shard,
                              const std::string& help);

}  // namespace lilt::cli
