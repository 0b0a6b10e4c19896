#include "likeness/critic.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"

namespace lilt::likeness {
namespace {

constexpr std::size_t kBins = 32;  // of a habit's values, about equally full
constexpr std::size_t kMissing = kBins;
constexpr std::size_t kFolds = 5, kDivisions = 2;
constexpr std::uint64_t kOrders = std::uint64_t{1} << 32;  // random orders that are no samples

// Where the values of a habit are cut into bins: bin b is below cuts[b], and not below cuts[b − 1].
std::vector<double> cuts_of(std::vector<double> values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
               values.end());
  std::sort(values.begin(), values.end());
  std::vector<double> cuts;
  for (std::size_t b = 1; b < kBins && !values.empty(); ++b) {
    const double cut = values[b * values.size() / kBins];
    if (cut > values.front() && (cuts.empty() || cut > cuts.back())) cuts.push_back(cut);
  }
  return cuts;
}

// The tunes of both collections, their values as bins.
class BinnedTunes {
 public:
  BinnedTunes(std::span<const HabitValues> first, std::span<const HabitValues> second)
      : habits_(first.front().size()), tunes_(first.size() + second.size()) {
    const auto value = [&](std::size_t tune, std::size_t habit) {
      return tune < first.size() ? first[tune][habit] : second[tune - first.size()][habit];
    };
    bins_.resize(tunes_ * habits_);
    for (std::size_t h = 0; h < habits_; ++h) {
      std::vector<double> values(tunes_);
      for (std::size_t t = 0; t < tunes_; ++t) values[t] = value(t, h);
      cuts_.push_back(cuts_of(values));
      for (std::size_t t = 0; t < tunes_; ++t) {
        const auto bin = std::upper_bound(cuts_[h].begin(), cuts_[h].end(), values[t]);
        bins_[t * habits_ + h] = static_cast<std::uint8_t>(
            std::isnan(values[t]) ? kMissing : static_cast<std::size_t>(bin - cuts_[h].begin()));
      }
    }
  }

  [[nodiscard]] std::size_t tunes() const { return tunes_; }
  [[nodiscard]] std::size_t habits() const { return habits_; }
  [[nodiscard]] const std::vector<double>& cuts(std::size_t habit) const { return cuts_[habit]; }
  [[nodiscard]] std::size_t bin(std::size_t tune, std::size_t habit) const {
    return bins_[tune * habits_ + habit];
  }

 private:
  std::size_t habits_, tunes_;
  std::vector<std::vector<double>> cuts_;
  std::vector<std::uint8_t> bins_;  // [tunes, habits]
};

// First and second derivatives of the loss, summed over tunes.
struct Sums {
  double gradient = 0, curvature = 0;
  std::size_t tunes = 0;

  Sums& operator+=(const Sums& other) {
    gradient += other.gradient;
    curvature += other.curvature;
    tunes += other.tunes;
    return *this;
  }
  friend Sums operator+(Sums a, const Sums& b) { return a += b; }
  friend Sums operator-(Sums a, const Sums& b) {
    return {a.gradient - b.gradient, a.curvature - b.curvature, a.tunes - b.tunes};
  }
};

struct FoundSplit {
  double gain = 0;       // 0: there is none
  double influence = 0;  // see TrainedCritic
  std::uint32_t habit = 0;
  std::size_t below = 0;  // bins 0 … below − 1 are below
  bool missing_is_below = true;
};

// Grows one tree after another.
class Grower {
 public:
  // A sample has so many tunes.
  Grower(const BinnedTunes& tunes, const CriticTraining& training, std::size_t sample,
         std::vector<double>& influence)
      : tunes_(tunes),
        training_(training),
        fewest_(std::clamp<std::size_t>(sample / 8, 1, training.fewest)),
        influence_(influence) {}

  // Fits the derivatives of the tunes in `rows`.
  CriticTree grow(const std::vector<Sums>& derivatives, const std::vector<std::size_t>& rows) {
    CriticTree tree;
    std::vector<std::vector<std::size_t>> nodes(CriticTree::kSplits + CriticTree::kLeaves);
    nodes[0] = rows;
    for (std::size_t i = 0; i < CriticTree::kSplits; ++i) {
      const FoundSplit split = best_split(derivatives, nodes[i]);
      influence_[split.habit] += split.influence;
      tree.splits[i] = split_of(split);
      for (const std::size_t row : nodes[i]) {
        nodes[is_below(row, split) ? 2 * i + 1 : 2 * i + 2].push_back(row);
      }
    }
    for (std::size_t leaf = 0; leaf < CriticTree::kLeaves; ++leaf) {
      Sums sums;
      for (const std::size_t row : nodes[CriticTree::kSplits + leaf]) sums += derivatives[row];
      tree.leaves[leaf] =
          training_.shrinkage * sums.gradient / (sums.curvature + training_.regularisation);
    }
    return tree;
  }

 private:
  // Without a split all are below.
  [[nodiscard]] CriticTree::Split split_of(const FoundSplit& split) const {
    if (split.gain == 0) return {.threshold = std::numeric_limits<double>::infinity()};
    const std::vector<double>& cuts = tunes_.cuts(split.habit);
    return {split.habit, split.missing_is_below,
            split.below > cuts.size() ? std::numeric_limits<double>::infinity()
                                      : cuts[split.below - 1]};
  }

  [[nodiscard]] bool is_below(std::size_t row, const FoundSplit& split) const {
    if (split.gain == 0) return true;
    const std::size_t bin = tunes_.bin(row, split.habit);
    return bin == kMissing ? split.missing_is_below : bin < split.below;
  }

  [[nodiscard]] double quality(const Sums& sums) const {
    return sums.gradient * sums.gradient / (sums.curvature + training_.regularisation);
  }

  // What is explained of the squares of the first derivatives by their mean.
  [[nodiscard]] static double squares(const Sums& sums) {
    return sums.gradient * sums.gradient / static_cast<double>(sums.tunes);
  }

  [[nodiscard]] FoundSplit best_split(const std::vector<Sums>& derivatives,
                                      const std::vector<std::size_t>& rows) {
    FoundSplit best;
    if (rows.size() < 2 * fewest_) return best;
    histogram_.assign(tunes_.habits() * (kBins + 1), {});
    Sums all;
    for (const std::size_t row : rows) {
      all += derivatives[row];
      for (std::size_t h = 0; h < tunes_.habits(); ++h) {
        histogram_[h * (kBins + 1) + tunes_.bin(row, h)] += derivatives[row];
      }
    }
    for (std::size_t h = 0; h < tunes_.habits(); ++h) consider(h, all, best);
    return best;
  }

  // Every cut of a habit, and what is missing on either side; or what is missing by itself.
  void consider(std::size_t habit, const Sums& all, FoundSplit& best) const {
    const Sums* const bins = &histogram_[habit * (kBins + 1)];
    const Sums& missing = bins[kMissing];
    const std::size_t filled = tunes_.cuts(habit).size() + 1;
    Sums below;
    for (std::size_t b = 1; b <= filled; ++b) {
      below += bins[b - 1];
      for (const bool with_missing : {true, false}) {
        const Sums low = with_missing ? below + missing : below, high = all - low;
        if (low.tunes < fewest_ || high.tunes < fewest_) continue;
        const double gain = quality(low) + quality(high) - quality(all);
        if (gain <= best.gain + 1e-9) continue;
        const double influence = squares(low) + squares(high) - squares(all);
        best = {gain, influence, static_cast<std::uint32_t>(habit), b, with_missing};
      }
    }
  }

  const BinnedTunes& tunes_;
  const CriticTraining& training_;
  std::size_t fewest_;
  std::vector<double>& influence_;
  std::vector<Sums> histogram_;  // [habits, kBins + 1]
};

// An order of 0 … count − 1.
std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, std::uint64_t index) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed, RandomStream::kCritic, index);
  random.shuffle(std::span(order));
  return order;
}

// A collection divided: of the tunes in this order every kFolds-th is judged.
struct Fold {
  std::vector<HabitValues> learnt, judged;
};
Fold fold_of(std::span<const HabitValues> tunes, const std::vector<std::size_t>& order,
             std::size_t fold) {
  Fold divided;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (i % kFolds == fold ? divided.judged : divided.learnt).push_back(tunes[order[i]]);
  }
  return divided;
}

std::vector<double> scores_of(const Critic& critic, const std::vector<HabitValues>& tunes) {
  std::vector<double> scores;
  scores.reserve(tunes.size());
  for (const HabitValues& tune : tunes) scores.push_back(critic.score(tune));
  return scores;
}

}  // namespace

double CriticTree::score(std::span<const double> habits) const {
  std::size_t i = 0;
  while (i < kSplits) {
    const Split& split = splits[i];
    const double value = habits[split.habit];
    const bool is_below = std::isnan(value) ? split.missing_is_below : value < split.threshold;
    i = is_below ? 2 * i + 1 : 2 * i + 2;
  }
  return leaves[i - kSplits];
}

double Critic::score(std::span<const double> habits) const {
  double sum = bias;
  for (const CriticTree& tree : trees) sum += tree.score(habits);
  return sum;
}

TrainedCritic train_critic(std::span<const HabitValues> first, std::span<const HabitValues> second,
                           const CriticTraining& training) {
  assert(!first.empty() && !second.empty());
  const BinnedTunes tunes(first, second);
  const auto sample = std::max<std::size_t>(
      1, static_cast<std::size_t>(training.sample * static_cast<double>(tunes.tunes())));
  TrainedCritic trained{.influence = std::vector<double>(tunes.habits())};
  trained.critic.bias =
      std::log(static_cast<double>(first.size()) / static_cast<double>(second.size()));
  Grower grower(tunes, training, sample, trained.influence);
  std::vector<double> scores(tunes.tunes(), trained.critic.bias);
  std::vector<Sums> derivatives(tunes.tunes());
  for (std::size_t n = 0; n < training.trees; ++n) {
    for (std::size_t t = 0; t < tunes.tunes(); ++t) {
      const double p = 1 / (1 + std::exp(-scores[t]));
      derivatives[t] = {(t < first.size() ? 1.0 : 0.0) - p, p * (1 - p), 1};
    }
    std::vector<std::size_t> rows = shuffled(tunes.tunes(), training.seed, n);
    rows.resize(sample);
    const CriticTree tree = grower.grow(derivatives, rows);
    trained.critic.trees.push_back(tree);
    for (std::size_t t = 0; t < tunes.tunes(); ++t) {
      scores[t] += tree.score(t < first.size() ? first[t] : second[t - first.size()]);
    }
  }
  return trained;
}

double area_under_curve(std::span<const double> high, std::span<const double> low) {
  assert(!high.empty() && !low.empty());
  std::vector<double> sorted(low.begin(), low.end());
  std::sort(sorted.begin(), sorted.end());
  double sum = 0;
  for (const double score : high) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), score);
    sum += static_cast<double>((first - sorted.begin()) + (last - sorted.begin())) / 2;
  }
  return sum / (static_cast<double>(high.size()) * static_cast<double>(low.size()));
}

std::optional<ToldApart> told_apart(std::span<const HabitValues> a, std::span<const HabitValues> b,
                                    std::uint64_t seed) {
  if (std::min(a.size(), b.size()) < kFewestToTellApart) return std::nullopt;
  ToldApart told{.auc = 0, .shares = std::vector<double>(a.front().size())};
  for (std::size_t i = 0; i < kDivisions * kFolds; ++i) {
    const std::size_t division = i / kFolds, fold = i % kFolds;
    const Fold of_a = fold_of(a, shuffled(a.size(), seed, kOrders + 2 * division), fold),
               of_b = fold_of(b, shuffled(b.size(), seed, kOrders + 2 * division + 1), fold);
    const TrainedCritic trained = train_critic(of_a.learnt, of_b.learnt, {.seed = seed + i});
    told.auc += area_under_curve(scores_of(trained.critic, of_a.judged),
                                 scores_of(trained.critic, of_b.judged));
    for (std::size_t h = 0; h < told.shares.size(); ++h) told.shares[h] += trained.influence[h];
  }
  told.auc /= kDivisions * kFolds;
  const double all = std::accumulate(told.shares.begin(), told.shares.end(), 0.0);
  for (double& share : told.shares) share = all > 0 ? share / all : 0;
  return told;
}

}  // namespace lilt::likeness
