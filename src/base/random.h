// Random numbers that are the same everywhere and can be had in any order.
//
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC11)
// turns a 128-bit counter and a 64-bit key into 128 random bits. Nothing is remembered between
// calls, so a run that is resumed, or split over threads, draws the same numbers as one that is
// not. The distributions are our own because those of the standard library differ between
// implementations.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace lilt {

// What random numbers are for. Each purpose is a stream of its own under the same seed.
enum class RandomStream : std::uint32_t {
  kInitialize = 0x100,  // + index of the tensor
  kDropout = 0x200,     // + index of the layer
  kShuffle = 0x300,
  kSplit = 0x301,
  kSample = 0x302,
  kCompose = 0x306,
  kCritic = 0x307,
  kSketch = 0x308,
  kBench = 0x303,
  kMixture = 0x304,
  kBootstrap = 0x305,
  kCollections = 0x310,
  kKeys = 0x400,  // + index of the collection
  kTold = 0x500,  // + index of the collection
};

constexpr RandomStream operator+(RandomStream stream, std::size_t index) {
  return static_cast<RandomStream>(static_cast<std::uint32_t>(stream) +
                                   static_cast<std::uint32_t>(index));
}

using RandomBlock = std::array<std::uint32_t, 4>;

// The Philox4x32-10 function itself.
[[nodiscard]] RandomBlock philox(RandomBlock counter, std::array<std::uint32_t, 2> key);

// Block number `block` of a stream: counter (block, stream, low index, high index), key = seed.
// `index` distinguishes repeats of the same purpose: an update, an epoch, a tune.
[[nodiscard]] RandomBlock random_block(std::uint64_t seed, RandomStream stream, std::uint64_t index,
                                       std::uint32_t block);

// Reads one stream in order.
class Random {
 public:
  Random(std::uint64_t seed, RandomStream stream, std::uint64_t index = 0)
      : seed_(seed), stream_(stream), index_(index) {}

  std::uint32_t bits();                  // 32 random bits
  double uniform();                      // [0, 1), 53 random bits
  std::uint64_t below(std::uint64_t n);  // 0 … n − 1 without bias; n > 0
  double normal();                       // mean 0, variance 1 (Box and Muller, 1958)

  template <class T>
  void shuffle(std::span<T> items) {  // Fisher and Yates
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
    }
  }

 private:
  std::uint64_t seed_;
  RandomStream stream_;
  std::uint64_t index_;
  std::uint32_t next_block_ = 0;
  std::size_t used_ = 4;
  RandomBlock block_{};
};

}  // namespace lilt
