#include "infer/gates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "targets.h"

namespace lilt::infer {
namespace {

using Limits = std::numeric_limits<float>;
constexpr double kEpsilon = static_cast<double>(Limits::epsilon());

constexpr float kOpen = 200, kShut = -200;  // for a hard-sigmoid gate: exactly 1 and 0

// Values from −200 to 200, close together near 0, with the extremes.
std::vector<float> arguments() {
  std::vector<float> x = {0.0F, -0.0F};
  float magnitude = Limits::denorm_min();
  while (magnitude < 200) {
    x.insert(x.end(), {magnitude, -magnitude});
    magnitude = std::nextafter(magnitude * 1.013F, 300.0F);  // grows even where it is denormal
  }
  for (const float extreme : {88.0F, 104.0F, 1e10F, Limits::max(), Limits::infinity()}) {
    x.insert(x.end(), {extreme, -extreme});
  }
  return x;
}

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

struct State {
  float c, h;
};

State step(float i, float f, float g, float o, float c, GateActivation activation) {
  float z[] = {i, f, g, o}, h = 0;
  lstm_gates(z, &c, &h, 1, activation);
  return {c, h};
}

// The activations alone, each through the other gates being 0 or 1.
float sigmoid(float x) { return step(0, x, 0, 0, 1, GateActivation::kSigmoid).c; }
float hard_sigmoid(float x) { return step(kShut, x, 0, kShut, 1, GateActivation::kHardSigmoid).c; }
float tanh_of_candidate(float x) {
  return step(kOpen, kShut, x, kOpen, 0, GateActivation::kHardSigmoid).c;
}
float tanh_of_cell(float x) {
  return step(kShut, kOpen, 0, kOpen, x, GateActivation::kHardSigmoid).h;
}

double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double exact_hard_sigmoid(double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); }

TEST(Gates, ComputeTheSigmoid) {
  for (const float x : arguments()) {
    const double expected = exact_sigmoid(static_cast<double>(x));
    // Below e^-87 it stays at that, which is as good as nothing.
    EXPECT_NEAR(static_cast<double>(sigmoid(x)), expected, 4 * kEpsilon * expected + 2e-38) << x;
  }
}

TEST(Gates, ComputeTheHardSigmoid) {
  for (const float x : arguments()) {
    EXPECT_NEAR(static_cast<double>(hard_sigmoid(x)), exact_hard_sigmoid(static_cast<double>(x)),
                kEpsilon)
        << x;
  }
  EXPECT_EQ(hard_sigmoid(2.5F), 1.0F);
  EXPECT_EQ(hard_sigmoid(-2.5F), 0.0F);
  EXPECT_EQ(hard_sigmoid(0.0F), 0.5F);
}

TEST(Gates, ComputeTheHyperbolicTangent) {
  for (const float x : arguments()) {
    const double expected = std::tanh(static_cast<double>(x));
    const double tolerance = 4 * kEpsilon * std::abs(expected);
    EXPECT_NEAR(static_cast<double>(tanh_of_candidate(x)), expected, tolerance) << x;
    if (std::isfinite(x)) {
      EXPECT_NEAR(static_cast<double>(tanh_of_cell(x)), expected, tolerance) << x;
    }
  }
}

TEST(Gates, NeverLeaveTheirRanges) {
  for (const float x : arguments()) {
    EXPECT_GE(sigmoid(x), 0.0F);
    EXPECT_LE(sigmoid(x), 1.0F);
    EXPECT_LE(std::abs(tanh_of_candidate(x)), 1.0F);
  }
}

// 150 elements of one layer, as lstm_gates() takes them.
struct Layer {
  static constexpr std::size_t kHidden = 150;

  Layer() {
    Random random(1, RandomStream::kBench);
    for (float& value : z) value = static_cast<float>(20 * random.uniform() - 10);
    for (float& value : c) value = static_cast<float>(4 * random.uniform() - 2);
  }

  std::vector<float> z = std::vector<float>(4 * kHidden), c = std::vector<float>(kHidden),
                     h = std::vector<float>(kHidden, Limits::quiet_NaN());
};

TEST(Normalisation, HasTheSameBitsOnEveryInstructionSetAndIsRight) {
  for (std::size_t hidden = 1; hidden <= 70; hidden += 3) {
    const std::size_t gates = 3 + hidden % 2;
    std::vector<float> z(gates * hidden), gain(z.size()), bias(z.size());
    Random random(4, RandomStream::kBench);
    for (std::size_t j = 0; j < z.size(); ++j) {
      z[j] = static_cast<float>(20 * random.uniform() - 5);
      gain[j] = static_cast<float>(random.uniform()),
      bias[j] = static_cast<float>(random.uniform());
    }
    std::vector<std::vector<float>> results;
    support::for_each_target([&](const char*) {
      results.push_back(z);
      normalise_gates(results.back().data(), gain.data(), bias.data(), gates, hidden);
    });
    for (const auto& result : results) ASSERT_EQ(result, results[0]);
    for (std::size_t first = 0; first < z.size(); first += hidden) {
      double mean = 0, variance = 0;
      for (std::size_t j = first; j < first + hidden; ++j) {
        mean += static_cast<double>(z[j]) / static_cast<double>(hidden);
      }
      for (std::size_t j = first; j < first + hidden; ++j) {
        variance += std::pow(static_cast<double>(z[j]) - mean, 2) / static_cast<double>(hidden);
      }
      const double deviation = std::sqrt(variance + static_cast<double>(kNormalisationEpsilon));
      for (std::size_t j = first; j < first + hidden; ++j) {
        const double normal = (static_cast<double>(z[j]) - mean) / deviation;
        ASSERT_NEAR(static_cast<double>(results[0][j]),
                    static_cast<double>(gain[j]) * normal + static_cast<double>(bias[j]),
                    hidden == 1 ? 1e-3 : 2e-5);
      }
    }
  }
}

class Activations : public testing::TestWithParam<GateActivation> {};

TEST_P(Activations, MakeOneStepOfAnLstm) {
  const auto gate = GetParam() == GateActivation::kSigmoid ? exact_sigmoid : exact_hard_sigmoid;
  const Layer before;
  Layer after = before;
  lstm_gates(after.z.data(), after.c.data(), after.h.data(), Layer::kHidden, GetParam());
  for (std::size_t j = 0; j < Layer::kHidden; ++j) {
    const auto z = [&](std::size_t which) {
      return static_cast<double>(before.z[which * Layer::kHidden + j]);
    };
    const double kept = gate(z(1)) * static_cast<double>(before.c[j]);
    const double added = gate(z(0)) * std::tanh(z(2));
    const double tolerance = 8 * kEpsilon * (std::abs(kept) + std::abs(added) + kEpsilon);
    EXPECT_NEAR(static_cast<double>(after.c[j]), kept + added, tolerance) << j;
    EXPECT_NEAR(static_cast<double>(after.h[j]), gate(z(3)) * std::tanh(kept + added),
                tolerance + 8 * kEpsilon * std::abs(kept + added))
        << j;
  }
}

TEST_P(Activations, GiveTheSameBitsWhateverTheWidth) {
  const Layer layer;
  for (std::size_t hidden = 0; hidden <= 40; ++hidden) {
    std::vector<float> z(4 * hidden),
        c(layer.c.begin(), layer.c.begin() + static_cast<int>(hidden));
    std::vector<float> h(hidden);
    for (std::size_t which = 0; which < 4; ++which) {
      std::copy_n(layer.z.begin() + static_cast<int>(which * Layer::kHidden), hidden,
                  z.begin() + static_cast<int>(which * hidden));
    }
    lstm_gates(z.data(), c.data(), h.data(), hidden, GetParam());
    for (std::size_t j = 0; j < hidden; ++j) {
      const auto gate = [&](std::size_t which) { return layer.z[which * Layer::kHidden + j]; };
      const State alone = step(gate(0), gate(1), gate(2), gate(3), layer.c[j], GetParam());
      EXPECT_EQ(bits(c[j]), bits(alone.c)) << hidden << " " << j;
      EXPECT_EQ(bits(h[j]), bits(alone.h)) << hidden << " " << j;
    }
  }
}

// One number for all bits of many steps: when it changes, so do the tunes that a seed gives.
std::uint64_t hash_of_steps(GateActivation activation) {
  Layer layer;
  std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a
  for (int t = 0; t < 10; ++t) {
    std::vector<float> z = layer.z;
    lstm_gates(z.data(), layer.c.data(), layer.h.data(), Layer::kHidden, activation);
    for (const std::vector<float>* values : {&layer.c, &layer.h}) {
      for (const float value : *values) {
        hash = (hash ^ bits(value)) * 0x100000001B3;
      }
    }
  }
  return hash;
}

TEST_P(Activations, GiveTheSameBitsOnEveryMachine) {
  const bool is_sigmoid = GetParam() == GateActivation::kSigmoid;
  support::for_each_target([&](const char* target) {
    EXPECT_EQ(hash_of_steps(GetParam()), is_sigmoid ? 7111290253841558850U : 5499990570923008628U)
        << target;
  });
}

INSTANTIATE_TEST_SUITE_P(Gate, Activations,
                         testing::Values(GateActivation::kSigmoid, GateActivation::kHardSigmoid),
                         [](const auto& test) { return std::string(name_of(test.param)); });

}  // namespace
}  // namespace lilt::infer
