#include "compose/reader.h"

namespace lilt::compose {

Reader::Reader(const infer::Weights& weights, const Vocabulary& vocabulary, std::uint8_t dialect)
    : vocabulary_(&vocabulary),
      reads_tunes_(weights.config().text.canonical),
      dialect_(dialect),
      engine_(weights, 1),
      features_(weights.config().features.size()) {}

Result<Reader> Reader::of(const infer::Weights& weights, const Vocabulary& vocabulary,
                          std::uint8_t dialect) {
  std::vector<abc::Feature> features;
  for (const FeatureConfig& f : weights.config().features) features.push_back({f.name, f.values});
  Result<std::vector<std::size_t>> places = abc::feature_places(features);
  if (!places) return places.error();
  Reader reader(weights, vocabulary, dialect);
  reader.places_ = *std::move(places);
  return reader;
}

std::span<const float> Reader::start() {
  engine_.reset(0);
  surroundings_.reset(dialect_);
  return step(vocabulary_->token(U'\n'));
}

std::span<const float> Reader::read(Token token) {
  surroundings_.push(vocabulary_->character(token));
  const bool ended = surroundings_.cursor().part() == abc::Part::kEnded;
  return reads_tunes_ && ended ? start() : step(token);
}

std::span<const float> Reader::step(Token token) {
  const std::span<const std::uint8_t> values = surroundings_.values();
  for (std::size_t k = 0; k < places_.size(); ++k) features_[k] = values[places_[k]];
  return engine_.step(std::span(&token, 1), features_);
}

}  // namespace lilt::compose
