// Learns windows of a whole batch, leaf by leaf.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nn/buffer.h"
#include "nn/network.h"
#include "nn/team.h"
#include "train/carried_state.h"
#include "train/leaves.h"
#include "train/options.h"
#include "train/source.h"

namespace lilt::train {

class Learner {
 public:
  // `config` is the model of the options with what the text adds. The team must outlive it.
  Learner(const ModelConfig& config, const Options& options, nn::Team& team);

  // For windows of one leaf; its weights are the model's.
  [[nodiscard]] nn::Network& network() { return network_; }
  [[nodiscard]] CarriedState& carried() { return carried_; }

  // One window of the batch, forward and backward, as nn::Network::learn() does it. The sum of
  // gradients depends on the number of leaves in its last bits, and on nothing else.
  nn::WindowLoss learn(const Window& window, const nn::Dropout& dropout);
  // Of the mean loss of that window.
  [[nodiscard]] std::span<float> gradients();

 private:
  void sum_leaves(Leaves leaves, std::size_t depth, const Window& window,
                  const nn::Dropout& dropout);
  void learn_leaf(std::size_t leaf, const Window& window, const nn::Dropout& dropout);
  void cut_out(std::size_t leaf, const Window& window);

  std::size_t leaves_, streams_;  // of the batch; of a leaf
  nn::Team& team_;
  nn::Network network_;
  CarriedState carried_;
  Window part_;                         // of one leaf
  std::vector<nn::WindowLoss> losses_;  // of each leaf
  std::vector<nn::Buffer> sums_;        // at each depth of the tree; none for a single leaf
};

}  // namespace lilt::train
