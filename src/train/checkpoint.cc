#include "train/checkpoint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/environment_error.h"
#include "model/text_tensor.h"
#include "model/untrusted_json.h"

namespace lilt::train {
namespace {

using Json = nlohmann::json;

constexpr const char* kTraining = "training";  // metadata: counters, options, fingerprint
constexpr const char* kHeldOut = "valid_fingerprint";
constexpr const char* kMean = "adam.mean";
constexpr const char* kVariance = "adam.variance";
constexpr const char* kSource = "source";
constexpr const char* kSums = "progress";  // F64 [2]: nats of the epoch under way, best bits
constexpr const char* kState = "state.";   // + layer: what is carried from window to window

std::string state_name(std::size_t layer, const char* which) {
  return kState + std::to_string(layer) + "." + which;
}

TensorView float_tensor(std::string name, std::vector<std::size_t> shape,
                        std::span<const float> values) {
  return {std::move(name), DataType::kF32, std::move(shape), std::as_bytes(values)};
}

// Calls use(name, shape, values) for every tensor of a checkpoint that is not a weight.
template <class Use>
void for_each_training_tensor(RunState& state, Use&& use) {
  nn::Network& network = state.network;
  const std::size_t count = network.layout().count;
  use(std::string(kMean), std::vector{count}, state.optimizer.mean());
  use(std::string(kVariance), std::vector{count}, state.optimizer.variance());
  for (std::size_t l = 0; l < network.config().hidden.size(); ++l) {
    const std::vector shape = {state.carried.batch(), network.config().hidden[l]};
    use(state_name(l, "hidden"), shape, state.carried.hidden(l));
    use(state_name(l, "cell"), shape, state.carried.cell(l));
  }
}

std::string training_json(const RunIdentity& run, const Progress& p) {
  return Json{{"epoch", p.epoch},
              {"window", p.window},
              {"updates", p.updates},
              {"correct", p.correct},
              {"best_epoch", p.best_epoch},
              {"fingerprint", run.fingerprint},
              {kHeldOut, run.held_out_fingerprint},
              {"options", Json::parse(to_json(run.options))}}
      .dump();
}

Status check_finite(std::span<const float> weights) {
  if (std::ranges::all_of(weights, [](float w) { return std::isfinite(w); })) return success();
  return Error{ErrorCode::kNumeric, "the weights are no longer finite"};
}

Error bad_checkpoint(const std::string& message) { return {ErrorCode::kFormat, message}; }

}  // namespace

Status save_checkpoint(const std::filesystem::path& path, const RunIdentity& run,
                       const Progress& progress, RunState& state) {
  if (Status s = check_finite(state.network.weights()); !s) return s;
  const std::array<double, 2> sums = {progress.nats, progress.best_bits};
  std::vector<TensorView> tensors;
  for_each_training_tensor(
      state, [&](std::string name, std::vector<std::size_t> shape, std::span<const float> values) {
        tensors.push_back(float_tensor(std::move(name), std::move(shape), values));
      });
  tensors.push_back({kSums, DataType::kF64, {sums.size()}, std::as_bytes(std::span(sums))});
  const std::vector<std::uint64_t> outlines = words_of_text(run.outlines);
  if (!outlines.empty()) tensors.push_back(text_tensor(kOutlinesTensor, outlines));
  const std::vector<std::uint64_t> source = state.source.state();
  if (!source.empty()) {
    tensors.push_back({kSource, DataType::kU64, {source.size()}, std::as_bytes(std::span(source))});
  }
  const ModelImage image({.config = state.network.config(),
                          .vocabulary = run.vocabulary,
                          .provenance = run.provenance,
                          .weights = state.network.weights(),
                          .metadata = {{kTraining, training_json(run, progress)}},
                          .tensors = std::move(tensors)});
  write_file_atomically(path, image.chunks());
  return success();
}

Status save_weights(const std::filesystem::path& path, const RunIdentity& run,
                    nn::Network& network) {
  if (Status s = check_finite(network.weights()); !s) return s;
  const std::vector<std::uint64_t> outlines = words_of_text(run.outlines);
  std::vector<TensorView> tensors;
  if (!outlines.empty()) tensors.push_back(text_tensor(kOutlinesTensor, outlines));
  const ModelImage image({.config = network.config(),
                          .vocabulary = run.vocabulary,
                          .provenance = run.provenance,
                          .weights = network.weights(),
                          .tensors = std::move(tensors)});
  write_file_atomically(path, image.chunks());
  return success();
}

bool is_training_metadata(std::string_view key) { return key == kTraining; }

bool is_training_tensor(std::string_view name) {
  for (const char* known : {kMean, kVariance, kSource, kSums}) {
    if (name == known) return true;
  }
  return name.starts_with(kState);
}

ModelParts without_training(const ModelView& model, std::span<const float> weights) {
  ModelParts parts{.config = model.config,
                   .vocabulary = model.vocabulary,
                   .provenance = model.provenance,
                   .weights = weights};
  for (const auto& entry : model.file.metadata) {
    if (!is_training_metadata(entry.first)) parts.metadata.insert(entry);
  }
  for (TensorView& tensor : model.further_tensors()) {
    if (!is_training_tensor(tensor.name)) parts.tensors.push_back(std::move(tensor));
  }
  return parts;
}

Result<Checkpoint> Checkpoint::read(const std::filesystem::path& path) {
  FileBytes file(path);
  Result<ModelView> view = view_model(file.bytes(), path.string());
  if (!view) return view.error();
  Checkpoint checkpoint(std::move(file), *std::move(view));
  if (Status s = checkpoint.read_training(); !s) {
    Error error = s.error();
    error.place.source = path.string();
    return error;
  }
  return checkpoint;
}

Status Checkpoint::read_training() {
  const auto& metadata = model_.file.metadata;
  const auto found = metadata.find(kTraining);
  if (found == metadata.end()) {
    return bad_checkpoint("holds a model but no training state; it cannot be resumed from");
  }
  const Json json = parse_untrusted_json(found->second);
  if (!json.is_object() || !json.contains("options")) {
    return bad_checkpoint("metadata \"training\": expected an object with options");
  }
  Result<Options> options = options_from_json(json["options"].dump());
  if (!options) return options.error();
  options_ = *std::move(options);
  options_.model.vocabulary = model_.config.vocabulary;
  options_.model.features = model_.config.features;
  options_.model.text = model_.config.text;

  std::uint64_t held_out = 0;
  const std::pair<const char*, std::uint64_t*> counters[] = {{"epoch", &progress_.epoch},
                                                             {"window", &progress_.window},
                                                             {"updates", &progress_.updates},
                                                             {"correct", &progress_.correct},
                                                             {"best_epoch", &progress_.best_epoch},
                                                             {"fingerprint", &fingerprint_},
                                                             {kHeldOut, &held_out}};
  for (const auto& [key, value] : counters) {
    if (value == &held_out && !json.contains(kHeldOut)) continue;
    const Json field = json.value(key, Json());
    if (!field.is_number_unsigned()) {
      return bad_checkpoint(std::string("metadata \"training\": expected the number ") + key);
    }
    *value = field.get<std::uint64_t>();
  }
  if (json.contains(kHeldOut)) held_out_fingerprint_ = held_out;
  if (Status s = check_tensors(); !s) return s;
  std::array<double, 2> sums{};
  std::memcpy(sums.data(), model_.file.find(kSums)->bytes.data(), sizeof sums);
  progress_.nats = sums[0];
  progress_.best_bits = sums[1];
  return success();
}

Status Checkpoint::check_tensors() const {
  const auto has = [&](const std::string& name, DataType type, std::size_t elements) {
    const TensorView* tensor = model_.file.find(name);
    return tensor != nullptr && tensor->type == type && tensor->elements() == elements;
  };
  if (model_.weight_type() != DataType::kF32) {
    return bad_checkpoint(
        "expected weights in single precision (F32) to resume from, found other ones");
  }
  const std::size_t count = parameter_layout(model_.config).count;
  bool complete = model_.config == options_.model && has(kMean, DataType::kF32, count) &&
                  has(kVariance, DataType::kF32, count) && has(kSums, DataType::kF64, 2);
  for (std::size_t l = 0; complete && l < model_.config.hidden.size(); ++l) {
    const std::size_t size = options_.batch * model_.config.hidden[l];
    complete = has(state_name(l, "hidden"), DataType::kF32, size) &&
               has(state_name(l, "cell"), DataType::kF32, size);
  }
  if (complete) return success();
  return bad_checkpoint("expected the tensors of a checkpoint for its options");
}

Status Checkpoint::restore(RunState& state) const {
  std::vector<std::uint64_t> source;
  if (const TensorView* tensor = model_.file.find(kSource)) {
    if (tensor->type != DataType::kU64) return bad_checkpoint("tensor source: expected U64");
    source.resize(tensor->elements());
    std::memcpy(source.data(), tensor->bytes.data(), tensor->bytes.size());
  }
  if (!state.source.restore(source)) {
    return bad_checkpoint("tensor source: expected the places of the streams in the text");
  }
  model_.copy_weights(state.network.weights());
  for_each_training_tensor(state, [&](const std::string& name, const std::vector<std::size_t>&,
                                      std::span<float> values) {
    std::memcpy(values.data(), model_.file.find(name)->bytes.data(), values.size_bytes());
  });
  state.optimizer.set_updates(progress_.updates);
  state.network.weights_changed();
  return success();
}

std::optional<std::filesystem::path> newest_checkpoint(
    const std::filesystem::path& folder, const std::function<void(const std::string&)>& report) {
  std::optional<std::filesystem::path> newest;
  std::uint64_t most = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".safetensors" || entry.path().filename() == kBestModel)
      continue;
    const Result<Checkpoint> checkpoint = Checkpoint::read(entry.path());
    if (!checkpoint) {
      report("passing over " + checkpoint.error().to_string());
      continue;
    }
    const std::uint64_t updates = checkpoint->progress().updates;
    const bool is_last = entry.path().filename() == kLastCheckpoint;
    if (!newest || updates > most || (updates == most && is_last)) {
      newest = entry.path();
      most = updates;
    }
  }
  return newest;
}

std::string epoch_checkpoint_name(std::uint64_t epoch) {
  return "epoch-" + std::to_string(epoch) + ".safetensors";
}

}  // namespace lilt::train
