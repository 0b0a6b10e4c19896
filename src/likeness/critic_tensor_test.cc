#include "likeness/critic_tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "likeness/habits.h"

namespace lilt::likeness {
namespace {

Critic some_critic() {
  Critic critic{.bias = 0.25, .trees = {}};
  for (int t = 0; t < 3; ++t) {
    CriticTree tree;
    for (std::size_t i = 0; i < tree.splits.size(); ++i) {
      tree.splits[i] = {static_cast<std::uint32_t>((t + i) % habits().size()), i % 2 == 0, 0.5 * t};
    }
    for (std::size_t i = 0; i < tree.leaves.size(); ++i)
      tree.leaves[i] = 0.1 * (t + 1.0) - 0.05 * i;
    critic.trees.push_back(tree);
  }
  return critic;
}

SafetensorsView file_with(TensorView tensor) {
  SafetensorsView file;
  file.tensors.push_back(std::move(tensor));
  return file;
}

TEST(CriticTensor, ComesBackAsItWas) {
  const Critic critic = some_critic();
  const CriticTensor tensor(critic);
  const auto back = read_critic(file_with(tensor.tensor()));
  ASSERT_TRUE(back) << back.error().to_string();
  ASSERT_TRUE(*back);
  for (const double value : {0.0, 0.4, 1.0, std::nan("")}) {
    const HabitValues values(habits().size(), value);
    EXPECT_EQ((*back)->score(values), critic.score(values));
  }
}

TEST(CriticTensor, MayBeMissing) {
  const auto none = read_critic(SafetensorsView{});
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(CriticTensor, OfOtherHabitsIsNone) {
  const CriticTensor tensor(some_critic());
  TensorView view = tensor.tensor();
  std::vector<std::byte> bytes(view.bytes.begin(), view.bytes.end());
  bytes[8] ^= std::byte{1};
  view.bytes = bytes;
  const auto other = read_critic(file_with(view));
  ASSERT_TRUE(other);
  EXPECT_FALSE(*other);
}

TEST(CriticTensor, OfStrangersIsRefused) {
  const CriticTensor tensor(some_critic());
  const auto with = [&](std::size_t at, double value) {
    TensorView view = tensor.tensor();
    std::vector<std::byte> bytes(view.bytes.begin(), view.bytes.end());
    std::memcpy(bytes.data() + 8 * at, &value, 8);
    view.bytes = bytes;
    return read_critic(file_with(view)).ok();
  };
  EXPECT_TRUE(with(0, 0));
  EXPECT_FALSE(with(0, std::numeric_limits<double>::infinity()));
  const std::size_t row = tensor.tensor().shape[1];
  EXPECT_FALSE(with(row, -1));
  EXPECT_FALSE(with(row, 1e9));
  EXPECT_FALSE(with(row, std::nan("")));
  EXPECT_FALSE(with(row + 2, std::nan("")));
  EXPECT_FALSE(with(2 * row - 1, std::nan("")));
  TensorView narrow = tensor.tensor();
  narrow.shape = {narrow.elements(), 1};
  EXPECT_FALSE(read_critic(file_with(narrow)));
}

}  // namespace
}  // namespace lilt::likeness
