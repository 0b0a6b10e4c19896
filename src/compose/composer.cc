#include "compose/composer.h"

#include <algorithm>
#include <cassert>

#include "abc/surroundings.h"

namespace lilt::compose {
namespace {

constexpr std::uint64_t kDrawsOfACandidate = std::uint64_t{1} << 20;

}  // namespace

Result<Composer> Composer::of(const infer::Weights& weights, const Vocabulary& vocabulary,
                              const abc::Alphabet& alphabet, const Plan& plan,
                              const WritingOptions& options, std::size_t streams) {
  assert(weights.precision() == infer::Precision::kEightBit);
  std::vector<abc::Feature> features;
  for (const FeatureConfig& f : weights.config().features) features.push_back({f.name, f.values});
  Result<std::vector<std::size_t>> places = abc::feature_places(features);
  if (!places) return places.error();
  Composer composer;
  composer.places_ = *std::move(places);
  composer.engine_ = std::make_unique<infer::Engine>(weights, streams);
  composer.streams_.reserve(streams);
  for (std::size_t n = 0; n < streams; ++n) {
    composer.streams_.push_back({TuneWriter(plan, options, vocabulary, alphabet)});
  }
  composer.tokens_.assign(streams, vocabulary.token(U'\n'));
  composer.features_.assign(streams * composer.places_.size(), 0);
  return composer;
}

bool Composer::begin(std::size_t n, const std::optional<Order>& order) {
  Stream& stream = streams_[n];
  stream.is_busy = order.has_value();
  if (!order) return false;
  stream.order = *order;
  stream.drawn = 0;
  draw_anew(n);
  return true;
}

void Composer::draw_anew(std::size_t n) {
  Stream& stream = streams_[n];
  const std::uint64_t index =
      stream.order.candidate * kDrawsOfACandidate + static_cast<std::uint64_t>(stream.drawn);
  ++stream.drawn;
  stream.has_asked = false;
  stream.writer.begin(Random(stream.order.seed, RandomStream::kCompose, index));
  engine_->reset(n);
}

void Composer::step() {
  const std::size_t streams = streams_.size();
  for (std::size_t n = 0; n < streams; ++n) {
    if (!streams_[n].is_busy) continue;
    tokens_[n] = streams_[n].writer.last();
    const std::span<const std::uint8_t> values = streams_[n].writer.surroundings();
    for (std::size_t k = 0; k < places_.size(); ++k) {
      features_[k * streams + n] = values[places_[k]];
    }
    ++characters_;
  }
  const std::span<const float> logits = engine_->step(tokens_, features_);
  const std::size_t vocabulary = logits.size() / streams;
  for (std::size_t n = 0; n < streams; ++n) {
    if (streams_[n].is_busy) streams_[n].writer.write(logits.subspan(n * vocabulary, vocabulary));
  }
}

void Composer::compose(const Acceptance& acceptance,
                       const std::function<std::optional<Order>()>& next,
                       const std::function<void(const Order&, Composition)>& done) {
  std::size_t busy = 0;
  for (std::size_t n = 0; n < streams_.size(); ++n) busy += begin(n, next()) ? 1 : 0;
  while (busy > 0) {
    step();
    for (std::size_t n = 0; n < streams_.size(); ++n) {
      Stream& stream = streams_[n];
      if (!stream.is_busy) continue;
      const bool may_refuse = stream.drawn < acceptance.most_draws;
      if (!stream.has_asked && stream.writer.has_title()) {
        stream.has_asked = true;
        if (may_refuse && acceptance.refuses_title &&
            acceptance.refuses_title(stream.writer.title())) {
          draw_anew(n);
          continue;
        }
      }
      if (!stream.writer.is_done()) continue;
      if (may_refuse && acceptance.refuses_tune && acceptance.refuses_tune(stream.writer.text())) {
        draw_anew(n);
        continue;
      }
      done(stream.order,
           {stream.writer.text(), stream.writer.bits(), stream.writer.notes(), stream.drawn});
      if (!begin(n, next())) --busy;
    }
  }
}

std::string finished(const std::string& text, const Plan& plan, std::size_t number,
                     const std::string& origin) {
  const std::string first_line = "X:" + std::to_string(number) + "\n";
  const std::string note = origin.empty() ? "" : "Z:" + origin + "\n";
  std::size_t body = plan.header.size();
  std::string header = plan.shown_header;
  if (header.empty()) {
    body = text.find('\n', text.find("\nK:") + 1) + 1;
    header = text.substr(0, body);
  }
  // Z comes before R and M, whichever is there first.
  const std::size_t place = std::min(header.find("\nR:"), header.find("\nM:")) + 1;
  const std::size_t line_end = header.find('\n') + 1;
  return first_line + header.substr(line_end, place - line_end) + plan.fields + note +
         header.substr(place) + text.substr(body);
}

}  // namespace lilt::compose
