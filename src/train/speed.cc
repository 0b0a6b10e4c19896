#include "train/speed.h"

#include <optional>
#include <set>

#include "abc/tune.h"
#include "base/random.h"
#include "base/timing.h"
#include "corpus/learning_text.h"
#include "model/model_file.h"
#include "nn/initialize.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "train/tune_streams.h"

namespace lilt::train {
namespace {

std::vector<Token> random_tokens(std::size_t count, std::size_t values) {
  Random random(1, RandomStream::kBench);
  std::vector<Token> tokens(count);
  for (Token& token : tokens) token = static_cast<Token>(random.below(values));
  return tokens;
}

// A tune of ours to learn, in all keys.
constexpr const char* kTune =
    "X:1\nT:The Bench\nR:jig\nM:6/8\nK:D\n"
    "A|\"D\"dfa afd|\"G\"gbg \"A7\"ecA|\"D\"dfa \"G\"bag|\"A7\"fdc \"D\"d2A|\n"
    "\"D\"dfa afd|\"G\"gbg \"A7\"ecA|\"D\"dfa \"Em\"gec|\"A7\"edc \"D\"d2:|\n"
    "|:f/2g/2|\"D\"aba afd|\"Em\"gag \"A7\"gec|\"Bm\"dcB \"F#m\"ABc|\"G\"d2e \"A\"c2f/2g/2|\n"
    "\"D\"aba afd|\"Em\"gag \"A7\"gec|\"D\"dfa \"G\"b2g|\"A7\"fec \"D\"d2:|\n";

// What the network learns from: that tune as the preset reads it, or characters drawn evenly.
class BenchText {
 public:
  explicit BenchText(const Options& options)
      : options_(options), vocabulary_(corpus::learning_vocabulary({})) {
    if (!options.model.text.canonical) return;
    options_.keys = corpus::Keys::kAll;
    corpus::LearningTune tune;
    tune.text = corpus::learning_text(abc::read_tune(kTune).tune);
    collections_.emplace_back("bench").add(tune);
    streams_.emplace(options_, collections_, vocabulary_,
                     *corpus::TuneEncoder::of(options_.model, vocabulary_));
  }

  void fill(std::uint64_t update, Window& window) {
    if (streams_) return streams_->fill({.window = update}, window);
    const std::size_t rows = options_.window * options_.batch;
    const std::vector<Token> text = random_tokens(rows + 1, options_.model.vocabulary);
    window.inputs.assign(text.begin(), text.end() - 1);
    window.targets.assign(text.begin() + 1, text.end());
  }

 private:
  Options options_;
  Vocabulary vocabulary_;
  std::vector<corpus::Repertoire> collections_;
  std::optional<TuneStreams> streams_;
};

// Median seconds of a whole update of the network: forward, backward, dropout, optimiser.
double seconds_per_update(const Options& options, std::size_t threads, std::size_t updates) {
  constexpr std::size_t kWarmUp = 5;
  const ModelConfig& config = options.model;
  nn::Team team(threads);
  nn::Network network(config, options.window, options.batch, team, options.precision);
  nn::Optimizer optimizer(config, options.optimizer);
  nn::initialize(config, 1, network.weights());
  network.weights_changed();
  BenchText text(options);
  Window window;

  std::vector<double> seconds;
  for (std::size_t update = 0; update < kWarmUp + updates; ++update) {
    text.fill(update, window);
    const double taken = seconds_of([&] {
      network.learn(window.view(), window.targets, {.seed = 1, .update = update});
      optimizer.update(0.001, network.gradients(), network.weights(), team);
      network.weights_changed();
    });
    if (update >= kWarmUp) seconds.push_back(taken);
  }
  return median(seconds);
}

// So many characters, those that a tune needs among them.
Vocabulary vocabulary_of(std::size_t size) {
  std::set<char32_t> characters = {U'\n'};
  const std::string needed = "0123456789:ABCDEFGKLMTX[]abcdefgz|\"/(){}^_=,'-<>";
  for (const char c : needed) characters.insert(static_cast<unsigned char>(c));
  for (char32_t c = U' '; characters.size() < size; ++c) characters.insert(c);
  return Vocabulary({characters.begin(), characters.end()});
}

}  // namespace

Options speed_options(Preset preset) {
  constexpr std::size_t kClassicCharacters = 86;
  Options options = options_of(preset);
  options.model.vocabulary =
      options.model.text.canonical ? corpus::learning_vocabulary({}).size() : kClassicCharacters;
  options.model.features = *corpus::feature_tables(options.features);
  return options;
}

Speed measure_speed(const Options& options, std::size_t threads, std::size_t updates) {
  const double seconds = seconds_per_update(options, threads, updates);
  const auto characters = static_cast<double>(options.window * options.batch);
  const double gflops =
      6.0 * static_cast<double>(matrix_weights(options.model)) * characters / seconds / 1e9;
  return {seconds, characters / seconds, gflops};
}

std::vector<std::byte> untrained_model(const ModelConfig& config) {
  std::vector<float> values(parameter_layout(config).count);
  nn::initialize(config, 1, values);
  const Vocabulary vocabulary = vocabulary_of(config.vocabulary);
  const std::string provenance = "{}";
  const ModelImage image({config, vocabulary, provenance, values});
  std::vector<std::byte> file;
  for (const auto chunk : image.chunks()) file.insert(file.end(), chunk.begin(), chunk.end());
  return file;
}

}  // namespace lilt::train
