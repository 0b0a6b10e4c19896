#include "train/checkpoint.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nn/team.h"
#include "small_model.h"
#include "temporary_folder.h"

namespace lilt::train {
namespace {

using Json = nlohmann::json;

class NoText : public Source {
 public:
  [[nodiscard]] std::size_t windows() const override { return 0; }
  [[nodiscard]] std::size_t characters() const override { return 0; }
  void fill(const WindowPlace&, Window&) override {}
  [[nodiscard]] std::vector<std::uint64_t> state() const override { return {3, 5}; }
};

// A checkpoint of a small run, to be read back as it is or with other metadata.
class CheckpointFile : public testing::Test {
 protected:
  CheckpointFile() {
    options_.model = {
        .vocabulary = vocabulary_.size(), .embedding = 3, .hidden = {4}, .dropout = 0.2F};
    options_.batch = 2;
    options_.window = 5;
    nn::Team team(1);
    nn::Network network(options_.model, options_.window, options_.batch, team);
    nn::Optimizer optimizer(options_.model, options_.optimizer);
    const Progress progress = {.epoch = 3, .window = 2, .updates = 17};
    NoText source;
    CarriedState carried(options_.model, options_.batch);
    RunState state{network, carried, optimizer, source};
    EXPECT_TRUE(save_checkpoint(path_, {options_, vocabulary_, 11, 12, "{}"}, progress, state));
  }

  // Reads the file again after change(its metadata "training").
  template <class Change>
  Result<Checkpoint> read_changed(Change&& change) {
    write(support::altered(file_bytes(),
                           [&](support::Parts& parts) { change(parts.metadata.at("training")); }));
    return Checkpoint::read(path_);
  }

  [[nodiscard]] std::vector<std::byte> file_bytes() const {
    const FileBytes file(path_);
    return {file.bytes().begin(), file.bytes().end()};
  }

  void write(const std::vector<std::byte>& bytes) const {
    const std::span<const std::byte> chunk(bytes);
    write_file_atomically(path_, std::span(&chunk, 1));
  }

  support::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "epoch-3.safetensors";
  Vocabulary vocabulary_ = support::vocabulary_of("\n:XABC");
  Options options_;
};

TEST_F(CheckpointFile, IsReadAsItWasWritten) {
  const Result<Checkpoint> checkpoint = Checkpoint::read(path_);
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_EQ(checkpoint->progress().epoch, 3U);
  EXPECT_EQ(checkpoint->progress().window, 2U);
  EXPECT_EQ(checkpoint->progress().updates, 17U);
  EXPECT_EQ(checkpoint->fingerprint(), 11U);
  EXPECT_EQ(checkpoint->held_out_fingerprint(), 12U);
}

TEST_F(CheckpointFile, OfAnEarlierVersionKnowsNothingOfTheValidationTunes) {
  const Result<Checkpoint> checkpoint = read_changed([](std::string& training) {
    Json json = Json::parse(training);
    EXPECT_EQ(json.erase("valid_fingerprint"), 1U);
    training = json.dump();
  });
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_EQ(checkpoint->fingerprint(), 11U);
  EXPECT_FALSE(checkpoint->held_out_fingerprint().has_value());
}

TEST_F(CheckpointFile, WithCountersThatAreNoNumbersIsRefused) {
  for (const char* key : {"epoch", "updates", "fingerprint", "valid_fingerprint"}) {
    const Result<Checkpoint> checkpoint = read_changed([&](std::string& training) {
      Json json = Json::parse(training);
      json[key] = "17";
      training = json.dump();
    });
    ASSERT_FALSE(checkpoint) << key;
    EXPECT_EQ(checkpoint.error().code, ErrorCode::kFormat);
  }
}

// Weights that were rounded are not those that the run had.
TEST_F(CheckpointFile, WithWeightsInHalfPrecisionIsRefused) {
  const std::vector<std::byte> bytes = file_bytes();
  const Result<ModelView> view = view_model(bytes, "");
  for (const char* name : {"embedding", "lstm.0.recurrent", "dense.bias"}) {
    std::vector<std::byte> halves(view->file.find(name)->bytes.size() / 2);
    write(support::altered(bytes, [&](support::Parts& parts) {
      parts.tensor(name).type = DataType::kF16;
      parts.tensor(name).bytes = halves;
    }));
    const Result<Checkpoint> checkpoint = Checkpoint::read(path_);
    ASSERT_FALSE(checkpoint) << name;
    EXPECT_EQ(checkpoint.error().place.source, path_.string());
    EXPECT_NE(checkpoint.error().message.find("expected weights in single precision"),
              std::string::npos)
        << checkpoint.error().message;
  }
}

TEST_F(CheckpointFile, TellsWhatOnlyResumingNeeds) {
  const std::vector<std::byte> bytes = file_bytes();
  const Result<ModelView> view = view_model(bytes, "");
  EXPECT_NE(view->file.find("source"), nullptr);
  std::vector<std::string> rest;
  for (const TensorView& tensor : view->file.tensors) {
    if (!is_training_tensor(tensor.name)) rest.push_back(tensor.name);
  }
  std::vector<std::string> expected;
  for (const TensorSpec& spec : tensor_specs(options_.model)) expected.push_back(spec.name);
  expected.emplace_back("checksum");
  EXPECT_EQ(rest, expected);
  for (const auto& [key, value] : view->file.metadata) {
    EXPECT_EQ(is_training_metadata(key), key == "training") << key;
  }
}

TEST_F(CheckpointFile, WithoutTrainingHasAllElse) {
  const std::vector<std::byte> bytes = support::altered(
      file_bytes(), [](support::Parts& parts) { parts.metadata["another"] = "entry"; });
  const Result<ModelView> view = view_model(bytes, "");
  ASSERT_TRUE(view) << view.error().message;
  const std::vector<float> weights(parameter_layout(view->config).count);
  const ModelParts parts = without_training(*view, weights);
  EXPECT_TRUE(parts.tensors.empty());
  EXPECT_EQ(parts.metadata.count("training"), 0U);
  EXPECT_EQ(parts.metadata.at("another"), "entry");
  EXPECT_EQ(parts.weights.data(), weights.data());
}

// As deep as a header may be long. A parser that follows such nesting runs out of stack.
TEST_F(CheckpointFile, WithDeeplyNestedMetadataIsRefused) {
  constexpr std::size_t kDepth = 300'000;
  const std::string arrays = std::string(kDepth, '[') + std::string(kDepth, ']');
  std::string objects;
  for (std::size_t i = 0; i < kDepth / 2; ++i) objects += "{\"\":";
  for (const std::string& nested :
       {arrays, std::string(kDepth, '['), objects, R"({"options":)" + arrays + "}"}) {
    const Result<Checkpoint> checkpoint =
        read_changed([&](std::string& training) { training = nested; });
    ASSERT_FALSE(checkpoint);
    EXPECT_EQ(checkpoint.error().code, ErrorCode::kFormat);
    EXPECT_EQ(checkpoint.error().place.source, path_.string());
    EXPECT_NE(checkpoint.error().message.find("metadata \"training\""), std::string::npos)
        << checkpoint.error().message;
  }
}

}  // namespace
}  // namespace lilt::train
