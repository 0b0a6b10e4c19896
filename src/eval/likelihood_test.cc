#include "eval/likelihood.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "infer/engine.h"
#include "small_model.h"

namespace lilt::eval {
namespace {

using corpus::Figures;
using corpus::TuneSet;

// A model that has learnt nothing, and as many tunes of random characters of it. '?' is not among
// them, but in some tunes.
struct Fixture {
  explicit Fixture(std::size_t tunes, std::string_view characters = "\n X:K1ABCabcz|[]\"%")
      : model(support::random_model(support::vocabulary_of(characters),
                                    {.embedding = 7, .hidden = {9, 12}})),
        file(support::file_of(model)),
        weights(*infer::Weights::of(*view_model(file, ""), infer::Precision::kSingle)) {
    Random random(3, RandomStream::kBench);
    for (std::size_t i = 0; i < tunes; ++i) {
      std::u32string tune = U"X:1\nK:C\n";
      for (std::size_t length = random.below(90); length > 0; --length) {
        const std::size_t c = random.below(model.vocabulary.size() + 1);
        tune += c == model.vocabulary.size() ? U'?' : model.vocabulary.characters()[c];
      }
      set.add(tune, model.vocabulary);
    }
  }

  [[nodiscard]] Token newline() const { return model.vocabulary.token(U'\n'); }
  [[nodiscard]] Figures measure(std::size_t threads) const {
    return measure_likelihood(weights, set, newline(), threads)->total;
  }

  ModelContents model;
  std::vector<std::byte> file;
  infer::Weights weights;
  TuneSet set;
};

// The figures of one tune, computed plainly.
Figures plain(const Fixture& fixture, std::size_t tune) {
  Figures figures{.tunes = 1};
  infer::Engine engine(fixture.weights, 1);
  Token before = fixture.newline();
  for (std::size_t i = 0; i < fixture.set.tune(tune).size(); ++i) {
    const std::span<const float> logits = engine.step(std::span(&before, 1));
    const Token target = fixture.set.tune(tune)[i];
    const auto kind = fixture.set.kinds_of(tune)[i];
    double bits = 20;
    if (target != kUnknownToken) {
      double sum = 0;
      for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
      bits = -std::log2(std::exp(static_cast<double>(logits[target])) / sum);
    }
    figures.characters += 1;
    figures.unknown += target == kUnknownToken;
    figures.notes += kind == corpus::CharacterKind::kNote;
    figures.body_characters += kind != corpus::CharacterKind::kHeader;
    figures.bits += bits;
    figures.body_bits += kind == corpus::CharacterKind::kHeader ? 0 : bits;
    before = target;
  }
  return figures;
}

void expect_equal(const Figures& found, const Figures& expected) {
  EXPECT_EQ(found.tunes, expected.tunes);
  EXPECT_EQ(found.characters, expected.characters);
  EXPECT_EQ(found.unknown, expected.unknown);
  EXPECT_EQ(found.notes, expected.notes);
  EXPECT_EQ(found.body_characters, expected.body_characters);
  EXPECT_NEAR(found.bits, expected.bits, 1e-12 * expected.bits);
  EXPECT_NEAR(found.body_bits, expected.body_bits, 1e-12 * expected.body_bits);
}

TEST(MeasureLikelihood, SumsWhatEveryTuneCostsAlone) {
  for (const std::size_t tunes : {1, 2, 15, 16, 17, 50}) {
    const Fixture fixture(tunes);
    Figures expected;
    for (std::size_t i = 0; i < tunes; ++i) expected += plain(fixture, i);
    expect_equal(fixture.measure(1), expected);
    EXPECT_EQ(expected.tunes, tunes);
    if (tunes == 50) {
      EXPECT_GT(expected.unknown, 10U);
      EXPECT_GT(expected.notes, 100U);
    }
  }
}

TEST(MeasureLikelihood, TellsWhatEveryTuneCosts) {
  const Fixture fixture(50);
  const auto likelihood = *measure_likelihood(fixture.weights, fixture.set, fixture.newline(), 3);
  ASSERT_EQ(likelihood.tunes.size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) expect_equal(likelihood.tunes[i], plain(fixture, i));
}

TEST(MeasureLikelihood, GivesTheSameBitsHoweverManyThreads) {
  const Fixture fixture(70);
  const Figures one = fixture.measure(1);
  for (const std::size_t threads : {0, 2, 3, 8, 100}) {
    const Figures many = fixture.measure(threads);
    EXPECT_EQ(many.bits, one.bits) << threads;
    EXPECT_EQ(many.body_bits, one.body_bits) << threads;
    EXPECT_EQ(many.characters, one.characters) << threads;
  }
}

TEST(MeasureLikelihood, BeginsEveryTuneAfterANewlineThatMayBeUnknown) {
  const Fixture fixture(3, " X:K1ABCabcz|");
  ASSERT_EQ(fixture.newline(), kUnknownToken);
  Figures expected;
  for (std::size_t i = 0; i < 3; ++i) expected += plain(fixture, i);
  expect_equal(fixture.measure(1), expected);
}

TEST(MeasureLikelihood, ChargesUnknownCharacters20Bits) {
  Fixture fixture(0);
  fixture.set.add(std::u32string(3, U'♯'), fixture.model.vocabulary);
  const Figures figures = fixture.measure(1);
  EXPECT_EQ(figures.bits, 60);
  EXPECT_EQ(figures.unknown, 3U);
}

// Finite weights whose products are not, and what they make of 40 tunes.
Result<Likelihood> measure_scaled(float factor, std::size_t threads) {
  Fixture fixture(40);
  for (float& w : fixture.model.weights) w *= factor;
  const std::vector<std::byte> file = support::file_of(fixture.model);
  const infer::Weights weights =
      *infer::Weights::of(*view_model(file, ""), infer::Precision::kSingle);
  return measure_likelihood(weights, fixture.set, fixture.newline(), threads);
}

TEST(MeasureLikelihood, RefusesPredictionsThatAreNotFinite) {
  for (const std::size_t threads : {1, 3}) {
    const Result<Likelihood> figures = measure_scaled(3e38F, threads);
    ASSERT_FALSE(figures);
    EXPECT_EQ(figures.error().code, ErrorCode::kNumeric);
    EXPECT_NE(figures.error().message.find("the prediction of tune 1 of 40 is not finite"),
              std::string::npos)
        << figures.error().message;
  }
}

TEST(MeasureLikelihood, RefusesAPerplexityThatIsNotFinite) {
  const Result<Likelihood> figures = measure_scaled(1e6F, 1);
  ASSERT_FALSE(figures);
  EXPECT_NE(figures.error().message.find("the perplexity is not finite"), std::string::npos)
      << figures.error().message;
}

TEST(MeasureLikelihood, MeasuresNothingOfNoTunes) {
  const Figures none = Fixture(0).measure(4);
  EXPECT_EQ(none.tunes, 0U);
  EXPECT_EQ(none.characters, 0U);
  EXPECT_EQ(none.bits, 0);
}

TEST(MeasureLikelihood, ReportsProgressUpToAllCharacters) {
  const Fixture fixture(70);
  for (const std::size_t threads : {1, 4}) {
    std::vector<std::size_t> reports;
    (void)measure_likelihood(fixture.weights, fixture.set, fixture.newline(), threads,
                             [&](std::size_t done) {
                               reports.push_back(done);
                               return true;
                             });
    EXPECT_EQ(reports.size(), 5U);  // 16 tunes at a time
    EXPECT_TRUE(std::ranges::is_sorted(reports));
    ASSERT_FALSE(reports.empty());
    EXPECT_EQ(reports.back(), fixture.set.tokens.size());
  }
}

TEST(MeasureLikelihood, StopsWhenToldTo) {
  const Fixture fixture(70);
  std::size_t reports = 0;
  const Result<Likelihood> stopped =
      measure_likelihood(fixture.weights, fixture.set, fixture.newline(), 1, [&](std::size_t) {
        ++reports;
        return false;
      });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kStopped);
  EXPECT_EQ(reports, 1U);
}

}  // namespace
}  // namespace lilt::eval
