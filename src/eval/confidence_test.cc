#include "eval/confidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace lilt::eval {
namespace {

using corpus::Figures;
using Tunes = std::vector<Figures>;

constexpr double kBitsPerNote = 2.5;  // of all tunes there could ever be
constexpr double kBitsPerCharacter = 1.5;

Figures tune(std::size_t notes, double bits_per_note) {
  const double body = static_cast<double>(notes) * bits_per_note;
  const std::size_t characters = 2 * notes;
  return {.tunes = 1,
          .characters = characters,
          .notes = notes,
          .bits = body * 2 * kBitsPerCharacter / kBitsPerNote,
          .body_bits = body};
}

// Tunes of 20 to 119 notes, some easy and some hard, and a second model that finds every one about
// `better` bits a note easier.
struct Sample {
  Sample(std::size_t count, std::uint64_t seed, double better = 0.1) {
    Random random(seed, RandomStream::kBench);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t notes = 20 + random.below(100);
      const double bits = kBitsPerNote + 0.5 * random.normal();
      models[0].push_back(tune(notes, bits));
      models[1].push_back(tune(notes, bits - better + 0.05 * random.normal()));
    }
  }

  std::vector<Tunes> models = std::vector<Tunes>(2);
};

bool holds(const std::optional<Interval>& interval, double value) {
  return interval->low <= value && value <= interval->high;
}

TEST(Confidence, HoldsTheTruthIn95OfAHundred) {
  constexpr int kSamples = 300;
  int character = 0, note = 0, difference = 0;
  for (int i = 0; i < kSamples; ++i) {
    const Sample sample(50, i);
    const std::vector<Confidence> found = confidence_of(sample.models);
    character += holds(found[0].bits_per_character, kBitsPerCharacter);
    note += holds(found[0].bits_per_note, kBitsPerNote);
    difference += holds(found[1].difference, -0.1);
  }
  // Three standard deviations of what chance does, and a little for so few tunes.
  for (const int held : {character, note, difference}) {
    EXPECT_GE(held, 0.90 * kSamples);
    EXPECT_LE(held, 0.99 * kSamples);
  }
}

TEST(Confidence, IsAsWideAsTheNormalDistributionSays) {
  const Sample sample(400, 1);
  const Confidence found = confidence_of(sample.models)[0];
  Figures total;
  for (const Figures& f : sample.models[0]) total += f;
  // The variance of a ratio of sums, to first order.
  double squares = 0;
  for (const Figures& f : sample.models[0]) {
    const double rest = f.body_bits - total.bits_per_note() * static_cast<double>(f.notes);
    squares += rest * rest;
  }
  const double deviation = std::sqrt(squares) / static_cast<double>(total.notes);
  EXPECT_NEAR(found.bits_per_note->half_width(), 1.96 * deviation, 0.05 * deviation);
  EXPECT_TRUE(holds(found.bits_per_note, total.bits_per_note()));
  EXPECT_TRUE(holds(found.bits_per_character, total.bits_per_character()));
}

TEST(Confidence, OfADifferenceIsNarrowBecauseTheTunesAreTheSame) {
  const std::vector<Confidence> found = confidence_of(Sample(100, 2).models);
  EXPECT_LT(found[1].difference->high, 0);
  EXPECT_LT(5 * found[1].difference->half_width(), found[1].bits_per_note->half_width());
  EXPECT_TRUE(holds(found[1].bits_per_note, kBitsPerNote));  // apart they could be the same
}

TEST(Confidence, FindsNoDifferenceBetweenEqualModels) {
  const Tunes tunes = Sample(30, 3).models[0];
  const std::vector<Tunes> models = {tunes, tunes, tunes};
  const std::vector<Confidence> found = confidence_of(models);
  ASSERT_EQ(found.size(), 3U);
  for (const Confidence& c : found) {
    EXPECT_EQ(c.difference->low, 0);
    EXPECT_EQ(c.difference->high, 0);
    EXPECT_EQ(c.bits_per_note->low, found[0].bits_per_note->low);
    EXPECT_GT(c.bits_per_note->half_width(), 0);
  }
}

TEST(Confidence, IsTheSameEveryTimeAndWhateverElseIsMeasured) {
  const Sample sample(40, 4);
  const Confidence together = confidence_of(sample.models)[1];
  const Confidence again = confidence_of(sample.models)[1];
  const Confidence alone = confidence_of(std::span(sample.models).subspan(1))[0];
  EXPECT_EQ(together.difference->low, again.difference->low);
  EXPECT_EQ(together.difference->high, again.difference->high);
  for (const Confidence& other : {again, alone}) {
    EXPECT_EQ(together.bits_per_note->low, other.bits_per_note->low);
    EXPECT_EQ(together.bits_per_note->high, other.bits_per_note->high);
    EXPECT_EQ(together.bits_per_character->low, other.bits_per_character->low);
  }
}

TEST(Confidence, KnowsNothingOfFewerThanTwoTunes) {
  for (const std::size_t count : {0, 1}) {
    for (const Confidence& c : confidence_of(Sample(count, 5).models)) {
      EXPECT_FALSE(c.bits_per_character.has_value());
      EXPECT_FALSE(c.bits_per_note.has_value());
      EXPECT_FALSE(c.difference.has_value());
    }
  }
  EXPECT_TRUE(confidence_of({}).empty());
}

TEST(Confidence, OfTunesThatAreAllAlikeIsAPoint) {
  const std::vector<Tunes> models = {Tunes(7, tune(16, 3)), Tunes(7, tune(16, 2))};
  const std::vector<Confidence> found = confidence_of(models);
  EXPECT_EQ(found[0].bits_per_note->low, 3);
  EXPECT_EQ(found[0].bits_per_note->high, 3);
  EXPECT_EQ(found[1].difference->low, -1);
  EXPECT_EQ(found[1].difference->high, -1);
}

TEST(Confidence, LeavesOutWhatHasNoNotes) {
  const Figures header{.tunes = 1, .characters = 4, .bits = 8};
  std::vector<Tunes> models(1, Tunes(2, header));
  Confidence found = confidence_of(models)[0];
  EXPECT_FALSE(found.bits_per_note.has_value());
  EXPECT_FALSE(found.difference.has_value());
  EXPECT_EQ(found.bits_per_character->low, 2);
  models[0].push_back(tune(10, 3));
  found = confidence_of(models)[0];
  EXPECT_EQ(found.bits_per_note->low, 3);
  EXPECT_EQ(found.bits_per_note->high, 3);
}

}  // namespace
}  // namespace lilt::eval
