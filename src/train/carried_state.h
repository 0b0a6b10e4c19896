// What streams carry from one window to the next.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/config.h"
#include "nn/network.h"

namespace lilt::train {

// The hidden and cell states of all streams of a batch, whichever networks learn parts of it. Zero
// to begin with.
class CarriedState {
 public:
  CarriedState(const ModelConfig& config, std::size_t batch);

  [[nodiscard]] std::size_t batch() const { return batch_; }  // N
  [[nodiscard]] std::size_t layers() const { return hidden_.size(); }
  [[nodiscard]] std::span<float> hidden(std::size_t layer) { return hidden_[layer]; }  // [N, H]
  [[nodiscard]] std::span<float> cell(std::size_t layer) { return cell_[layer]; }      // [N, H]

  // Gives a network the states of its streams, the first of which is `first_stream`; and takes them
  // back.
  void give(nn::Network& network, std::size_t first_stream) const;
  void take(nn::Network& network, std::size_t first_stream);

 private:
  std::size_t batch_;
  std::vector<std::vector<float>> hidden_, cell_;
};

}  // namespace lilt::train
