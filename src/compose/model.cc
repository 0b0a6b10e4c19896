#include "compose/model.h"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <numbers>
#include <optional>
#include <utility>

#include "abc/surroundings.h"
#include "likeness/critic_tensor.h"
#include "likeness/known_tensors.h"
#include "model/model_file.h"
#include "model/text_tensor.h"
#include "model/untrusted_json.h"

namespace lilt::compose {
namespace {

// Something that is read from the model's file when it is first asked for.
template <class T>
class ReadOnce {
 public:
  template <class Read>
  Result<const T*> get(Read&& read) {
    std::call_once(is_read_, [&] { value_.emplace(read()); });
    if (!*value_) return value_->error();
    return &**value_;
  }

 private:
  std::once_flag is_read_;
  std::optional<Result<T>> value_;
};

Result<std::vector<abc::KnownOutline>> read_outlines(const SafetensorsView& file) {
  const TensorView* const tensor = file.find(kOutlinesTensor);
  if (tensor == nullptr) return std::vector<abc::KnownOutline>{};
  const Result<std::string> text = text_of_tensor(*tensor);
  if (!text) return text.error();
  return abc::outlines_from_text(*text);
}

Result<std::vector<std::size_t>> places_of(const ModelConfig& config) {
  std::vector<abc::Feature> features;
  for (const FeatureConfig& f : config.features) features.push_back({f.name, f.values});
  return abc::feature_places(features);
}

// Bits per character of real tunes from which on a network knows too little of them to make any:
// one that has learnt comes to 1 to 1.7, letters drawn as often as tunes have them to 4.5.
constexpr double kTooManyBits = 2.2;

// What the training came to, in bits per character, as far as it is told: of tunes held out, or of
// those that were learnt.
std::optional<double> bits_told(const nlohmann::json& provenance) {
  const auto number = [](const nlohmann::json& object, const char* name) -> std::optional<double> {
    if (!object.is_object() || !object.contains(name) || !object[name].is_number()) return {};
    return object[name].get<double>();
  };
  if (provenance.is_object() && provenance.contains("best")) {
    if (const auto bits = number(provenance["best"], "valid_bits_per_character")) return bits;
  }
  const auto nats = number(provenance, "loss");
  return nats ? std::optional(*nats / std::numbers::ln2) : std::nullopt;
}

}  // namespace

struct Model::State {
  Bytes bytes;
  ModelView view;
  infer::Weights weights;
  abc::Alphabet alphabet;
  std::vector<std::size_t> features;
  ReadOnce<likeness::Novelty> titles = {}, novelty = {};
  ReadOnce<likeness::StyleProfile> style = {};
  ReadOnce<likeness::TitleWords> title_words = {};
  ReadOnce<std::optional<likeness::Critic>> critic = {};
  ReadOnce<std::vector<abc::KnownOutline>> outlines = {};
};

Result<Model> Model::open(Bytes file) {
  Result<ModelView> view = view_model(file.span(), "");
  if (!view) return view.error();
  Result<abc::Alphabet> alphabet = abc::Alphabet::of(view->vocabulary.characters());
  if (!alphabet) return alphabet.error();
  Result<std::vector<std::size_t>> features = places_of(view->config);
  if (!features) return features.error();
  Result<infer::Weights> weights = infer::Weights::of(*view, infer::Precision::kEightBit);
  if (!weights) return weights.error();
  return Model(
      std::shared_ptr<State>(new State{std::move(file), *std::move(view), *std::move(weights),
                                       *std::move(alphabet), *std::move(features)}));
}

const ModelConfig& Model::config() const { return state_->view.config; }
const Vocabulary& Model::vocabulary() const { return state_->view.vocabulary; }
const infer::Weights& Model::weights() const { return state_->weights; }
const abc::Alphabet& Model::alphabet() const { return state_->alphabet; }
std::span<const std::size_t> Model::features() const { return state_->features; }
const std::string& Model::provenance() const { return state_->view.provenance; }

std::string Model::reservation() const {
  const std::optional<double> bits = bits_told(parse_untrusted_json(provenance()));
  if (!bits || !(*bits > kTooManyBits)) return "";
  const auto tenths = static_cast<std::int64_t>(std::min(*bits, 99.0) * 10);
  return "the model has hardly learnt anything (" + std::to_string(tenths / 10) + "." +
         std::to_string(tenths % 10) +
         " bits per character, where 1 to 1.5 are usual): its tunes will be correct, but hardly "
         "music; train it for longer";
}

bool Model::knows_tunes() const { return likeness::has_known_tunes(state_->view.file); }

bool Model::knows_titles() const { return likeness::has_known_titles(state_->view.file); }

Result<const likeness::Novelty*> Model::titles() const {
  return state_->titles.get([&] { return likeness::read_known_titles(state_->view.file); });
}

Result<const likeness::Novelty*> Model::novelty() const {
  return state_->novelty.get([&] { return likeness::read_known_tunes(state_->view.file); });
}

Result<const likeness::StyleProfile*> Model::style() const {
  return state_->style.get([&] { return likeness::read_known_style(state_->view.file); });
}

Result<const likeness::TitleWords*> Model::title_words() const {
  const Result<const likeness::Novelty*> known = titles();
  if (!known) return known.error();
  return state_->title_words.get([&]() -> Result<likeness::TitleWords> {
    return likeness::TitleWords((*known)->tunes().titles);
  });
}

Result<const std::optional<likeness::Critic>*> Model::critic() const {
  return state_->critic.get([&] { return likeness::read_critic(state_->view.file); });
}

bool Model::has_critic() const {
  return state_->view.file.find(likeness::kCriticTensor) != nullptr;
}

Result<const std::vector<abc::KnownOutline>*> Model::outlines() const {
  return state_->outlines.get([&] { return read_outlines(state_->view.file); });
}

}  // namespace lilt::compose
