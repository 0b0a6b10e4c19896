// The kernels of the classic network, each alone, on one thread.

#include <benchmark/benchmark.h>

#include <vector>

#include "infer/float_matrix.h"
#include "nn/initialize.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "nn/pointwise.h"
#include "nn/product.h"

namespace lilt::nn {
namespace {

constexpr std::size_t kHidden = 256, kGates = 1024;

void count_flops(benchmark::State& state, double flops) {
  state.counters["FLOP/s"] = benchmark::Counter(
      flops, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
}

// Rows × K × N: the recurrent product (8 or 16 rows), its transpose, the input product.
void product(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto inner = static_cast<std::size_t>(state.range(1));
  const auto columns = static_cast<std::size_t>(state.range(2));
  const std::vector<float> a(rows * inner, 0.5F), b(inner * columns, 0.25F);
  std::vector<float> c(rows * columns);
  PackedMatrix packed(inner, columns);
  for (std::size_t p = 0; p < packed.panels(); ++p) packed.pack_panel(p, b.data());
  for (auto _ : state) {
    multiply({.data = a.data(), .row_stride = inner}, rows, packed,
             {.data = c.data(), .row_stride = columns}, Store::kReplace);
    benchmark::ClobberMemory();
  }
  count_flops(state, 2.0 * static_cast<double>(rows * inner * columns));
}
BENCHMARK(product)
    ->Args({8, kHidden, kGates})
    ->Args({16, kHidden, kGates})
    ->Args({8, kGates, kHidden})
    ->Args({16, kGates, kHidden})
    ->Args({1024, kHidden, kGates})
    ->Args({1024, kGates, kHidden});

void composing_product(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const std::vector<float> x(rows * kHidden, 0.5F), weights(kHidden * kGates, 0.25F);
  std::vector<float> y(rows * kGates);
  for (auto _ : state) {
    infer::multiply_add(x.data(), rows, {weights.data(), kHidden, kGates}, y.data());
    benchmark::ClobberMemory();
  }
  count_flops(state, 2.0 * static_cast<double>(rows * kHidden * kGates));
}
BENCHMARK(composing_product)->Arg(1)->Arg(16);

void pack(benchmark::State& state) {
  const bool transposed = state.range(0) != 0;
  const std::vector<float> b(kHidden * kGates, 0.25F);
  PackedMatrix packed(transposed ? kGates : kHidden, transposed ? kHidden : kGates);
  for (auto _ : state) {
    for (std::size_t p = 0; p < packed.panels(); ++p) {
      transposed ? packed.pack_panel_transposed(p, b.data()) : packed.pack_panel(p, b.data());
    }
    benchmark::ClobberMemory();
  }
}
BENCHMARK(pack)->ArgName("transposed")->Arg(0)->Arg(1);

void gates_forward(benchmark::State& state) {
  std::vector<float> gates(kGates, 0.3F), bias(kGates), c(kHidden), tanh_c(kHidden), h(kHidden);
  for (auto _ : state) {
    lstm_row_forward({gates.data(), bias.data(), c.data(), c.data(), tanh_c.data(), h.data()},
                     {.hidden = kHidden});
    benchmark::ClobberMemory();
  }
}
BENCHMARK(gates_forward);

void dropout(benchmark::State& state) {
  std::vector<float> h(kHidden, 1), mask(kHidden), output(kHidden);
  for (auto _ : state) {
    dropout_row({.rate = 0.2F}, 0, h.data(), mask.data(), output.data(), kHidden);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(dropout);

// The parts of an update of the classic network.
void update(benchmark::State& state) {
  ModelConfig config;
  config.vocabulary = 86;
  Team team(static_cast<std::size_t>(state.range(0)));
  Network network(config, 64, 16, team);
  Optimizer optimizer(config, {});
  initialize(config, 1, network.weights());
  network.weights_changed();
  const std::vector<Token> text(network.steps() * network.batch(), 3);
  for (auto _ : state) {
    network.learn(text, text, {});
    optimizer.update(0.001, network.gradients(), network.weights(), team);
    network.weights_changed();
  }
}
BENCHMARK(update)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lilt::nn
