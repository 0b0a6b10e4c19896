#include "compose/sampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "count_allocations.h"

namespace lilt::compose {
namespace {

constexpr double kAlmostOne = 0x1.fffffffffffffp-1;

// The softmax of these is 0.15, 0.4, 0.05, 0.3, 0.1.
std::vector<float> some_logits() {
  std::vector<float> logits = {0.15F, 0.4F, 0.05F, 0.3F, 0.1F};
  for (float& logit : logits) logit = std::log(logit) + 7;
  return logits;
}

// How often each token comes when the random numbers are spread evenly over [0, 1).
std::vector<double> shares(const SamplingOptions& options, const std::vector<float>& logits) {
  constexpr int kDraws = 100'000;
  Sampler sampler(options, logits.size());
  std::vector<double> shares(logits.size());
  for (int i = 0; i < kDraws; ++i) shares[sampler.draw(logits, (i + 0.5) / kDraws)] += 1.0 / kDraws;
  return shares;
}

std::set<Token> drawn(const SamplingOptions& options, const std::vector<float>& logits) {
  const std::vector<double> share = shares(options, logits);
  std::set<Token> tokens;
  for (std::size_t v = 0; v < share.size(); ++v) {
    if (share[v] > 0) tokens.insert(static_cast<Token>(v));
  }
  return tokens;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t v = 0; v < found.size(); ++v) EXPECT_NEAR(found[v], expected[v], 2e-5) << v;
}

TEST(Sampler, DrawsFromTheSoftmax) {
  expect_near(shares({}, some_logits()), {0.15, 0.4, 0.05, 0.3, 0.1});
}

TEST(Sampler, DrawsFromTheSoftmaxOfLogitsOverTemperature) {
  const std::vector<float> logits = some_logits();
  for (const double temperature : {0.25, 0.9, 3.0}) {
    std::vector<double> expected(logits.begin(), logits.end());
    for (double& p : expected) p = std::exp(p / temperature);
    const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
    for (double& p : expected) p /= sum;
    expect_near(shares({.temperature = temperature}, logits), expected);
  }
}

TEST(Sampler, TakesTheFirstOfTheMostProbableAtTemperatureZero) {
  Sampler sampler({.temperature = 0, .top_k = 1, .top_p = 0.01}, 5);
  for (const double random : {0.0, 0.5, kAlmostOne}) {
    EXPECT_EQ(sampler.draw(some_logits(), random), 1);
    EXPECT_EQ(sampler.draw(std::vector<float>{-3, -2, -9, -2, -2}, random), 1);
  }
}

TEST(Sampler, BearsTheSmallestTemperature) {
  Sampler sampler({.temperature = std::numeric_limits<double>::denorm_min()}, 5);
  for (const double random : {0.0, 0.5, kAlmostOne}) {
    EXPECT_EQ(sampler.draw(some_logits(), random), 1);
  }
}

TEST(Sampler, KeepsTheTopK) {
  const std::vector<float> logits = some_logits();
  EXPECT_EQ(drawn({.top_k = 1}, logits), (std::set<Token>{1}));
  EXPECT_EQ(drawn({.top_k = 2}, logits), (std::set<Token>{1, 3}));
  EXPECT_EQ(drawn({.top_k = 4}, logits), (std::set<Token>{0, 1, 3, 4}));
  for (const std::size_t all : {0, 5, 6}) EXPECT_EQ(drawn({.top_k = all}, logits).size(), 5U);
  expect_near(shares({.top_k = 2}, logits), {0, 4.0 / 7, 0, 3.0 / 7, 0});
}

TEST(Sampler, KeepsTheFirstOfEqualsInTheTopK) {
  EXPECT_EQ(drawn({.top_k = 2}, {1, 2, 1, 1, 1}), (std::set<Token>{0, 1}));
}

TEST(Sampler, KeepsTheFewestThatReachTopP) {
  const std::vector<float> logits = some_logits();  // sums: 0.4, 0.7, 0.85, 0.95, 1
  EXPECT_EQ(drawn({.top_p = 1e-9}, logits), (std::set<Token>{1}));
  EXPECT_EQ(drawn({.top_p = 0.39}, logits), (std::set<Token>{1}));
  EXPECT_EQ(drawn({.top_p = 0.41}, logits), (std::set<Token>{1, 3}));
  EXPECT_EQ(drawn({.top_p = 0.69}, logits), (std::set<Token>{1, 3}));
  EXPECT_EQ(drawn({.top_p = 0.71}, logits), (std::set<Token>{0, 1, 3}));
  EXPECT_EQ(drawn({.top_p = 0.94}, logits), (std::set<Token>{0, 1, 3, 4}));
  EXPECT_EQ(drawn({.top_p = 0.96}, logits).size(), 5U);
  EXPECT_EQ(drawn({.top_p = 1}, logits).size(), 5U);
  expect_near(shares({.top_p = 0.71}, logits), {3.0 / 17, 8.0 / 17, 0, 6.0 / 17, 0});
  EXPECT_EQ(drawn({.top_p = 0.5}, {3, 3, 3, 3}), (std::set<Token>{0, 1}));  // exactly a half
}

TEST(Sampler, TakesTopPOfWhatTopKLeaves) {
  // Of the top three, 0.4 / 0.85 = 0.47.
  EXPECT_EQ(drawn({.top_k = 3, .top_p = 0.46}, some_logits()), (std::set<Token>{1}));
  EXPECT_EQ(drawn({.top_k = 3, .top_p = 0.48}, some_logits()), (std::set<Token>{1, 3}));
}

TEST(Sampler, TakesTopPAfterTheTemperature) {
  EXPECT_EQ(drawn({.temperature = 0.25, .top_p = 0.7}, some_logits()), (std::set<Token>{1}));
}

TEST(Sampler, CoversZeroToOneInOrder) {
  const std::vector<float> logits = some_logits();
  Sampler sampler({}, logits.size());
  EXPECT_EQ(sampler.draw(logits, 0), 0);
  EXPECT_EQ(sampler.draw(logits, 0.1499), 0);
  EXPECT_EQ(sampler.draw(logits, 0.1501), 1);
  EXPECT_EQ(sampler.draw(logits, 0.8999), 3);
  EXPECT_EQ(sampler.draw(logits, 0.9001), 4);
  EXPECT_EQ(sampler.draw(logits, kAlmostOne), 4);
}

TEST(Sampler, NeverDrawsWhatHasNoProbability) {
  Random random(1, RandomStream::kBench);
  constexpr float kImpossible = -1e30F;
  for (int i = 0; i < 2000; ++i) {
    std::vector<float> logits(9);
    for (float& logit : logits) logit = static_cast<float>(random.normal());
    for (const std::size_t v : {0, 4, 7, 8}) logits[v] = kImpossible;
    for (const SamplingOptions& options :
         {SamplingOptions{}, SamplingOptions{.top_k = 8}, SamplingOptions{.top_p = 0.9999999}}) {
      Sampler sampler(options, logits.size());
      for (const double r : {0.0, random.uniform(), kAlmostOne}) {
        ASSERT_NE(logits[sampler.draw(logits, r)], kImpossible) << i;
      }
    }
  }
}

TEST(Sampler, BearsLogitsThatAreNotFinite) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const std::vector<float>& some : {std::vector{kNan},
                                         {kNan, 1.0F},
                                         {2.0F, kNan, -kInfinity},
                                         {kInfinity, 1.0F, -1.0F},
                                         {-kInfinity}}) {
    std::vector<float> logits(100);
    for (std::size_t v = 0; v < logits.size(); ++v) logits[v] = some[v % some.size()];
    for (const double temperature : {0.0, 1.0}) {
      Sampler sampler({.temperature = temperature, .top_k = 40, .top_p = 0.9}, logits.size());
      for (const double r : {0.0, 0.5, kAlmostOne}) EXPECT_LT(sampler.draw(logits, r), 100);
    }
  }
  Sampler sampler({.top_k = 2}, 4);
  for (const double r : {0.0, 0.5, kAlmostOne}) {
    EXPECT_EQ(sampler.draw(std::vector{1.0F, kNan, 9e9F, kNan}, r), 2);  // the one that is possible
  }
}

TEST(Sampler, RemembersNothing) {
  const std::vector<float> logits = some_logits(), other = {9, 8, 7, 6, 5};
  const SamplingOptions options{.temperature = 0.8, .top_k = 4, .top_p = 0.9};
  Sampler used(options, 5);
  for (int i = 0; i < 100; ++i) {
    (void)used.draw(other, i / 100.0);
    EXPECT_EQ(used.draw(logits, i / 100.0), Sampler(options, 5).draw(logits, i / 100.0));
  }
}

TEST(Sampler, AllocatesNothingWhileDrawing) {
  const std::vector<float> logits(100, 1.0F);
  for (const SamplingOptions& options :
       {SamplingOptions{}, SamplingOptions{.temperature = 0},
        SamplingOptions{.temperature = 0.9, .top_k = 50, .top_p = 0.9}}) {
    Sampler sampler(options, logits.size());
    const support::AllocationWatch watch;
    for (int i = 0; i < 100; ++i) (void)sampler.draw(logits, i / 100.0);
    EXPECT_EQ(watch.count(), 0U);
  }
}

TEST(SamplingOptions, AreRefusedWhenTheyMakeNoSense) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto field = [](const SamplingOptions& options) {
    const Status status = check_fields(options);
    return status ? "" : status.error().place.field;
  };
  for (const double good : {0.0, 0.7, 1.0, 100.0}) EXPECT_EQ(field({.temperature = good}), "");
  for (const double bad : {-0.1, kNan, kInfinity, -kInfinity}) {
    EXPECT_EQ(field({.temperature = bad}), "temperature") << bad;
  }
  for (const double good : {1e-9, 0.5, 1.0}) EXPECT_EQ(field({.top_p = good}), "");
  for (const double bad : {0.0, -0.5, 1.0001, kNan, kInfinity}) {
    EXPECT_EQ(field({.top_p = bad}), "top_p") << bad;
  }
}

}  // namespace
}  // namespace lilt::compose
