// Reading model files from strangers, as they are and with the checksum made right.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "model/model_file.h"
#include "small_model.h"

namespace {

// A file is read as a model or refused with a message.
void read(std::span<const std::byte> file) {
  const auto model = lilt::read_model(file, "fuzz");
  if (model ? model->weights.size() != lilt::parameter_layout(model->config).count
            : model.error().message.empty()) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> file = std::as_bytes(std::span(data, size));
  read(file);
  std::vector<std::byte> repaired(file.begin(), file.end());
  lilt::support::repair_checksum(repaired);
  read(repaired);
  return 0;
}
