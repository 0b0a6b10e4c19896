// Learns windows of a whole batch, leaf by leaf, with other processes.
//
// Each rank has some of the leaves, one after another, and sums their gradients as far as the tree
// of leaves goes within them. Each then sums one slice of all gradients to the tree's root: a slice
// of every such sum goes to who is in charge of it, and the slice of the whole sum to everyone.
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
#include "train/ranks.h"
#include "train/source.h"

namespace lilt::train {

class Learner {
 public:
  // `config` is the model of the options with what the text adds. There are no more ranks than
  // leaves. Team and ranks must outlive it.
  Learner(const ModelConfig& config, const Options& options, nn::Team& team, Ranks& ranks);

  // For windows of one leaf; its weights are the model's.
  [[nodiscard]] nn::Network& network() { return network_; }
  // What the streams of this rank carry.
  [[nodiscard]] CarriedState& carried() { return carried_; }
  // Lets everyone know what all streams carry.
  void share_carried();

  // One window of the batch, forward and backward, as nn::Network::learn() does it. The sum of
  // gradients depends on the number of leaves in its last bits, and on nothing else. Throws
  // EnvironmentError when a rank is lost.
  nn::WindowLoss learn(const Window& window, const nn::Dropout& dropout);
  // Of the mean loss of that window.
  [[nodiscard]] std::span<float> gradients();

 private:
  // A part of the tree that one rank sums by itself.
  struct Branch {
    Leaves leaves;
    std::size_t rank;
    std::size_t sum;  // its number among those of this rank, or among those that come from others
  };

  [[nodiscard]] Leaves leaves_of(std::size_t rank) const;
  void find_branches(Leaves leaves, std::size_t rank);
  [[nodiscard]] bool has_one_leaf() const { return leaves_of(ranks_.rank()).size() == 1; }
  [[nodiscard]] std::span<float> own_sum(std::size_t branch);
  void learn_own(const Window& window, const nn::Dropout& dropout);
  void sum_leaves(Leaves leaves, std::size_t slot, const Window& window,
                  const nn::Dropout& dropout);
  void learn_leaf(std::size_t leaf, const Window& window, const nn::Dropout& dropout);
  void cut_out(std::size_t leaf, const Window& window);
  void exchange_slices();
  [[nodiscard]] std::span<float> sum_slice(Leaves leaves);

  std::size_t leaves_, streams_;  // of the batch; of a leaf
  nn::Team& team_;
  Ranks& ranks_;
  nn::Network network_;
  CarriedState carried_;
  Window part_;                         // of one leaf
  std::vector<nn::WindowLoss> losses_;  // of each leaf
  std::vector<Branch> branches_;        // of all ranks, in the order of leaves
  std::vector<nn::Buffer> sums_;        // of own branches, and on the way to them
  std::vector<std::size_t> slices_;     // where the gradients are cut between ranks
  std::vector<nn::Buffer> received_;    // own slice of the branches of others
};

}  // namespace lilt::train
