// lilt bench: the speed of training and sampling on this machine.

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "compose/speed.h"
#include "eval/speed.h"
#include "model/model_file.h"
#include "nn/machine_peak.h"
#include "train/presets.h"
#include "train/speed.h"

namespace lilt::cli {
namespace {

struct BenchCommand {
  train::Preset preset = train::Preset::kClassic;
  nn::Precision precision = nn::Precision::kSingle;
  bool json = false;
  std::size_t threads = default_threads();
  std::size_t updates = 40;
  std::size_t batch = 0;  // 0: as the preset has it
};

struct Figures {
  double peak = 0;  // GFLOP/s
  train::Speed train;
  double us_per_step = 0;
  compose::Speed compose;
};

Figures measure(const BenchCommand& c) {
  // The machine is shared and its speed drifts: the peak is looked for before and after.
  const double peak_before = nn::machine_peak_gflops(c.threads);
  train::Options options = train::speed_options(c.preset);
  if (c.batch > 0) options.batch = c.batch;
  options.precision = c.precision;
  Figures figures;
  figures.train = train::measure_speed(options, c.threads, c.updates);
  figures.peak = std::max(peak_before, nn::machine_peak_gflops(c.threads));
  const std::vector<std::byte> file = train::untrained_model(options.model);
  const ModelView model = *view_model(file, "bench");
  figures.us_per_step =
      eval::microseconds_per_step(*infer::Weights::of(model, infer::Precision::kSingle));
  figures.compose =
      compose::measure_speed(compose::Model::open(Bytes::copy_of(file)).value(), c.threads);
  return figures;
}

nlohmann::ordered_json to_json(const Figures& f, const BenchCommand& c) {
  return {{"threads", c.threads},
          {"precision", name_of(c.precision)},
          {"peak_gflops", f.peak},
          {"train",
           {{"ms_per_update", 1e3 * f.train.seconds_per_update},
            {"chars_per_s", f.train.characters_per_second},
            {"gflops_unfolded", f.train.gflops},
            {"of_peak", f.train.gflops / f.peak}}},
          {"sample", {{"us_per_char", f.us_per_step}}},
          {"compose",
           {{"us_per_character", f.compose.microseconds_per_character},
            {"characters_per_s", f.compose.characters_per_second}}}};
}

void print_text(const Figures& f, const BenchCommand& c) {
  fmt::print("preset                          {:>10}\n", name_of(c.preset));
  fmt::print("threads                         {:>10}\n", c.threads);
  fmt::print("training, precision             {:>10}\n", name_of(c.precision));
  fmt::print("matrix product peak (oneDNN)    {:>10.1f} GFLOP/s\n", f.peak);
  fmt::print("training, one update            {:>10.2f} ms\n", 1e3 * f.train.seconds_per_update);
  fmt::print("training, characters            {:>10.0f} /s\n", f.train.characters_per_second);
  fmt::print("training, unfolded arithmetic   {:>10.1f} GFLOP/s\n", f.train.gflops);
  fmt::print("  of the peak                   {:>10.2f}\n", f.train.gflops / f.peak);
  fmt::print("sampling, one tune, one thread  {:>10.1f} us per character\n", f.us_per_step);
  fmt::print("composing, one tune, one thread {:>10.1f} us per character\n",
             f.compose.microseconds_per_character);
  fmt::print("composing, many tunes           {:>10.0f} characters/s\n",
             f.compose.characters_per_second);
}

int run_bench(const BenchCommand& c) {
  const Figures figures = measure(c);
  c.json ? print_json(to_json(figures, c)) : print_text(figures, c);
  return kSuccess;
}

}  // namespace

void add_bench(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<BenchCommand>();
  CLI::App* command = app.add_subcommand("bench", "Measure speed on this machine");
  command->add_flag("--json", c->json, "Print JSON");
  add_field(command, {.name = "preset", .help = "The network to train"}, c->preset);
  add_field(command,
            {.name = "precision", .help = "What matrices are multiplied in while training"},
            c->precision);
  add_threads_option(command, c->threads);
  add_field(command,
            {.name = "updates",
             .help = "Updates to measure; their median is told",
             .least = 20,
             .most = 100'000},
            c->updates);
  add_field(command,
            {.name = "batch",
             .help = "Streams learnt side by side; 0: as the preset has it",
             .least = 0,
             .most = 65'536},
            c->batch);
  command->footer(
      "Training is the preset's network, dropout on, optimiser included. Its arithmetic is\n"
      "counted on the unfolded network, so that a folded input can exceed the peak. The peak is\n"
      "that of single precision, so that bf16 can, too.\n"
      "Sampling is the step of the network in single precision; composing is whole tunes with\n"
      "8-bit weights, of a network of that size that has learnt nothing.\n"
      "Examples:\n"
      "  lilt bench --preset folk\n"
      "  lilt bench --precision bf16\n"
      "  lilt bench --threads 1 --json");
  registrar(command, [c] { return run_bench(*c); });
}

}  // namespace lilt::cli
