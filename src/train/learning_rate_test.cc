#include "train/learning_rate.h"

#include <gtest/gtest.h>

namespace lilt::train {
namespace {

constexpr std::uint64_t kPerEpoch = 10, kTotal = 100;

TEST(LearningRate, ConstantStaysAndWarmUpRises) {
  const LearningRate rate{.rate = 0.5, .warm_up = 4};
  EXPECT_DOUBLE_EQ(rate.at(0, kPerEpoch, kTotal), 0.125);
  EXPECT_DOUBLE_EQ(rate.at(3, kPerEpoch, kTotal), 0.5);
  EXPECT_DOUBLE_EQ(rate.at(99, kPerEpoch, kTotal), 0.5);
}

TEST(LearningRate, CosineFallsFromTheTopToWhatIsLeft) {
  const LearningRate rate{
      .schedule = Schedule::kCosine, .rate = 2, .warm_up = 20, .final_share = 0.25};
  EXPECT_DOUBLE_EQ(rate.at(20, kPerEpoch, kTotal), 2);
  EXPECT_DOUBLE_EQ(rate.at(60, kPerEpoch, kTotal), 2 * (0.25 + 0.75 * 0.5));
  EXPECT_NEAR(rate.at(100, kPerEpoch, kTotal), 0.5, 1e-12);
  EXPECT_NEAR(rate.at(1000, kPerEpoch, kTotal), 0.5, 1e-12) << "past the end it stays";
  for (std::uint64_t u = 21; u < kTotal; ++u) {
    EXPECT_LT(rate.at(u, kPerEpoch, kTotal), rate.at(u - 1, kPerEpoch, kTotal));
  }
}

TEST(LearningRate, StepFallsAtEpochs) {
  const LearningRate rate{
      .schedule = Schedule::kStep, .rate = 1, .step_epochs = 3, .step_factor = 0.1};
  EXPECT_DOUBLE_EQ(rate.at(29, kPerEpoch, kTotal), 1);
  EXPECT_DOUBLE_EQ(rate.at(30, kPerEpoch, kTotal), 0.1);
  EXPECT_NEAR(rate.at(60, kPerEpoch, kTotal), 0.01, 1e-15);
}

TEST(Schedule, HasTheNamesOfRunRecords) {
  EXPECT_EQ(name_of(Schedule::kConstant), "constant");
  EXPECT_EQ(name_of(Schedule::kCosine), "cosine");
  EXPECT_EQ(name_of(Schedule::kStep), "step");
}

}  // namespace
}  // namespace lilt::train
