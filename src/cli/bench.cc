// lilt bench: the speed of training and sampling on this machine.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/random.h"
#include "cli/command.h"
#include "cli/machine_peak.h"
#include "infer/engine.h"
#include "model/model_file.h"
#include "nn/initialize.h"
#include "nn/network.h"
#include "nn/optimizer.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kVocabulary = 86, kSteps = 64, kBatch = 16;

struct BenchCommand {
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

ModelConfig classic_config() {
  ModelConfig config;
  config.vocabulary = kVocabulary;
  return config;
}

std::vector<Token> random_tokens(std::size_t count) {
  Random random(1, RandomStream::kBench);
  std::vector<Token> tokens(count);
  for (Token& token : tokens) token = static_cast<Token>(random.below(kVocabulary));
  return tokens;
}

// Median seconds of a whole update of the classic network: forward, backward, dropout, optimiser.
double seconds_per_update(std::size_t threads, std::size_t updates) {
  constexpr std::size_t kWarmUp = 5;
  const ModelConfig config = classic_config();
  nn::Team team(threads);
  nn::Network network(config, kSteps, kBatch, team);
  nn::Optimizer optimizer(config, {});
  nn::initialize(config, 1, network.weights());
  network.weights_changed();
  const std::vector<Token> text = random_tokens(kSteps * kBatch + 1);
  const std::span<const Token> inputs = std::span(text).first(kSteps * kBatch);
  const std::span<const Token> targets = std::span(text).last(kSteps * kBatch);

  std::vector<double> seconds;
  for (std::size_t update = 0; update < kWarmUp + updates; ++update) {
    const double taken = seconds_of([&] {
      network.learn(inputs, targets, {.seed = 1, .update = update});
      optimizer.update(0.001, network.gradients(), network.weights(), team);
      network.weights_changed();
    });
    if (update >= kWarmUp) seconds.push_back(taken);
  }
  return median(seconds);
}

TrainFigures train_figures(double seconds, double peak_gflops) {
  const double characters = kSteps * kBatch;
  const double gflops =
      6.0 * static_cast<double>(matrix_weights(classic_config())) * characters / seconds / 1e9;
  return {seconds * 1e3, characters / seconds, gflops, gflops / peak_gflops};
}

// Median microseconds of one character for one tune, on one thread.
double sample_us_per_char() {
  constexpr std::size_t kCharacters = 600, kWarmUp = 50;
  const ModelConfig config = classic_config();
  std::vector<char32_t> characters;
  for (std::size_t i = 0; i < kVocabulary; ++i) characters.push_back(static_cast<char32_t>(32 + i));
  std::vector<float> values(parameter_layout(config).count);
  nn::initialize(config, 1, values);
  const Vocabulary vocabulary(characters);
  const std::string provenance = "{}";
  const ModelImage image({config, vocabulary, provenance, values});
  std::vector<std::byte> file;
  for (const auto chunk : image.chunks()) file.insert(file.end(), chunk.begin(), chunk.end());

  const Result<ModelView> model = view_model(file, "bench");
  const infer::Weights weights(*model);
  infer::Engine engine(weights, 1);
  std::vector<double> seconds;
  for (const Token token : random_tokens(kCharacters)) {
    seconds.push_back(seconds_of([&] { engine.step(std::span(&token, 1)); }));
  }
  seconds.erase(seconds.begin(), seconds.begin() + kWarmUp);
  return median(seconds) * 1e6;
}

int run_bench(const BenchCommand& c) {
  // The machine is shared and its speed drifts: the peak is looked for before and after.
  const double peak_before = machine_peak_gflops(c.threads);
  const double seconds = seconds_per_update(c.threads, c.updates);
  const double peak = std::max(peak_before, machine_peak_gflops(c.threads));
  const TrainFigures train = train_figures(seconds, peak);
  const double us_per_char = sample_us_per_char();
  if (c.json) {
    const nlohmann::ordered_json json = {{"threads", c.threads},
                                         {"peak_gflops", peak},
                                         {"train",
                                          {{"ms_per_update", train.ms_per_update},
                                           {"chars_per_s", train.chars_per_s},
                                           {"gflops_unfolded", train.gflops_unfolded},
                                           {"of_peak", train.of_peak}}},
                                         {"sample", {{"us_per_char", us_per_char}}}};
    fmt::print("{}\n", json.dump(2));
    return kSuccess;
  }
  fmt::print("threads                         {:>10}\n", c.threads);
  fmt::print("matrix product peak (oneDNN)    {:>10.1f} GFLOP/s\n", peak);
  fmt::print("training, one update            {:>10.2f} ms\n", train.ms_per_update);
  fmt::print("training, characters            {:>10.0f} /s\n", train.chars_per_s);
  fmt::print("training, unfolded arithmetic   {:>10.1f} GFLOP/s\n", train.gflops_unfolded);
  fmt::print("  of the peak                   {:>10.2f}\n", train.of_peak);
  fmt::print("sampling, one tune, one thread  {:>10.1f} us per character\n", us_per_char);
  return kSuccess;
}

}  // namespace

void add_bench(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<BenchCommand>();
  CLI::App* command = app.add_subcommand("bench", "Measure speed on this machine");
  command->add_flag("--json", c->json, "Print JSON");
  add_threads_option(command, c->threads);
  command->add_option("--updates", c->updates, "Updates to measure; their median is told")
      ->check(CLI::Range(20, 100000))
      ->capture_default_str();
  command->footer(
      "Training is the classic network with 86 characters, dropout on, optimiser included. Its\n"
      "arithmetic is counted on the unfolded network, so that a folded input can exceed the peak.\n"
      "Example:\n"
      "  lilt bench --threads 1 --json");
  registrar(command, [c] { return run_bench(*c); });
}

}  // namespace lilt::cli
