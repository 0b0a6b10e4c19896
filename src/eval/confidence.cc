#include "eval/confidence.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "base/random.h"

namespace lilt::eval {
namespace {

constexpr std::uint64_t kSeed = 0;
constexpr double kOutside = 0.025;  // below the interval, and above it

// 10,000 draws of all tunes. Of many thousand tunes fewer are enough, and as much work.
constexpr std::size_t kMostDraws = 10'000, kFewestDraws = 1'000, kTunesDrawn = 20'000'000;

std::size_t draws_of(std::size_t tunes) {
  return std::clamp(kTunesDrawn / tunes, kFewestDraws, kMostDraws);
}

// What the figures are ratios of.
struct Sums {
  double bits = 0, characters = 0, body_bits = 0, notes = 0;

  Sums& operator+=(const Sums& other) {
    bits += other.bits;
    characters += other.characters;
    body_bits += other.body_bits;
    notes += other.notes;
    return *this;
  }
};

Sums sums_of(const corpus::Figures& f) {
  return {f.bits, static_cast<double>(f.characters), f.body_bits, static_cast<double>(f.notes)};
}

// A model's figures of every draw. A draw that has nothing to divide by is left out.
struct Drawn {
  std::vector<double> bits_per_character, bits_per_note, difference;

  void add(const Sums& sums, const Sums& first) {
    if (sums.characters > 0) bits_per_character.push_back(sums.bits / sums.characters);
    if (sums.notes == 0) return;
    bits_per_note.push_back(sums.body_bits / sums.notes);
    if (first.notes > 0) {
      difference.push_back(bits_per_note.back() - first.body_bits / first.notes);
    }
  }
};

std::optional<Interval> middle_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto outside = static_cast<std::size_t>(kOutside * static_cast<double>(values.size()));
  std::ranges::sort(values);
  return Interval{values[outside], values[values.size() - 1 - outside]};
}

// Draws tunes, as many as there are, and adds up what each is to each model: `tunes` has a row of
// Sums a tune, one a model.
void draw(std::span<const Sums> tunes, std::uint64_t index, std::span<Sums> totals) {
  const std::size_t models = totals.size(), count = tunes.size() / models;
  Random random(kSeed, RandomStream::kBootstrap, index);
  std::ranges::fill(totals, Sums{});
  for (std::size_t i = 0; i < count; ++i) {
    // Fast, and no tune is likelier than another by more than count / 2^32.
    const std::size_t tune = std::uint64_t{random.bits()} * count >> 32;
    for (std::size_t m = 0; m < models; ++m) totals[m] += tunes[tune * models + m];
  }
}

}  // namespace

std::vector<Confidence> confidence_of(std::span<const std::vector<corpus::Figures>> models) {
  std::vector<Confidence> confidence(models.size());
  const std::size_t count = models.empty() ? 0 : models.front().size();
  if (count < 2) return confidence;

  std::vector<Sums> tunes(count * models.size());
  for (std::size_t m = 0; m < models.size(); ++m) {
    assert(models[m].size() == count);
    for (std::size_t i = 0; i < count; ++i) tunes[i * models.size() + m] = sums_of(models[m][i]);
  }
  std::vector<Drawn> drawn(models.size());
  std::vector<Sums> totals(models.size());
  for (std::size_t index = 0; index < draws_of(count); ++index) {
    draw(tunes, index, totals);
    for (std::size_t m = 0; m < models.size(); ++m) drawn[m].add(totals[m], totals.front());
  }
  for (std::size_t m = 0; m < models.size(); ++m) {
    confidence[m] = {middle_of(std::move(drawn[m].bits_per_character)),
                     middle_of(std::move(drawn[m].bits_per_note)),
                     middle_of(std::move(drawn[m].difference))};
  }
  return confidence;
}

}  // namespace lilt::eval
