#include "corpus/figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace lilt::corpus {
namespace {

constexpr double kNatsPerBit = std::numbers::ln2;

TEST(Figures, AreZeroOfNothing) {
  const Figures none;
  EXPECT_EQ(none.bits_per_character(), 0);
  EXPECT_EQ(none.body_bits_per_character(), 0);
  EXPECT_EQ(none.bits_per_note(), 0);
  EXPECT_EQ(none.perplexity(), 1);
}

TEST(Figures, EqualThoseComputedByHand) {
  Figures figures;
  figures.add(CharacterKind::kHeader, 3, 6 * kNatsPerBit);
  figures.add(CharacterKind::kHeader, kUnknownToken, 0);
  figures.add(CharacterKind::kBody, 0, 1 * kNatsPerBit);
  figures.add(CharacterKind::kNote, 1, 3 * kNatsPerBit);
  figures.add(CharacterKind::kNote, 2, 0);
  EXPECT_EQ(figures.characters, 5U);
  EXPECT_EQ(figures.unknown, 1U);
  EXPECT_EQ(figures.body_characters, 3U);
  EXPECT_EQ(figures.notes, 2U);
  EXPECT_DOUBLE_EQ(figures.bits, 30);
  EXPECT_DOUBLE_EQ(figures.body_bits, 4);
  EXPECT_DOUBLE_EQ(figures.bits_per_character(), 6);
  EXPECT_DOUBLE_EQ(figures.body_bits_per_character(), 4.0 / 3);
  EXPECT_DOUBLE_EQ(figures.bits_per_note(), 2);
  EXPECT_DOUBLE_EQ(figures.perplexity(), 64);
}

TEST(Figures, ChargeAnUnknownCharacter20BitsWhateverItsNats) {
  Figures figures;
  figures.add(CharacterKind::kBody, kUnknownToken, 1000);
  figures.add(CharacterKind::kNote, kUnknownToken, std::nan(""));
  EXPECT_EQ(figures.bits, 40);
  EXPECT_EQ(figures.body_bits, 40);
  EXPECT_EQ(figures.unknown, 2U);
  EXPECT_EQ(figures.notes, 1U);
}

TEST(Figures, AddUp) {
  Figures a{.tunes = 1,
            .characters = 2,
            .unknown = 3,
            .notes = 4,
            .body_characters = 5,
            .bits = 6,
            .body_bits = 7};
  a += {.tunes = 10,
        .characters = 20,
        .unknown = 30,
        .notes = 40,
        .body_characters = 50,
        .bits = 60,
        .body_bits = 70};
  EXPECT_EQ(a.tunes, 11U);
  EXPECT_EQ(a.characters, 22U);
  EXPECT_EQ(a.unknown, 33U);
  EXPECT_EQ(a.notes, 44U);
  EXPECT_EQ(a.body_characters, 55U);
  EXPECT_EQ(a.bits, 66);
  EXPECT_EQ(a.body_bits, 77);
}

}  // namespace
}  // namespace lilt::corpus
