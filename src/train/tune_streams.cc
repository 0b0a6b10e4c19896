#include "train/tune_streams.h"

#include <algorithm>
#include <numeric>

namespace lilt::train {

TuneStreams::TuneStreams(const Options& options, const std::vector<corpus::Repertoire>& collections,
                         const Vocabulary& vocabulary, corpus::TuneEncoder encoder)
    : options_(options),
      collections_(collections),
      encoder_(std::move(encoder)),
      keys_(options.keys),
      newline_(vocabulary.token(U'\n')),
      sequences_(collections.size()),
      streams_(options.batch) {
  double weighted = 0;
  for (std::size_t c = 0; c < collections.size(); ++c) {
    keys_.count(collections[c]);
    const std::size_t size = collections[c].bytes();
    characters_ += size;
    weighted += static_cast<double>(size) * weight(c, 0);
  }
  windows_ = std::max<std::size_t>(
      1, static_cast<std::size_t>(weighted) / (options.batch * options.window));
  for (Stream& stream : streams_) next_tune(stream, 0);
}

// Of one tune of the collection, at that time of the run.
double TuneStreams::weight(std::size_t collection, double done) const {
  if (collection == 0) return options_.weights.empty() ? 1 : options_.weights[0];
  if (done >= 1 - options_.focus) return 0;
  return collection < options_.weights.size() ? options_.weights[collection] : 1;
}

std::size_t TuneStreams::choose_collection(double done) {
  double total = 0;
  const auto share = [&](std::size_t c) {
    return weight(c, done) * static_cast<double>(collections_[c].size());
  };
  for (std::size_t c = 0; c < collections_.size(); ++c) total += share(c);
  double draw = Random(options_.seed, RandomStream::kMixture, drawn_++).uniform() * total;
  for (std::size_t c = 0; c < collections_.size(); ++c) {
    draw -= share(c);
    if (draw < 0) return c;
  }
  return 0;
}

void TuneStreams::next_tune(Stream& stream, double done) {
  stream.collection = choose_collection(done);
  stream.index = sequences_[stream.collection].next++;
  stream.offset = 0;
  load(stream);
}

void TuneStreams::load(Stream& stream) {
  const auto c = static_cast<std::size_t>(stream.collection);
  const corpus::Repertoire& tunes = collections_[c];
  Sequence& sequence = sequences_[c];
  const std::uint64_t pass = stream.index / tunes.size();
  if (sequence.pass != pass) {
    sequence.pass = pass;
    sequence.order.resize(tunes.size());
    std::iota(sequence.order.begin(), sequence.order.end(), 0U);
    // Collections have their own numbers; passes of one are far fewer than 2^32.
    Random(options_.seed, RandomStream::kShuffle, (std::uint64_t{c} << 32) + pass)
        .shuffle(std::span(sequence.order));
  }
  const corpus::LearningTune tune = tunes.tune(sequence.order[stream.index % tunes.size()]);
  const int semitones =
      keys_.choose(tune, Random(options_.seed, RandomStream::kKeys + c, stream.index));
  stream.tune = {};
  encoder_.add(corpus::text_in_key(tune, semitones), told_of(tune, c, stream.index), stream.tune);
}

// A network that is now and then told less can also write without being told.
corpus::Told TuneStreams::told_of(const corpus::LearningTune& tune, std::size_t collection,
                                  std::uint64_t index) const {
  constexpr double kWithoutOutline = 0.1, kWithoutReturns = 0.15, kWithoutRests = 0.15,
                   kWithoutTonic = 0.1, kWithoutHeights = 0.15;
  Random random(options_.seed, RandomStream::kTold + collection, index);
  corpus::Told told{.dialect = static_cast<std::uint8_t>(collection + 1), .tonic = tune.told_tonic};
  told.outline = random.uniform() >= kWithoutOutline;
  told.returns = random.uniform() >= kWithoutReturns;
  told.rests = random.uniform() >= kWithoutRests;
  if (random.uniform() < kWithoutTonic) told.tonic = 0;
  told.heights = random.uniform() >= kWithoutHeights;
  return told;
}

void TuneStreams::fill(const WindowPlace& place, Window& window) {
  const std::size_t batch = options_.batch, rows = batch * options_.window;
  const std::size_t features = encoder_.feature_count();
  window.inputs.resize(rows);
  window.targets.resize(rows);
  window.starts.resize(rows);
  window.features.resize(rows * features);
  for (std::size_t n = 0; n < batch; ++n) {
    Stream& stream = streams_[n];
    for (std::size_t t = 0; t < options_.window; ++t) {
      if (stream.offset == stream.tune.tokens.size()) next_tune(stream, place.done);
      const std::size_t r = t * batch + n;
      const std::size_t at = stream.offset++;
      window.inputs[r] = at == 0 ? newline_ : stream.tune.tokens[at - 1];
      window.targets[r] = stream.tune.tokens[at];
      window.starts[r] = at == 0 ? 1 : 0;
      if (features == 0) continue;
      const std::span<const std::uint8_t> told = stream.tune.features_of(0, at);
      for (std::size_t k = 0; k < features; ++k) window.features[k * rows + r] = told[k];
    }
  }
}

std::vector<std::uint64_t> TuneStreams::state() const {
  std::vector<std::uint64_t> state{drawn_};
  for (const Sequence& sequence : sequences_) state.push_back(sequence.next);
  for (const Stream& stream : streams_) {
    state.insert(state.end(), {stream.collection, stream.index, stream.offset});
  }
  return state;
}

bool TuneStreams::restore(std::span<const std::uint64_t> state) {
  if (state.size() != 1 + sequences_.size() + 3 * streams_.size()) return false;
  auto next = state.begin();
  drawn_ = *next++;
  for (Sequence& sequence : sequences_) sequence.next = *next++;
  for (Stream& stream : streams_) {
    stream.collection = *next++;
    stream.index = *next++;
    stream.offset = *next++;
    if (stream.collection >= collections_.size()) return false;
    load(stream);
    if (stream.offset > stream.tune.tokens.size()) return false;
  }
  return true;
}

}  // namespace lilt::train
