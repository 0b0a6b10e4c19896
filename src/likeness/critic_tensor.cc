#include "likeness/critic_tensor.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "likeness/habits.h"

namespace lilt::likeness {
namespace {

// A tree a row: of each split the habit, whether a missing value is below, and the threshold; then
// the leaves. The first row has the bias and what tells the habits.
constexpr std::size_t kColumns = 3 * CriticTree::kSplits + CriticTree::kLeaves;
constexpr std::size_t kMostTrees = 10'000;

Error bad_critic(const char* what) {
  return {ErrorCode::kFormat, std::string("the tensor critic: expected ") + what};
}

// Tells habits apart: their names in their order (FNV-1a; Fowler, Noll, Vo), as a whole number that
// a double can hold.
double signature_of_habits() {
  std::uint32_t hash = 0x811C9DC5;
  for (const Habit& habit : habits()) {
    for (const char c : habit.name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
    hash = (hash ^ 0xFF) * 0x01000193;
  }
  return hash;
}

bool read_tree(std::span<const double> row, std::size_t count, CriticTree& tree) {
  for (std::size_t i = 0; i < CriticTree::kSplits; ++i) {
    const double habit = row[3 * i];
    if (!(habit >= 0 && habit < static_cast<double>(count)) || std::isnan(row[3 * i + 2])) {
      return false;
    }
    tree.splits[i] = {static_cast<std::uint32_t>(habit), row[3 * i + 1] != 0, row[3 * i + 2]};
  }
  for (std::size_t i = 0; i < CriticTree::kLeaves; ++i) {
    tree.leaves[i] = row[3 * CriticTree::kSplits + i];
    if (!std::isfinite(tree.leaves[i])) return false;
  }
  return true;
}

}  // namespace

CriticTensor::CriticTensor(const Critic& critic) : rows_(1 + critic.trees.size()) {
  values_ = {critic.bias, signature_of_habits()};
  values_.resize(kColumns);
  for (const CriticTree& tree : critic.trees) {
    for (const CriticTree::Split& split : tree.splits) {
      values_.insert(values_.end(), {static_cast<double>(split.habit),
                                     split.missing_is_below ? 1.0 : 0.0, split.threshold});
    }
    values_.insert(values_.end(), tree.leaves.begin(), tree.leaves.end());
  }
}

TensorView CriticTensor::tensor() const {
  return {kCriticTensor, DataType::kF64, {rows_, kColumns}, std::as_bytes(std::span(values_))};
}

void put_critic(const CriticTensor& critic, ModelParts& parts) {
  std::erase_if(parts.tensors, [](const TensorView& t) { return t.name == kCriticTensor; });
  parts.tensors.push_back(critic.tensor());
}

Result<std::optional<Critic>> read_critic(const SafetensorsView& file) {
  const TensorView* const tensor = file.find(kCriticTensor);
  if (tensor == nullptr) return std::optional<Critic>();
  const bool has_shape = tensor->type == DataType::kF64 && tensor->shape.size() == 2 &&
                         tensor->shape[1] == kColumns && tensor->shape[0] >= 1 &&
                         tensor->shape[0] <= kMostTrees;
  if (!has_shape) return bad_critic("rows of trees");
  std::vector<double> values(tensor->elements());
  std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
  if (values[1] != signature_of_habits()) return std::optional<Critic>();
  if (!std::isfinite(values[0])) return bad_critic("a bias");
  Critic critic{.bias = values[0], .trees = {}};
  for (std::size_t row = 1; row < tensor->shape[0]; ++row) {
    CriticTree& tree = critic.trees.emplace_back();
    if (!read_tree(std::span(values).subspan(row * kColumns, kColumns), habits().size(), tree)) {
      return bad_critic("trees");
    }
  }
  return std::optional(std::move(critic));
}

}  // namespace lilt::likeness
