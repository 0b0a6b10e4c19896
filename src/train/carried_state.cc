#include "train/carried_state.h"

#include <algorithm>

namespace lilt::train {

CarriedState::CarriedState(const ModelConfig& config, std::size_t batch) : batch_(batch) {
  for (const std::size_t hidden : config.hidden) {
    hidden_.emplace_back(batch * hidden);
    cell_.emplace_back(batch * hidden);
  }
}

void CarriedState::give(nn::Network& network, std::size_t first_stream) const {
  for (std::size_t l = 0; l < layers(); ++l) {
    const std::size_t first = first_stream * network.config().hidden[l];
    const std::size_t count = network.hidden_state(l).size();
    std::copy_n(hidden_[l].data() + first, count, network.hidden_state(l).data());
    std::copy_n(cell_[l].data() + first, count, network.cell_state(l).data());
  }
}

void CarriedState::take(nn::Network& network, std::size_t first_stream) {
  for (std::size_t l = 0; l < layers(); ++l) {
    const std::size_t first = first_stream * network.config().hidden[l];
    std::ranges::copy(network.hidden_state(l), hidden_[l].data() + first);
    std::ranges::copy(network.cell_state(l), cell_[l].data() + first);
  }
}

}  // namespace lilt::train
