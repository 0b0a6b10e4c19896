// lilt bench: the speed of training and sampling on this machine.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "base/random.h"
#include "cli/command.h"
#include "cli/machine_peak.h"
#include "compose/driver.h"
#include "corpus/learning_text.h"
#include "infer/engine.h"
#include "model/model_file.h"
#include "nn/initialize.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "train/presets.h"
#include "train/tune_streams.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct BenchCommand {
  std::string preset = train::kClassic;
  bool json = false;
  std::size_t threads = default_threads();
  std::size_t updates = 40;
};

struct TrainFigures {
  double ms_per_update, chars_per_s, gflops_unfolded, of_peak;
};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <class Work>
double seconds_of(Work&& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The options of a preset, with the network as its text would make it: 86 characters, as the
// classic recipe has, or those of canonical text.
train::Options options_of(const std::string& preset) {
  constexpr std::size_t kClassicCharacters = 86;
  train::Options options = *train::preset(preset);
  options.model.vocabulary =
      options.model.text.canonical ? corpus::learning_vocabulary({}).size() : kClassicCharacters;
  options.model.features = *corpus::feature_tables(options.features);
  return options;
}

std::vector<Token> random_tokens(std::size_t count, std::size_t values, std::uint64_t index = 0) {
  Random random(1, RandomStream::kBench, index);
  std::vector<Token> tokens(count);
  for (Token& token : tokens) token = static_cast<Token>(random.below(values));
  return tokens;
}

// What is told of every feature, [K, count].
std::vector<Token> random_features(const ModelConfig& config, std::size_t count) {
  std::vector<Token> features;
  for (std::size_t k = 0; k < config.features.size(); ++k) {
    const std::vector<Token> drawn = random_tokens(count, config.features[k].values, k + 1);
    features.insert(features.end(), drawn.begin(), drawn.end());
  }
  return features;
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
  explicit BenchText(const train::Options& options)
      : options_(options), vocabulary_(corpus::learning_vocabulary({})) {
    if (!options.model.text.canonical) return;
    options_.keys = corpus::Keys::kAll;
    corpus::LearningTune tune;
    tune.text = corpus::learning_text(abc::read_tune(kTune).tune);
    collections_.push_back({"bench", {std::move(tune)}});
    streams_.emplace(options_, collections_, vocabulary_,
                     *corpus::TuneEncoder::of(options_.model, vocabulary_));
  }

  void fill(std::uint64_t update, train::Window& window) {
    if (streams_) return streams_->fill({.window = update}, window);
    const std::size_t rows = options_.window * options_.batch;
    const std::vector<Token> text = random_tokens(rows + 1, options_.model.vocabulary);
    window.inputs.assign(text.begin(), text.end() - 1);
    window.targets.assign(text.begin() + 1, text.end());
  }

 private:
  train::Options options_;
  Vocabulary vocabulary_;
  std::vector<corpus::Repertoire> collections_;
  std::optional<train::TuneStreams> streams_;
};

// Median seconds of a whole update of the network: forward, backward, dropout, optimiser.
double seconds_per_update(const train::Options& options, std::size_t threads, std::size_t updates) {
  constexpr std::size_t kWarmUp = 5;
  const ModelConfig& config = options.model;
  nn::Team team(threads);
  nn::Network network(config, options.window, options.batch, team);
  nn::Optimizer optimizer(config, options.optimizer);
  nn::initialize(config, 1, network.weights());
  network.weights_changed();
  BenchText text(options);
  train::Window window;

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

TrainFigures train_figures(const train::Options& options, double seconds, double peak_gflops) {
  const auto characters = static_cast<double>(options.window * options.batch);
  const double gflops =
      6.0 * static_cast<double>(matrix_weights(options.model)) * characters / seconds / 1e9;
  return {seconds * 1e3, characters / seconds, gflops, gflops / peak_gflops};
}

// So many characters, those that a tune needs among them.
Vocabulary bench_vocabulary(std::size_t size) {
  std::set<char32_t> characters = {U'\n'};
  const std::string needed = "0123456789:ABCDEFGKLMTX[]abcdefgz|\"/(){}^_=,'-<>";
  for (const char c : needed) characters.insert(static_cast<unsigned char>(c));
  for (char32_t c = U' '; characters.size() < size; ++c) characters.insert(c);
  return Vocabulary({characters.begin(), characters.end()});
}

// The file of a network that has learnt nothing.
std::vector<std::byte> bench_model(const ModelConfig& config) {
  std::vector<float> values(parameter_layout(config).count);
  nn::initialize(config, 1, values);
  const Vocabulary vocabulary = bench_vocabulary(config.vocabulary);
  const std::string provenance = "{}";
  const ModelImage image({config, vocabulary, provenance, values});
  std::vector<std::byte> file;
  for (const auto chunk : image.chunks()) file.insert(file.end(), chunk.begin(), chunk.end());
  return file;
}

// Median microseconds of one character in single precision for one tune, on one thread.
double sample_us_per_char(const ModelView& model) {
  constexpr std::size_t kCharacters = 600, kWarmUp = 50;
  const infer::Weights weights = *infer::Weights::of(model, infer::Precision::kSingle);
  infer::Engine engine(weights, 1);
  std::vector<double> seconds;
  for (const Token token : random_tokens(kCharacters, model.config.vocabulary)) {
    const std::vector<Token> features = random_features(model.config, 1);
    seconds.push_back(seconds_of([&] { engine.step(std::span(&token, 1), features); }));
  }
  return median({seconds.begin() + kWarmUp, seconds.end()}) * 1e6;
}

// Characters per second of whole tunes, everything included that composing takes.
double composed_chars_per_s(const compose::Model& model, std::size_t tunes, std::size_t threads) {
  struct Nobody : compose::Sink {
    bool take(const compose::Piece&) override { return true; }
  } nobody;
  compose::Driver driver(model, threads);
  const auto compose = [&](std::size_t number) {
    const compose::Request request{
        .wishes = {.range = "C2-B6", .bars = 16}, .sampling = {.temperature = 1}, .number = number};
    driver.wait(driver.submit(request, nobody).value());
  };
  compose(threads);  // to warm up
  const std::uint64_t before = driver.characters();
  const double seconds = seconds_of([&] { compose(tunes); });
  return static_cast<double>(driver.characters() - before) / seconds;
}

struct ComposeSpeed {
  double us_per_char, chars_per_s;  // one tune on one thread; many on all threads
};

ComposeSpeed compose_speed(const compose::Model& model, std::size_t threads) {
  constexpr std::size_t kManyTunes = 64;
  return {1e6 / composed_chars_per_s(model, 1, 1),
          composed_chars_per_s(model, kManyTunes * threads, threads)};
}

int run_bench(const BenchCommand& c) {
  // The machine is shared and its speed drifts: the peak is looked for before and after.
  const double peak_before = machine_peak_gflops(c.threads);
  const train::Options options = options_of(c.preset);
  const double seconds = seconds_per_update(options, c.threads, c.updates);
  const double peak = std::max(peak_before, machine_peak_gflops(c.threads));
  const TrainFigures train = train_figures(options, seconds, peak);
  const std::vector<std::byte> file = bench_model(options.model);
  const Result<ModelView> model = view_model(file, "bench");
  const double us_per_char = sample_us_per_char(*model);
  const ComposeSpeed compose =
      compose_speed(compose::Model::open(Bytes::copy_of(file)).value(), c.threads);
  if (c.json) {
    const nlohmann::ordered_json json = {
        {"threads", c.threads},
        {"peak_gflops", peak},
        {"train",
         {{"ms_per_update", train.ms_per_update},
          {"chars_per_s", train.chars_per_s},
          {"gflops_unfolded", train.gflops_unfolded},
          {"of_peak", train.of_peak}}},
        {"sample", {{"us_per_char", us_per_char}}},
        {"compose",
         {{"us_per_character", compose.us_per_char}, {"characters_per_s", compose.chars_per_s}}}};
    fmt::print("{}\n", json.dump(2));
    return kSuccess;
  }
  fmt::print("preset                          {:>10}\n", c.preset);
  fmt::print("threads                         {:>10}\n", c.threads);
  fmt::print("matrix product peak (oneDNN)    {:>10.1f} GFLOP/s\n", peak);
  fmt::print("training, one update            {:>10.2f} ms\n", train.ms_per_update);
  fmt::print("training, characters            {:>10.0f} /s\n", train.chars_per_s);
  fmt::print("training, unfolded arithmetic   {:>10.1f} GFLOP/s\n", train.gflops_unfolded);
  fmt::print("  of the peak                   {:>10.2f}\n", train.of_peak);
  fmt::print("sampling, one tune, one thread  {:>10.1f} us per character\n", us_per_char);
  fmt::print("composing, one tune, one thread {:>10.1f} us per character\n", compose.us_per_char);
  fmt::print("composing, many tunes           {:>10.0f} characters/s\n", compose.chars_per_s);
  return kSuccess;
}

}  // namespace

void add_bench(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<BenchCommand>();
  CLI::App* command = app.add_subcommand("bench", "Measure speed on this machine");
  command->add_flag("--json", c->json, "Print JSON");
  command->add_option("--preset", c->preset, "The network to train: classic or folk")
      ->check(CLI::IsMember({train::kClassic, train::kFolk}))
      ->capture_default_str();
  add_threads_option(command, c->threads);
  command->add_option("--updates", c->updates, "Updates to measure; their median is told")
      ->check(CLI::Range(20, 100000))
      ->capture_default_str();
  command->footer(
      "Training is the preset's network, dropout on, optimiser included. Its arithmetic is\n"
      "counted on the unfolded network, so that a folded input can exceed the peak.\n"
      "Sampling is the step of the network in single precision; composing is whole tunes with\n"
      "8-bit weights, of a network of that size that has learnt nothing.\n"
      "Examples:\n"
      "  lilt bench --preset folk\n"
      "  lilt bench --threads 1 --json");
  registrar(command, [c] { return run_bench(*c); });
}

}  // namespace lilt::cli
