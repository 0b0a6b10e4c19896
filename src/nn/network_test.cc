#include "nn/network.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <new>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "nn/initialize.h"
#include "nn/optimizer.h"
#include "nn/pair_tiles.h"
#include "nn/reference_network.h"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

// Counts every allocation of this test program. Not inlined, or the compiler sees malloc() meet
// delete and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace lilt::nn {
namespace {

using Json = nlohmann::json;

// One golden file of tests/golden: made by an independent implementation with automatic
// differentiation, see make_goldens.py there.
struct Golden {
  Json json;
  ModelConfig config;
  std::size_t steps, batch;
  std::uint64_t seed;

  explicit Golden(const std::string& name) {
    std::ifstream file(std::string(LILT_TEST_DATA) + "/golden/" + name + ".json");
    json = Json::parse(file);
    const Json& c = json["config"];
    config = {
        .vocabulary = c["vocabulary"],
        .embedding = c["embedding"],
        .hidden = c["hidden"],
        .dropout = c["dropout"],
        .gate_activation = *value_named<GateActivation>(c["gate_activation"].get<std::string>())};
    steps = json["steps"];
    batch = json["batch"];
    seed = std::stoull(json["seed"].get<std::string>());
  }

  [[nodiscard]] std::vector<double> flat(const Json& tensors) const {
    std::vector<double> values;
    for (const TensorSpec& spec : tensor_specs(config)) {
      const auto tensor = tensors[spec.name].get<std::vector<double>>();
      values.insert(values.end(), tensor.begin(), tensor.end());
    }
    return values;
  }
  [[nodiscard]] std::vector<Token> inputs(std::size_t window) const {
    return json["windows"][window]["inputs"];
  }
  [[nodiscard]] std::vector<Token> targets(std::size_t window) const {
    return json["windows"][window]["targets"];
  }
  [[nodiscard]] Dropout dropout(std::uint64_t update) const {
    return {.seed = seed, .update = update, .layer = 0, .rate = config.dropout};
  }

  void load(Network& network) const {
    const std::vector<double> weights = flat(json["tensors"]);
    std::ranges::copy(weights, network.weights().begin());
    for (std::size_t l = 0; l < config.hidden.size(); ++l) {
      std::ranges::copy(json["state"]["h"][l].get<std::vector<float>>(),
                        network.hidden_state(l).begin());
      std::ranges::copy(json["state"]["c"][l].get<std::vector<float>>(),
                        network.cell_state(l).begin());
    }
    network.weights_changed();
  }
  void load(ReferenceNetwork& network) const {
    network.weights = flat(json["tensors"]);
    for (std::size_t l = 0; l < config.hidden.size(); ++l) {
      network.hidden[l] = json["state"]["h"][l].get<std::vector<double>>();
      network.cell[l] = json["state"]["c"][l].get<std::vector<double>>();
    }
  }
};

class Goldens : public testing::TestWithParam<const char*> {
 protected:
  Golden golden_{GetParam()};
  Team team_{2};
};
INSTANTIATE_TEST_SUITE_P(All, Goldens, testing::Values("odd", "stack", "even", "hard", "single"),
                         [](const auto& golden) { return std::string(golden.param); });

template <class A, class B>
void expect_all_near(const A& found, const B& expected, double tolerance, const char* what) {
  ASSERT_EQ(std::size(found), std::size(expected)) << what;
  for (std::size_t i = 0; i < std::size(found); ++i) {
    ASSERT_NEAR(static_cast<double>(found[i]), static_cast<double>(expected[i]), tolerance)
        << what << " at " << i;
  }
}

TEST_P(Goldens, LossStatesAndGradientsOfTheFastNetwork) {
  Network network(golden_.config, golden_.steps, golden_.batch, team_);
  golden_.load(network);
  const Json& expected = golden_.json["update0"];
  const WindowLoss loss = network.learn(golden_.inputs(0), golden_.targets(0), golden_.dropout(0));
  const double rows = static_cast<double>(golden_.steps * golden_.batch);
  EXPECT_NEAR(loss.nats / rows, expected["loss"].get<double>(), 2e-6);
  EXPECT_EQ(loss.correct, expected["correct"].get<std::size_t>());
  for (std::size_t l = 0; l < golden_.config.hidden.size(); ++l) {
    expect_all_near(network.hidden_state(l), expected["h"][l].get<std::vector<double>>(), 2e-6,
                    "h");
    expect_all_near(network.cell_state(l), expected["c"][l].get<std::vector<double>>(), 2e-6, "c");
  }
  expect_all_near(network.gradients(), golden_.flat(expected["gradients"]), 2e-6, "gradient");
}

TEST_P(Goldens, LossLogitsAndGradientsOfTheReference) {
  ReferenceNetwork network(golden_.config, golden_.steps, golden_.batch);
  golden_.load(network);
  const Json& expected = golden_.json["update0"];
  const double loss = network.learn(golden_.inputs(0), golden_.targets(0), golden_.dropout(0));
  EXPECT_NEAR(loss, expected["loss"].get<double>(), 1e-8);
  expect_all_near(network.logits, expected["logits"].get<std::vector<double>>(), 1e-6, "logits");
  expect_all_near(network.gradients, golden_.flat(expected["gradients"]), 1e-7, "gradient");
}

TEST_P(Goldens, ScoresWithoutDropout) {
  Network network(golden_.config, golden_.steps, golden_.batch, team_);
  golden_.load(network);
  std::vector<float> nats(golden_.steps * golden_.batch);
  network.score(golden_.inputs(0), golden_.targets(0), nats);
  expect_all_near(nats, golden_.json["evaluation"]["nats"].get<std::vector<double>>(), 4e-6,
                  "nats");
}

TEST(Network, AnUnknownInputContributesNothing) {
  const Golden golden("odd");
  Team team(1);
  Network network(golden.config, golden.steps, golden.batch, team);
  golden.load(network);
  std::vector<float> nats(golden.steps * golden.batch);
  network.score(golden.json["unknown"]["inputs"].get<std::vector<Token>>(), golden.targets(0),
                nats);
  expect_all_near(nats, golden.json["unknown"]["nats"].get<std::vector<double>>(), 4e-6, "nats");
}

// Ten updates with carried state and fresh dropout: the losses, and with them every part of the
// optimiser, follow the independent implementation.
std::vector<double> losses_of_ten_updates(const Golden& golden, const OptimizerOptions& options,
                                          Team& team, std::vector<double>* norms,
                                          std::vector<float>* weights) {
  Network network(golden.config, golden.steps, golden.batch, team);
  golden.load(network);
  Optimizer optimizer(golden.config, options);
  std::vector<double> losses;
  for (std::size_t update = 0; update < 10; ++update) {
    const WindowLoss loss =
        network.learn(golden.inputs(update), golden.targets(update), golden.dropout(update));
    losses.push_back(loss.nats / static_cast<double>(golden.steps * golden.batch));
    const auto norm = optimizer.update(0.01, network.gradients(), network.weights(), team);
    if (norms != nullptr && norm) norms->push_back(*norm);
    network.weights_changed();
  }
  if (weights != nullptr) weights->assign(network.weights().begin(), network.weights().end());
  return losses;
}

TEST_P(Goldens, TenLossesWithAdam) {
  std::vector<double> norms;
  std::vector<float> weights;
  // A norm that is never reached: nothing is clipped, but norms are reported.
  const auto losses = losses_of_ten_updates(golden_, {.clip_norm = 1e6}, team_, &norms, &weights);
  expect_all_near(losses, golden_.json["losses"].get<std::vector<double>>(), 1e-5, "loss");
  expect_all_near(norms, golden_.json["norms"].get<std::vector<double>>(), 1e-5, "norm");
  expect_all_near(weights, golden_.flat(golden_.json["final_tensors"]), 2e-4, "weight");
}

TEST_P(Goldens, TenLossesWithClipping) {
  const auto losses = losses_of_ten_updates(golden_, {.clip_norm = 0.05}, team_, nullptr, nullptr);
  expect_all_near(losses, golden_.json["clipped_losses"].get<std::vector<double>>(), 1e-5, "loss");
}

TEST_P(Goldens, TenLossesWithAdamW) {
  const auto losses =
      losses_of_ten_updates(golden_, {.weight_decay = 0.1}, team_, nullptr, nullptr);
  expect_all_near(losses, golden_.json["adamw_losses"].get<std::vector<double>>(), 1e-5, "loss");
}

// Sizes and saturation that the goldens leave out, against the reference.
struct Case {
  ModelConfig config;
  std::size_t steps, batch;
  double scale;  // of the weights
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const GateActivation a : {GateActivation::kSigmoid, GateActivation::kHardSigmoid}) {
    all.push_back(
        {{.vocabulary = 5, .embedding = 3, .hidden = {4}, .dropout = 0.5F, .gate_activation = a},
         3,
         2,
         2.5});
    all.push_back({{.vocabulary = 29,
                    .embedding = 17,
                    .hidden = {13, 24, 7},
                    .dropout = 0.2F,
                    .gate_activation = a},
                   9,
                   11,
                   0.5});
    all.push_back({{.vocabulary = 40,
                    .embedding = 33,
                    .hidden = {40, 33},
                    .dropout = 0.1F,
                    .gate_activation = a},
                   20,
                   17,
                   0.3});
    // All that the classic network does not have.
    all.push_back({{.vocabulary = 6,
                    .embedding = 3,
                    .features = {{"one", 4, 2}, {"two", 9, 1}},
                    .hidden = {5, 5},
                    .dropout = 0.2F,
                    .recurrent_dropout = 0.4F,
                    .residual = true,
                    .gate_activation = a},
                   7,
                   3,
                   1.5});
    for (const bool coupled : {false, true}) {
      all.push_back({{.vocabulary = 6,
                      .embedding = 3,
                      .features = {{"one", 4, 2}},
                      .hidden = {5, 5},
                      .dropout = 0.2F,
                      .recurrent_dropout = 0.4F,
                      .residual = true,
                      .coupled_gates = coupled,
                      .layer_normalisation = true,
                      .gate_activation = a},
                     7,
                     3,
                     1.5});
    }
    all.push_back({{.vocabulary = 31,
                    .embedding = 9,
                    .hidden = {19, 40},
                    .dropout = 0.3F,
                    .coupled_gates = true,
                    .layer_normalisation = true,
                    .gate_activation = a},
                   12,  // too many for differences
                   9,
                   0.7});
    all.push_back({{.vocabulary = 7,
                    .embedding = 5,
                    .hidden = {9, 6},
                    .dropout = 0.3F,
                    .coupled_gates = true,
                    .gate_activation = a},
                   11,
                   4,
                   1.5});
    all.push_back({{.vocabulary = 33,
                    .embedding = 10,
                    .features = {{"one", 130, 7}, {"two", 3, 19}},
                    .hidden = {18, 18, 18},
                    .dropout = 0.3F,
                    .recurrent_dropout = 0.1F,
                    .residual = true,
                    .gate_activation = a},
                   11,
                   9,
                   0.4});
  }
  return all;
}

template <class Weights>
void fill(Weights& weights, double scale) {
  Random random(11, RandomStream::kBench);
  for (auto& w : weights) w = static_cast<float>((2 * random.uniform() - 1) * scale);
}

std::vector<Token> tokens(std::size_t count, std::size_t vocabulary, std::uint64_t seed) {
  Random random(seed, RandomStream::kBench);
  std::vector<Token> drawn(count);
  for (Token& t : drawn) t = static_cast<Token>(random.below(vocabulary));
  return drawn;
}

// What the network of a case reads in a window: features, some of them not told, and starts too if
// it has features.
struct Inputs {
  std::vector<Token> characters, features;
  std::vector<std::uint8_t> starts;

  Inputs(const Case& c, std::uint64_t seed)
      : characters(tokens(c.steps * c.batch, c.config.vocabulary, seed)) {
    for (const FeatureConfig& feature : c.config.features) {
      const auto drawn = tokens(characters.size(), feature.values, seed + features.size());
      features.insert(features.end(), drawn.begin(), drawn.end());
    }
    if (features.empty()) return;
    for (std::size_t i = 0; i < features.size(); i += 5) features[i] = kUnknownToken;
    Random random(seed + 77, RandomStream::kBench);
    for (std::size_t i = 0; i < characters.size(); ++i) starts.push_back(random.below(4) == 0);
  }
  [[nodiscard]] WindowInputs view() const { return {characters, features, starts}; }
};

TEST(Network, GradientsEqualTheReferenceForOddSizes) {
  for (const Case& c : cases()) {
    Team team(3);
    Network network(c.config, c.steps, c.batch, team);
    ReferenceNetwork reference(c.config, c.steps, c.batch);
    fill(reference.weights, c.scale);
    std::ranges::copy(reference.weights, network.weights().begin());
    network.weights_changed();
    const std::size_t rows = c.steps * c.batch;
    for (std::uint64_t update = 0; update < 3; ++update) {  // the state is carried
      const Inputs in(c, 2 * update);
      const auto out = tokens(rows, c.config.vocabulary, 2 * update + 1);
      const Dropout dropout{.seed = 5, .update = update, .layer = 0, .rate = c.config.dropout};
      const WindowLoss loss = network.learn(in.view(), out, dropout);
      const double expected = reference.learn(in.view(), out, dropout);
      EXPECT_NEAR(loss.nats / static_cast<double>(rows), expected, 1e-5 * (1 + expected));
      double largest = 0;
      for (const double g : reference.gradients) largest = std::max(largest, std::abs(g));
      expect_all_near(network.gradients(), reference.gradients, 2e-5 * (largest + 1), "gradient");
    }
  }
}

// In bf16 every factor is off by up to 2^-9 of it.
TEST(Network, GradientsInBf16AreNearThoseOfTheReference) {
  for (const Case& c : cases()) {
    if (c.config.gate_activation == GateActivation::kHardSigmoid) continue;  // it has corners
    Team team(2);
    Network network(c.config, c.steps, c.batch, team, Precision::kBf16);
    ReferenceNetwork reference(c.config, c.steps, c.batch);
    fill(reference.weights, c.scale / 2);
    std::ranges::copy(reference.weights, network.weights().begin());
    network.weights_changed();
    const std::size_t rows = c.steps * c.batch;
    const Inputs in(c, 1);
    const auto out = tokens(rows, c.config.vocabulary, 2);
    const Dropout dropout{.seed = 5, .update = 0, .layer = 0, .rate = c.config.dropout};
    const WindowLoss loss = network.learn(in.view(), out, dropout);
    const double expected = reference.learn(in.view(), out, dropout);
    EXPECT_NEAR(loss.nats / static_cast<double>(rows), expected, 0.01 * expected);
    double off = 0, all = 0;
    for (std::size_t i = 0; i < reference.gradients.size(); ++i) {
      const double g = reference.gradients[i];
      off += std::pow(static_cast<double>(network.gradients()[i]) - g, 2);
      all += g * g;
    }
    EXPECT_LT(std::sqrt(off / all), 0.02) << c.config.hidden.size() << " layers";
    EXPECT_GT(off, 0);
  }
}

// Every parameter: the fast network's gradient against the central difference of the loss, computed
// in double precision by the reference.
TEST(Network, GradientsEqualFiniteDifferences) {
  for (const Case& c : cases()) {
    if (c.steps > 11) continue;
    Team team(1);
    Network network(c.config, c.steps, c.batch, team);
    ReferenceNetwork reference(c.config, c.steps, c.batch);
    fill(reference.weights, c.scale);
    std::ranges::copy(reference.weights, network.weights().begin());
    network.weights_changed();
    const std::size_t rows = c.steps * c.batch;
    const Inputs in(c, 1);
    const auto out = tokens(rows, c.config.vocabulary, 2);
    const Dropout dropout{.seed = 5, .update = 9, .layer = 0, .rate = c.config.dropout};
    network.learn(in.view(), out, dropout);
    const std::size_t stride = c.scale > 1 ? 1 : 7;  // all of the small one, a share of the larger
    for (std::size_t i = 0; i < reference.weights.size(); i += stride) {
      constexpr double kStep = 1e-6;
      const double weight = reference.weights[i];
      reference.weights[i] = weight + kStep;
      const double above = reference.loss(in.view(), out, dropout);
      reference.weights[i] = weight - kStep;
      const double below = reference.loss(in.view(), out, dropout);
      reference.weights[i] = weight;
      const double difference = (above - below) / (2 * kStep);
      ASSERT_NEAR(static_cast<double>(network.gradients()[i]), difference,
                  1e-6 + 2e-5 * std::abs(difference))
          << "parameter " << i;
    }
  }
}

struct Learnt {
  std::vector<float> weights;
  double nats = 0;

  bool operator==(const Learnt&) const = default;
};

Learnt learn_a_little(std::size_t threads, Precision precision) {
  const ModelConfig config{.vocabulary = 31,
                           .embedding = 20,
                           .hidden = {24, 37},
                           .dropout = 0.2F,
                           .coupled_gates = true,
                           .layer_normalisation = true};
  Team team(threads);
  Network network(config, 12, 13, team, precision);
  Optimizer optimizer(config, {.clip_norm = 0.5});
  initialize(config, 3, network.weights());
  network.weights_changed();
  Learnt learnt;
  for (std::uint64_t update = 0; update < 4; ++update) {
    learnt.nats += network
                       .learn(tokens(156, 31, update), tokens(156, 31, update + 50),
                              {.seed = 1, .update = update})
                       .nats;
    optimizer.update(0.01, network.gradients(), network.weights(), team);
    network.weights_changed();
  }
  learnt.weights.assign(network.weights().begin(), network.weights().end());
  return learnt;
}

// The bits must not depend on how many threads share the work.
TEST(Network, TheNumberOfThreadsDoesNotChangeABit) {
  for (const Precision precision : {Precision::kSingle, Precision::kBf16}) {
    const Learnt first = learn_a_little(1, precision);
    for (const std::size_t threads : {2, 3, 5, 8}) {
      EXPECT_EQ(learn_a_little(threads, precision), first)
          << threads << " threads, " << name_of(precision);
    }
  }
}

// Nor on whether the CPU has AVX512-BF16.
TEST(Network, InBf16TheInstructionDoesNotChangeABit) {
  const Learnt by_instruction = learn_a_little(2, Precision::kBf16);
  leave_out_pair_tiles(true);
  EXPECT_EQ(learn_a_little(2, Precision::kBf16), by_instruction);
  leave_out_pair_tiles(false);
  EXPECT_NE(learn_a_little(2, Precision::kSingle), by_instruction);
}

// Columns first … first + count − 1 of a matrix with so many.
template <class T>
std::vector<T> columns_of(const std::vector<T>& matrix, std::size_t columns, std::size_t first,
                          std::size_t count) {
  std::vector<T> part;
  for (std::size_t r = 0; r < matrix.size() / columns; ++r) {
    const auto begin = matrix.begin() + static_cast<std::ptrdiff_t>(r * columns + first);
    part.insert(part.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
  }
  return part;
}

// A batch in parts has the masks of dropout that it has as a whole, and the gradients.
TEST(Network, GradientsOfPartsAddUp) {
  constexpr std::size_t kParts = 3;
  for (Case c : cases()) {
    if (c.batch % kParts != 0) continue;
    c.config.recurrent_dropout = 0.2F;
    const std::size_t streams = c.batch / kParts;
    Team team(2);
    Network whole(c.config, c.steps, c.batch, team), part(c.config, c.steps, streams, team);
    for (Network* network : {&whole, &part}) {
      std::span<float> weights = network->weights();
      fill(weights, c.scale);
      network->weights_changed();
    }
    const Inputs in(c, 1);
    const auto out = tokens(c.steps * c.batch, c.config.vocabulary, 2);
    const Dropout dropout{.seed = 5, .update = 9};
    const WindowLoss loss = whole.learn(in.view(), out, dropout);
    WindowLoss sum;
    std::vector<double> gradients(part.gradients().size());
    for (std::size_t first = 0; first < c.batch; first += streams) {
      const auto cut = [&](const auto& m) { return columns_of(m, c.batch, first, streams); };
      const auto characters = cut(in.characters), features = cut(in.features);
      const auto starts = cut(in.starts);
      for (std::size_t l = 0; l < c.config.hidden.size(); ++l) {
        std::ranges::fill(part.hidden_state(l), 0.0F);
        std::ranges::fill(part.cell_state(l), 0.0F);
      }
      Dropout of_part = dropout;
      of_part.part = {.first_stream = first, .streams = c.batch};
      const WindowLoss learnt = part.learn({characters, features, starts}, cut(out), of_part);
      sum.nats += learnt.nats;
      sum.correct += learnt.correct;
      for (std::size_t i = 0; i < gradients.size(); ++i) {
        gradients[i] += static_cast<double>(part.gradients()[i]);
      }
    }
    EXPECT_NEAR(sum.nats, loss.nats, 1e-6 * loss.nats);
    EXPECT_EQ(sum.correct, loss.correct);
    expect_all_near(whole.gradients(), gradients, 1e-5, "gradient");
  }
}

class InEachPrecision : public testing::TestWithParam<Precision> {};
INSTANTIATE_TEST_SUITE_P(Network, InEachPrecision,
                         testing::Values(Precision::kSingle, Precision::kBf16),
                         [](const auto& is) { return std::string(name_of(is.param)); });

TEST_P(InEachPrecision, AnUpdateAllocatesNothing) {
  const ModelConfig config{
      .vocabulary = 31, .embedding = 20, .hidden = {24, 37}, .layer_normalisation = true};
  Team team(2);
  Network network(config, 8, 9, team, GetParam());
  Optimizer optimizer(config, {.clip_norm = 1});
  initialize(config, 3, network.weights());
  const auto in = tokens(72, 31, 1), out = tokens(72, 31, 2);
  std::vector<float> nats(72);
  const std::size_t before = allocations;
  for (std::uint64_t update = 0; update < 3; ++update) {
    network.weights_changed();
    network.learn(in, out, {.seed = 1, .update = update});
    optimizer.update(0.01, network.gradients(), network.weights(), team);
    network.score(in, out, nats);
  }
  EXPECT_EQ(allocations - before, 0U);
}

TEST(Optimizer, LeavesEverythingWhenTheNormIsNotFinite) {
  const ModelConfig config{.vocabulary = 2, .embedding = 1, .hidden = {1}};
  Team team(1);
  Optimizer optimizer(config, {.clip_norm = 1});
  std::vector<float> weights(parameter_layout(config).count, 1.0F);
  std::vector<float> gradients(weights.size(), std::nanf(""));
  const auto norm = optimizer.update(0.1, gradients, weights, team);
  ASSERT_TRUE(norm.has_value());
  EXPECT_FALSE(std::isfinite(*norm));
  EXPECT_EQ(optimizer.updates(), 0U);
  EXPECT_EQ(weights, std::vector<float>(weights.size(), 1.0F));
}

void expect_initialized_as_the_recipe_says(const ModelConfig& config) {
  std::vector<float> weights(parameter_layout(config).count);
  initialize(config, 7, weights);
  for (const TensorSpec& spec : tensor_specs(config)) {
    const auto tensor = std::span(weights).subspan(spec.offset, spec.size());
    const float largest =
        std::abs(*std::ranges::max_element(tensor, {}, [](float w) { return std::abs(w); }));
    if (spec.name == "embedding") {
      EXPECT_LE(largest, 0.05F);
      EXPECT_GT(largest, 0.049F);
    } else if (spec.name.ends_with("recurrent")) {
      for (std::size_t a = 0; a < spec.shape[0]; ++a) {
        for (std::size_t b = 0; b <= a; ++b) {
          double dot = 0;
          for (std::size_t j = 0; j < spec.shape[1]; ++j) {
            dot += static_cast<double>(tensor[a * spec.shape[1] + j]) *
                   static_cast<double>(tensor[b * spec.shape[1] + j]);
          }
          ASSERT_NEAR(dot, a == b ? 1 : 0, 1e-6) << spec.name;
        }
      }
    } else if (spec.shape.size() == 2) {
      const double limit = std::sqrt(6.0 / static_cast<double>(spec.shape[0] + spec.shape[1]));
      EXPECT_LE(static_cast<double>(largest), limit) << spec.name;
      EXPECT_GT(static_cast<double>(largest), 0.99 * limit) << spec.name;
    } else {
      const std::size_t h = spec.size() / config.gates();
      for (std::size_t j = 0; j < spec.size(); ++j) {
        const bool forget = spec.name != "dense.bias" && j / h == config.gates() - 3;
        const bool gain = spec.name.ends_with("gain");
        ASSERT_EQ(tensor[j], forget || gain ? 1.0F : 0.0F) << spec.name;
      }
    }
  }
}

TEST(Initialize, FollowsTheRecipe) {
  expect_initialized_as_the_recipe_says({.vocabulary = 50, .embedding = 64, .hidden = {48, 32}});
  expect_initialized_as_the_recipe_says({.vocabulary = 50,
                                         .embedding = 64,
                                         .hidden = {48, 32},
                                         .coupled_gates = true,
                                         .layer_normalisation = true});
}

TEST(Team, EveryItemOnceAndEveryThreadOnce) {
  for (const std::size_t threads : {1, 2, 7}) {
    Team team(threads);
    for (int round = 0; round < 200; ++round) {
      std::vector<std::atomic<int>> done(50), seen(threads);
      team.for_each(done.size(), [&](std::size_t item, std::size_t) { ++done[item]; });
      team.on_each([&](std::size_t thread) { ++seen[thread]; });
      for (const auto& d : done) ASSERT_EQ(d, 1);
      for (const auto& s : seen) ASSERT_EQ(s, 1);
    }
  }
}

}  // namespace
}  // namespace lilt::nn
