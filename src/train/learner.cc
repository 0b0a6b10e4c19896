#include "train/learner.h"

#include <algorithm>
#include <bit>

namespace lilt::train {
namespace {

// Calls use(begin, count) for pieces of `size` floats, on all threads.
template <class Use>
void for_pieces(nn::Team& team, std::size_t size, Use&& use) {
  constexpr std::size_t kPiece = 32768;
  team.for_each((size + kPiece - 1) / kPiece, [&](std::size_t i, std::size_t) {
    use(i * kPiece, std::min(kPiece, size - i * kPiece));
  });
}

// Columns first … first + count − 1 of a matrix [rows, columns].
template <class T>
void copy_columns(std::span<const T> matrix, std::size_t columns, std::size_t first,
                  std::size_t count, std::vector<T>& part) {
  const std::size_t rows = matrix.size() / columns;
  part.resize(rows * count);
  for (std::size_t r = 0; r < rows; ++r) {
    std::copy_n(matrix.data() + r * columns + first, count, part.data() + r * count);
  }
}

// sum[j] += values[j].
void add(nn::Team& team, std::span<const float> values, std::span<float> sum) {
  for_pieces(team, sum.size(), [&](std::size_t begin, std::size_t count) {
    nn::add_rows(values.data() + begin, count, 1, sum.data() + begin);
  });
}

}  // namespace

Learner::Learner(const ModelConfig& config, const Options& options, nn::Team& team, Ranks& ranks)
    : leaves_(options.leaves),
      streams_(options.batch / options.leaves),
      team_(team),
      ranks_(ranks),
      network_(config, options.window, streams_, team, options.precision),
      carried_(config, options.batch),
      losses_(leaves_) {
  for (std::size_t r = 0; r < ranks.size(); ++r) find_branches({0, leaves_}, r);
  const std::size_t size = network_.gradients().size();
  slices_ = even_cuts(size, ranks.size());
  std::size_t own = 0, slots = 0;
  for (Branch& branch : branches_) {
    if (branch.rank == ranks.rank()) {
      branch.sum = own++;
      slots = std::max(slots, own + std::bit_width(branch.leaves.size() - 1));
    } else {
      branch.sum = received_.size();
      received_.emplace_back(slices_[ranks.rank() + 1] - slices_[ranks.rank()]);
    }
  }
  for (std::size_t i = 0; i < slots && !has_one_leaf(); ++i) sums_.emplace_back(size);
}

Leaves Learner::leaves_of(std::size_t rank) const {
  return {rank * leaves_ / ranks_.size(), (rank + 1) * leaves_ / ranks_.size()};
}

// The largest parts of the tree below these leaves that are the rank's alone.
void Learner::find_branches(Leaves leaves, std::size_t rank) {
  const Leaves own = leaves_of(rank);
  if (leaves.end <= own.begin || leaves.begin >= own.end) return;
  if (leaves.begin >= own.begin && leaves.end <= own.end) {
    branches_.push_back({leaves, rank, 0});
    return;
  }
  find_branches(leaves.first_half(), rank);
  find_branches(leaves.second_half(), rank);
}

nn::WindowLoss Learner::learn(const Window& window, const nn::Dropout& dropout) {
  learn_own(window, dropout);
  if (ranks_.size() > 1) {
    share(ranks_, std::span(losses_), even_cuts(leaves_, ranks_.size()));
    exchange_slices();
    const std::size_t begin = slices_[ranks_.rank()];
    const std::span<const float> sum = sum_slice({0, leaves_});
    if (sum.data() != gradients().data() + begin) {
      std::ranges::copy(sum, gradients().data() + begin);
    }
    share(ranks_, gradients(), slices_);
  }
  nn::WindowLoss sum;
  for (const nn::WindowLoss& loss : losses_) {
    sum.nats += loss.nats;
    sum.correct += loss.correct;
  }
  return sum;
}

std::span<float> Learner::gradients() { return own_sum(0); }

void Learner::share_carried() {
  for (std::size_t l = 0; l < carried_.layers(); ++l) {
    for (const std::span<float> state : {carried_.hidden(l), carried_.cell(l)}) {
      std::vector<std::size_t> cuts = even_cuts(leaves_, ranks_.size());
      for (std::size_t& cut : cuts) cut *= state.size() / leaves_;
      share(ranks_, state, cuts);
    }
  }
}

// Of one leaf it stays where the network has it.
std::span<float> Learner::own_sum(std::size_t branch) {
  return has_one_leaf() ? network_.gradients() : sums_[branch].span();
}

void Learner::learn_own(const Window& window, const nn::Dropout& dropout) {
  if (has_one_leaf()) return learn_leaf(leaves_of(ranks_.rank()).begin, window, dropout);
  for (const Branch& branch : branches_) {
    if (branch.rank == ranks_.rank()) sum_leaves(branch.leaves, branch.sum, window, dropout);
  }
}

// Leaves the sum in sums_[slot]; those behind it are taken on the way.
void Learner::sum_leaves(Leaves leaves, std::size_t slot, const Window& window,
                         const nn::Dropout& dropout) {
  float* sum = sums_[slot].data();
  if (leaves.size() == 1) {
    learn_leaf(leaves.begin, window, dropout);
    const float* gradients = network_.gradients().data();
    for_pieces(team_, sums_[slot].size(), [&](std::size_t begin, std::size_t count) {
      std::copy_n(gradients + begin, count, sum + begin);
    });
    return;
  }
  sum_leaves(leaves.first_half(), slot, window, dropout);
  sum_leaves(leaves.second_half(), slot + 1, window, dropout);
  add(team_, sums_[slot + 1].span(), sums_[slot].span());
}

// Every rank gets its slice of the branches of all others.
void Learner::exchange_slices() {
  std::vector<Ranks::Outgoing> out;
  std::vector<Ranks::Incoming> in;
  for (const Branch& branch : branches_) {
    if (branch.rank != ranks_.rank()) {
      in.push_back({branch.rank, std::as_writable_bytes(received_[branch.sum].span())});
      continue;
    }
    const std::span<float> sum = own_sum(branch.sum);
    for (std::size_t i = 1; i < ranks_.size(); ++i) {
      const std::size_t to = (ranks_.rank() + i) % ranks_.size();
      const std::size_t begin = slices_[to];
      out.push_back({to, std::as_bytes(sum.subspan(begin, slices_[to + 1] - begin))});
    }
  }
  ranks_.exchange(out, in);
}

// The own slice of the sum of these leaves. What it is summed from is lost.
std::span<float> Learner::sum_slice(Leaves leaves) {
  const std::size_t begin = slices_[ranks_.rank()], end = slices_[ranks_.rank() + 1];
  for (const Branch& branch : branches_) {
    if (branch.leaves.begin != leaves.begin || branch.leaves.end != leaves.end) continue;
    if (branch.rank != ranks_.rank()) return received_[branch.sum].span();
    return own_sum(branch.sum).subspan(begin, end - begin);
  }
  const std::span<float> first = sum_slice(leaves.first_half());
  add(team_, sum_slice(leaves.second_half()), first);
  return first;
}

void Learner::learn_leaf(std::size_t leaf, const Window& window, const nn::Dropout& dropout) {
  const std::size_t first = leaf * streams_;
  nn::Dropout of_leaf = dropout;
  of_leaf.part = {.first_stream = first, .streams = leaves_ * streams_};
  if (leaves_ > 1) cut_out(leaf, window);
  const Window& part = leaves_ > 1 ? part_ : window;
  carried_.give(network_, first);
  losses_[leaf] = network_.learn(part.view(), part.targets, of_leaf);
  carried_.take(network_, first);
}

// Puts the leaf's streams of a window into part_.
void Learner::cut_out(std::size_t leaf, const Window& window) {
  const auto copy = [&](const auto& from, auto& to) {
    copy_columns(std::span(from), leaves_ * streams_, leaf * streams_, streams_, to);
  };
  copy(window.inputs, part_.inputs);
  copy(window.targets, part_.targets);
  copy(window.features, part_.features);  // [K, T, N]
  copy(window.starts, part_.starts);
}

}  // namespace lilt::train
