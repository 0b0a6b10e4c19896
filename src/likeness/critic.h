// A critic: tells tunes of one collection from those of another by their habits.
//
// Gradient-boosted trees with logistic loss (Friedman, "Greedy function approximation: a gradient
// boosting machine", 2001), each grown on a random half of the tunes (Friedman, "Stochastic
// gradient boosting", 2002) by second-order gain (Chen and Guestrin, "XGBoost", 2016). A value that
// is missing (NaN) goes to the side where that helps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lilt::likeness {

// The values of a tune: a number each, or NaN.
using HabitValues = std::vector<double>;

// A tree of three levels, in full: where there is nothing to split, both sides are the same.
struct CriticTree {
  static constexpr std::size_t kDepth = 3, kSplits = (1U << kDepth) - 1, kLeaves = 1U << kDepth;
  struct Split {
    std::uint32_t habit = 0;
    bool missing_is_below = true;
    double threshold = 0;  // a value less than this is below
  };
  std::array<Split, kSplits> splits{};  // the root, then level by level; children of i: 2i+1, 2i+2
  std::array<double, kLeaves> leaves{};

  [[nodiscard]] double score(std::span<const double> habits) const;
};

// What has been learnt, as plain data.
struct Critic {
  double bias = 0;
  std::vector<CriticTree> trees;

  // The logarithm of the odds that a tune is one of the first collection. The same bits everywhere
  // for the same trees.
  [[nodiscard]] double score(std::span<const double> habits) const;
};

struct CriticTraining {
  std::size_t trees = 150;
  double shrinkage = 0.1;
  double sample = 0.5;        // of the tunes, for each tree
  double regularisation = 1;  // added to the second derivatives of a leaf
  std::size_t fewest = 10;    // tunes on each side of a split, or an eighth of a small sample
  std::uint64_t seed = 1;
};

struct TrainedCritic {
  Critic critic;
  // Of each habit: by how much the splits by it reduce the squared error of what the trees fit
  // (Friedman's relative influence, 2001).
  std::vector<double> influence;
};

// Learns to tell the tunes of `first` from those of `second`. Neither may be empty; all tunes have
// the same habits. The same tunes and seed give the same trees.
[[nodiscard]] TrainedCritic train_critic(std::span<const HabitValues> first,
                                         std::span<const HabitValues> second,
                                         const CriticTraining& training = {});

// The probability that one of `high` has a higher score than one of `low`, equals counted half: the
// area under the receiver operating characteristic (Hanley and McNeil, 1982). Neither may be empty.
[[nodiscard]] double area_under_curve(std::span<const double> high, std::span<const double> low);

// How well collections are told apart.
struct ToldApart {
  double auc = 0.5;            // 0.5: not at all; 1: always
  std::vector<double> shares;  // of each habit in the influence of all; they sum to 1, or are 0
};

// So many tunes of each collection at least.
inline constexpr std::size_t kFewestToTellApart = 10;

// Cross-validated over 5 folds with equal shares of both collections: each tune is judged by a
// critic that has not seen it; the area is the mean over the folds of two divisions. Nothing for
// fewer than kFewestToTellApart tunes on a side.
[[nodiscard]] std::optional<ToldApart> told_apart(std::span<const HabitValues> a,
                                                  std::span<const HabitValues> b,
                                                  std::uint64_t seed);

}  // namespace lilt::likeness
