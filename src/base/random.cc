#include "base/random.h"

#include <cmath>
#include <numbers>

namespace lilt {

RandomBlock philox(RandomBlock counter, std::array<std::uint32_t, 2> key) {
  constexpr std::uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

RandomBlock random_block(std::uint64_t seed, RandomStream stream, std::uint64_t index,
                         std::uint32_t block) {
  return philox({block, static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(index),
                 static_cast<std::uint32_t>(index >> 32)},
                {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
}

std::uint32_t Random::bits() {
  if (used_ == block_.size()) {
    block_ = random_block(seed_, stream_, index_, next_block_++);
    used_ = 0;
  }
  return block_[used_++];
}

double Random::uniform() {
  const std::uint64_t high = bits();
  const std::uint64_t low = bits();
  return static_cast<double>(((high << 32) | low) >> 11) * 0x1p-53;
}

std::uint64_t Random::below(std::uint64_t n) {
  // Values from the incomplete last multiple of n are drawn again, so that none is favoured.
  const std::uint64_t surplus = (0 - n) % n;  // 2^64 mod n
  for (;;) {
    const std::uint64_t high = bits();
    const std::uint64_t value = (high << 32) | bits();
    if (value >= surplus) return value % n;
  }
}

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace lilt
