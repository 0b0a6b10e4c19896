// Reading model files from strangers, as they are and with the checksum made right.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "model/half.h"
#include "model/model_file.h"
#include "small_model.h"

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

// In half precision the model is either refused with a message or read again with the same weights,
// rounded.
void check_halves(const lilt::ModelContents& model) {
  const lilt::ModelParts parts{.config = model.config,
                               .vocabulary = model.vocabulary,
                               .provenance = model.provenance,
                               .weights = model.weights,
                               .weight_type = lilt::DataType::kF16};
  if (const lilt::Status fit = lilt::check_weights_fit(parts); !fit) {
    return expect(!fit.error().message.empty());
  }
  const auto file = lilt::support::half_file_of(model);
  const auto again = lilt::read_model(file, "fuzz");
  expect(again.ok() && again->config == model.config && again->vocabulary == model.vocabulary);
  for (std::size_t i = 0; i < model.weights.size(); ++i) {
    expect(again->weights[i] == lilt::from_half(lilt::to_half(model.weights[i])));
  }
}

// A file is read as a model or refused with a message.
void read(std::span<const std::byte> file) {
  const auto model = lilt::read_model(file, "fuzz");
  if (!model) return expect(!model.error().message.empty());
  expect(model->weights.size() == lilt::parameter_layout(model->config).count);
  check_halves(*model);
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
