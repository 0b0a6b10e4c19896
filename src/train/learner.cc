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

}  // namespace

Learner::Learner(const ModelConfig& config, const Options& options, nn::Team& team)
    : leaves_(options.leaves),
      streams_(options.batch / options.leaves),
      team_(team),
      network_(config, options.window, streams_, team),
      carried_(config, options.batch),
      losses_(leaves_) {
  if (leaves_ == 1) return;
  const auto depths = static_cast<std::size_t>(std::bit_width(leaves_ - 1)) + 1;
  for (std::size_t d = 0; d < depths; ++d) sums_.emplace_back(network_.gradients().size());
}

nn::WindowLoss Learner::learn(const Window& window, const nn::Dropout& dropout) {
  if (leaves_ == 1) {
    learn_leaf(0, window, dropout);
  } else {
    sum_leaves({0, leaves_}, 0, window, dropout);
  }
  nn::WindowLoss sum;
  for (const nn::WindowLoss& loss : losses_) {
    sum.nats += loss.nats;
    sum.correct += loss.correct;
  }
  return sum;
}

std::span<float> Learner::gradients() {
  return sums_.empty() ? network_.gradients() : sums_[0].span();
}

// Leaves the sum in sums_[depth].
void Learner::sum_leaves(Leaves leaves, std::size_t depth, const Window& window,
                         const nn::Dropout& dropout) {
  float* sum = sums_[depth].data();
  if (leaves.size() == 1) {
    learn_leaf(leaves.begin, window, dropout);
    const float* gradients = network_.gradients().data();
    for_pieces(team_, sums_[depth].size(), [&](std::size_t begin, std::size_t count) {
      std::copy_n(gradients + begin, count, sum + begin);
    });
    return;
  }
  sum_leaves(leaves.first_half(), depth, window, dropout);
  sum_leaves(leaves.second_half(), depth + 1, window, dropout);
  const float* second = sums_[depth + 1].data();
  for_pieces(team_, sums_[depth].size(), [&](std::size_t begin, std::size_t count) {
    nn::add_rows(second + begin, count, 1, sum + begin);
  });
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
