#include "eval/speed.h"

#include <gtest/gtest.h>

#include "small_model.h"

namespace lilt::eval {
namespace {

TEST(MicrosecondsPerStep, IsSaneOfANetworkThatIsToldMore) {
  const ModelContents model = support::random_model(support::vocabulary_of("\nX:1abc"),
                                                    {.embedding = 4,
                                                     .features = {{"one", 3, 2}, {"two", 70, 2}},
                                                     .hidden = {8},
                                                     .text = {true, {}}});
  const std::vector<std::byte> file = support::file_of(model);
  const auto view = view_model(file, "");
  ASSERT_TRUE(view);
  for (const auto precision : {infer::Precision::kSingle, infer::Precision::kEightBit}) {
    const double us = microseconds_per_step(*infer::Weights::of(*view, precision));
    EXPECT_GT(us, 0);
    EXPECT_LT(us, 1e5);
  }
}

}  // namespace
}  // namespace lilt::eval
