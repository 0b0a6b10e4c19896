#include "likeness/critic.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"

namespace lilt::likeness {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

// Normal values, of which the first is moved; `drawn` numbers the collection.
std::vector<HabitValues> collection(std::size_t tunes, std::size_t habits, double moved,
                                    std::uint64_t drawn) {
  Random random(7, RandomStream::kBench, drawn);
  std::vector<HabitValues> all(tunes, HabitValues(habits));
  for (HabitValues& tune : all) {
    for (double& value : tune) value = random.normal();
    tune[0] += moved;
  }
  return all;
}

TEST(AreaUnderCurve, CountsPairs) {
  const std::vector<double> high = {3, 2}, low = {1, 2};
  EXPECT_EQ(area_under_curve(high, low), 0.875);
  EXPECT_EQ(area_under_curve(low, high), 0.125);
  EXPECT_EQ(area_under_curve(low, low), 0.5);
}

TEST(Critic, LearnsWhatItSees) {
  const auto a = collection(200, 3, 1.5, 1), b = collection(200, 3, -1.5, 2);
  const TrainedCritic trained = train_critic(a, b);
  EXPECT_EQ(trained.critic.trees.size(), 150U);
  EXPECT_GT(trained.influence[0], 10 * trained.influence[1]);
  const HabitValues like_a = {1.5, 0, 0}, like_b = {-1.5, 0, 0};
  EXPECT_GT(trained.critic.score(like_a), 2);
  EXPECT_LT(trained.critic.score(like_b), -2);
}

// Neither value tells anything without the other.
TEST(Critic, LearnsWhatTwoTellTogether) {
  auto all = collection(800, 4, 0, 1);
  std::vector<HabitValues> a, b;
  for (const HabitValues& tune : all) (tune[1] * tune[2] > 0 ? a : b).push_back(tune);
  EXPECT_GT(told_apart(a, b, 1)->auc, 0.9);
}

TEST(Critic, KnowsWhatIsMissing) {
  auto a = collection(200, 2, 0, 1), b = collection(200, 2, 0, 2);
  for (HabitValues& tune : a) tune[1] = kAbsent;
  EXPECT_EQ(told_apart(a, b, 1)->auc, 1);
  // Where half of each is missing, the other half still tells.
  a = collection(200, 2, 3, 1);
  for (std::size_t i = 0; i < 200; i += 2) a[i][0] = b[i][0] = kAbsent;
  const double auc = told_apart(a, b, 1)->auc;
  EXPECT_GT(auc, 0.75);
  EXPECT_LT(auc, 0.95);
}

TEST(Critic, ScoresWithoutTrees) {
  EXPECT_EQ((Critic{.bias = 0.5}).score(HabitValues{1}), 0.5);
  EXPECT_EQ(CriticTree{}.score(HabitValues{kAbsent}), 0);
}

TEST(ToldApart, IsHalfForTheSameKind) {
  double sum = 0;
  for (std::uint64_t i = 0; i < 8; ++i) {
    sum += told_apart(collection(100, 20, 0, 2 * i), collection(150, 20, 0, 2 * i + 1), i)->auc / 8;
  }
  EXPECT_NEAR(sum, 0.5, 0.05);
}

// The area for normal values a standard deviation apart is Φ(1/√2).
TEST(ToldApart, IsTheAreaThatThereIs) {
  const auto told = told_apart(collection(1000, 5, 1, 1), collection(1000, 5, 0, 2), 1);
  EXPECT_LT(told->auc, 0.775);
  EXPECT_GT(told->auc, 0.72);  // what noise costs
  for (std::size_t h = 1; h < 5; ++h) EXPECT_GT(told->shares[0], 2 * told->shares[h]);
  EXPECT_NEAR(std::accumulate(told->shares.begin(), told->shares.end(), 0.0), 1, 1e-9);
}

TEST(ToldApart, IsAlwaysTheSame) {
  const auto a = collection(60, 5, 1, 1), b = collection(80, 5, 0, 2);
  EXPECT_EQ(told_apart(a, b, 1)->auc, told_apart(a, b, 1)->auc);
  EXPECT_EQ(told_apart(a, b, 1)->shares, told_apart(a, b, 1)->shares);
}

TEST(ToldApart, WantsSomeTunes) {
  const auto few = collection(9, 3, 0, 1), enough = collection(10, 3, 0, 2);
  EXPECT_FALSE(told_apart(few, enough, 1));
  EXPECT_TRUE(told_apart(enough, enough, 1));
  const std::vector<HabitValues> alike(10, HabitValues{1, kAbsent});
  EXPECT_EQ(told_apart(alike, alike, 1)->auc, 0.5);
  EXPECT_EQ(told_apart(alike, alike, 1)->shares[0], 0);
}

}  // namespace
}  // namespace lilt::likeness
