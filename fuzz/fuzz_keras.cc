// Reading networks of Keras from strangers: .h5, .weights.h5, .keras.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "exchange/keras_import.h"
#include "model/config.h"

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

// A file is read as a network or refused with a message.
void read(std::span<const std::byte> file, lilt::exchange::KerasOptions options) {
  const auto network = lilt::exchange::import_keras(file, "\n '2>ABcdefg|♯", options);
  if (!network) return expect(!network.error().message.empty());
  expect(lilt::validate(network->model.config).ok());
  expect(network->model.weights.size() == lilt::parameter_layout(network->model.config).count);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> file = std::as_bytes(std::span(data, size));
  read(file, {});
  read(file, {.gate_activation = lilt::exchange::KerasGates::kHardSigmoid3});
  return 0;
}
