#include "nn/pointwise.h"

#include <gtest/gtest.h>

#include <array>

#include <cmath>
#include <limits>
#include <vector>

namespace lilt::nn {
namespace {

constexpr double kEpsilon = static_cast<double>(std::numeric_limits<float>::epsilon());
constexpr std::size_t kWidths[] = {1, 3, 7, 8, 9, 16, 31, 64, 100};

float some(std::size_t i, double scale) {
  return static_cast<float>(scale * std::sin(1.7 * static_cast<double>(i) + 0.3));
}

double gate(double x, GateActivation activation) {
  return activation == GateActivation::kSigmoid ? 1 / (1 + std::exp(-x))
                                                : std::min(1.0, std::max(0.0, 0.2 * x + 0.5));
}

class Activations : public testing::TestWithParam<GateActivation> {};
INSTANTIATE_TEST_SUITE_P(Both, Activations,
                         testing::Values(GateActivation::kSigmoid, GateActivation::kHardSigmoid),
                         [](const auto& activation) {
                           return std::string(name_of(activation.param));
                         });

TEST_P(Activations, ForwardRowEqualsTheFormulas) {
  for (const std::size_t h : kWidths) {
    for (const double scale : {0.01, 1.0, 8.0, 200.0}) {
      std::vector<float> z(4 * h), bias(4 * h), c_prev(h), c(h), tanh_c(h), hidden(h);
      for (std::size_t j = 0; j < 4 * h; ++j) z[j] = some(j, scale), bias[j] = some(j + 99, 0.1);
      for (std::size_t j = 0; j < h; ++j) c_prev[j] = some(j + 7, 2);
      std::vector<float> gates = z;
      lstm_row_forward(
          {gates.data(), bias.data(), c_prev.data(), c.data(), tanh_c.data(), hidden.data()},
          {.hidden = h, .activation = GetParam()});
      for (std::size_t j = 0; j < h; ++j) {
        // The sum z + bias is rounded first; the formulas see the same rounded number.
        const auto x = [&](std::size_t g) {
          return static_cast<double>(z[g * h + j] + bias[g * h + j]);
        };
        const double i = gate(x(0), GetParam()), f = gate(x(1), GetParam());
        const double g = std::tanh(x(2)), o = gate(x(3), GetParam());
        const double cell = f * static_cast<double>(c_prev[j]) + i * g;
        const bool line = GetParam() == GateActivation::kHardSigmoid;  // 0.5 is added to it
        const auto slack = [&](double y) { return 8 * kEpsilon * (line ? 1 : y) + 1e-37; };
        ASSERT_NEAR(gates[j], i, slack(i));
        ASSERT_NEAR(gates[h + j], f, slack(f));
        ASSERT_NEAR(gates[2 * h + j], g, 8 * kEpsilon * std::abs(g));
        ASSERT_NEAR(gates[3 * h + j], o, slack(o));
        ASSERT_NEAR(c[j], cell, 32 * kEpsilon);
        ASSERT_NEAR(tanh_c[j], std::tanh(cell), 32 * kEpsilon);
        ASSERT_NEAR(hidden[j], o * std::tanh(cell), 32 * kEpsilon);
      }
    }
  }
}

TEST_P(Activations, CoupledGatesEqualThoseWhoseInputGateIsWhatTheForgetGateLeaves) {
  for (const std::size_t h : kWidths) {
    // sigmoid(−x) = 1 − sigmoid(x), of the hard one too: four gates can do what three do.
    std::vector<float> four(4 * h), three(3 * h), zero(4 * h), c_prev(h);
    for (std::size_t j = 0; j < 3 * h; ++j) three[j] = some(j, 3);
    for (std::size_t j = 0; j < h; ++j) four[j] = -three[j], c_prev[j] = some(j + 7, 2);
    std::copy(three.begin(), three.end(), four.begin() + static_cast<std::ptrdiff_t>(h));
    std::vector<float> c(2 * h), tanh_c(2 * h), hidden(2 * h);
    lstm_row_forward(
        {four.data(), zero.data(), c_prev.data(), c.data(), tanh_c.data(), hidden.data()},
        {.hidden = h, .activation = GetParam()});
    lstm_row_forward({three.data(), zero.data(), c_prev.data(), c.data() + h, tanh_c.data() + h,
                      hidden.data() + h},
                     {.hidden = h, .activation = GetParam(), .coupled = true});
    for (std::size_t j = 0; j < h; ++j) {
      ASSERT_NEAR(c[j], c[h + j], 32 * kEpsilon);
      ASSERT_NEAR(hidden[j], hidden[h + j], 32 * kEpsilon);
    }
  }
}

TEST(Normalisation, HasMeanZeroAndVarianceOneBeforeTheGain) {
  for (const std::size_t h : kWidths) {
    std::vector<float> z(h), gain(h), normal(h);
    for (std::size_t j = 0; j < h; ++j) z[j] = some(j, 5) + 3, gain[j] = some(j + 3, 2);
    double mean = 0, variance = 0;
    for (const float x : z) mean += static_cast<double>(x) / static_cast<double>(h);
    for (const float x : z) {
      variance += std::pow(static_cast<double>(x) - mean, 2) / static_cast<double>(h);
    }
    const std::vector<float> before = z;
    const double deviation = std::sqrt(variance + static_cast<double>(kNormalisationEpsilon));
    const float inverse = normalise_row(z.data(), gain.data(), h, normal.data());
    // Of one number alone the variance is 0: what rounding leaves of it comes out enlarged.
    const double slack = h == 1 ? 1e-3 : 1e-5;
    EXPECT_NEAR(inverse * deviation, 1, slack);
    for (std::size_t j = 0; j < h; ++j) {
      ASSERT_NEAR(normal[j], (static_cast<double>(before[j]) - mean) / deviation, slack);
      ASSERT_EQ(z[j], normal[j] * gain[j]);
    }
  }
}

TEST_P(Activations, NotANumberIsPassedOn) {
  std::vector<float> gates(32, std::nanf("")), zero(32), c(8), tanh_c(8), hidden(8);
  lstm_row_forward({gates.data(), zero.data(), zero.data(), c.data(), tanh_c.data(), hidden.data()},
                   {.hidden = 8, .activation = GetParam()});
  for (const float h : hidden) EXPECT_TRUE(std::isnan(h));
}

TEST(Dropout, DropsTheUnitsThatTheCounterSays) {
  const Dropout dropout{
      .seed = 0x123456789ABCDEF, .update = 5'000'000'000, .layer = 2, .rate = 0.3F};
  for (const std::size_t width : kWidths) {
    constexpr std::size_t kRow = 77;
    std::vector<float> h(width), mask(width), output(width);
    for (std::size_t j = 0; j < width; ++j) h[j] = some(j, 1);
    dropout_row(dropout, kRow, h.data(), mask.data(), output.data(), width);
    for (std::size_t j = 0; j < width; ++j) {
      const auto block = static_cast<std::uint32_t>(kRow * ((width + 3) / 4) + j / 4);
      const std::uint32_t word = random_block(dropout.seed, RandomStream::kDropout + dropout.layer,
                                              dropout.update, block)[j % 4];
      const bool dropped = word < std::floor(static_cast<double>(dropout.rate) * 0x1p32);
      ASSERT_EQ(mask[j], dropped ? 0.0F : 1 / (1 - dropout.rate));
      ASSERT_EQ(output[j], h[j] * mask[j]);
    }
  }
}

TEST(Dropout, DropsTheShareAskedFor) {
  constexpr std::size_t kWidth = 256, kRows = 400;
  std::vector<float> h(kWidth, 1), mask(kWidth), output(kWidth);
  double sum = 0;
  for (std::size_t r = 0; r < kRows; ++r) {
    dropout_row({.seed = 3, .rate = 0.2F}, r, h.data(), mask.data(), output.data(), kWidth);
    for (const float value : output) sum += static_cast<double>(value);
  }
  const double mean = sum / (kWidth * kRows);  // 1, with a deviation of 0.5 / √102400
  EXPECT_NEAR(mean, 1, 5 * 0.5 / 320);
}

TEST(CrossEntropy, EqualsTheFormulaAndItsGradient) {
  for (const std::size_t v : {1, 2, 7, 8, 9, 86, 300, 1000}) {
    std::vector<float> logits(v), bias(v);
    for (std::size_t j = 0; j < v; ++j) logits[j] = some(j, 9), bias[j] = some(j + 5, 1);
    const auto target = static_cast<Token>(v / 2);
    std::vector<double> x(v);
    double sum = 0, largest = -1e9;
    for (std::size_t j = 0; j < v; ++j) x[j] = static_cast<double>(logits[j] + bias[j]);
    for (const double value : x) largest = std::max(largest, value);
    for (const double value : x) sum += std::exp(value - largest);
    const double nats = std::log(sum) + largest - x[target];

    std::vector<float> gradient = logits;
    const CrossEntropy alone = cross_entropy(logits.data(), bias.data(), target, v);
    const CrossEntropy both = cross_entropy_gradient(gradient.data(), bias.data(), target, 0.5F, v);
    EXPECT_NEAR(alone.nats, nats, 16 * kEpsilon * (1 + nats));
    EXPECT_NEAR(both.nats, nats, 16 * kEpsilon * (1 + nats));
    EXPECT_EQ(alone.correct, x[target] == largest);
    EXPECT_EQ(both.correct, alone.correct);
    for (std::size_t j = 0; j < v; ++j) {
      const double p = std::exp(x[j] - largest) / sum;
      EXPECT_NEAR(gradient[j], 0.5 * (p - (j == target ? 1 : 0)), 32 * kEpsilon);
    }
  }
}

TEST(CrossEntropy, SurvivesHugeLogits) {
  std::vector<float> logits = {1e30F, -1e30F, 0}, bias(3);
  EXPECT_EQ(cross_entropy(logits.data(), bias.data(), 0, 3).nats, 0);
}

TEST(Sums, AreThoseOfTheRows) {
  for (const std::size_t width : {1, 12, 24, 48, 61, 130}) {
    constexpr std::size_t kRows = 5;
    std::vector<float> panel(width * kRows), sum(width, 1), table(3 * width), total(width);
    for (std::size_t i = 0; i < panel.size(); ++i) panel[i] = static_cast<float>(i % 17);
    add_rows(panel.data(), width, kRows, sum.data());
    const std::vector<Token> tokens = {2, 0, kUnknownToken, 2, 0};
    std::vector<std::uint16_t> counts(3), order(tokens.size());
    order_by_token(tokens, counts, order);
    EXPECT_EQ(order, (std::vector<std::uint16_t>{1, 4, 0, 3, 2}));
    const std::array tables = {ScatterTable{table.data(), tokens.data(), order.data()}};
    scatter_add_rows(panel.data(), width, tokens.size(), tables);
    const std::array rows = {panel.data(), panel.data() + 3 * width, panel.data() + width};
    sum_rows(rows.data(), rows.size(), 0, width, total.data());
    const std::size_t rest = width - width / 2;
    std::vector<float> part(rest);
    sum_rows(rows.data(), rows.size(), width / 2, rest, part.data());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), total.end() - static_cast<long>(rest)));
    for (std::size_t j = 0; j < width; ++j) {
      const auto at = [&](std::size_t r) { return panel[r * width + j]; };
      EXPECT_EQ(sum[j], 1 + at(0) + at(1) + at(2) + at(3) + at(4));
      EXPECT_EQ(table[j], at(1) + at(4));
      EXPECT_EQ(table[width + j], 0);
      EXPECT_EQ(table[2 * width + j], at(0) + at(3));
      EXPECT_EQ(total[j], at(0) + at(3) + at(1));
    }
  }
}

TEST(Sums, SquaresOfManyValues) {
  for (const std::size_t count : {0, 1, 9, 4095, 4096, 4097, 20001}) {
    std::vector<float> values(count);
    double expected = 0;
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = some(i, 1);
      expected += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    }
    EXPECT_NEAR(sum_of_squares(values), expected, 64 * kEpsilon * expected);
  }
}

}  // namespace
}  // namespace lilt::nn
