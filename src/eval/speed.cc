#include "eval/speed.h"

#include <span>
#include <vector>

#include "base/random.h"
#include "base/timing.h"
#include "infer/engine.h"

namespace lilt::eval {
namespace {

Token random_token(Random& random, std::size_t values) {
  return static_cast<Token>(random.below(values));
}

}  // namespace

double microseconds_per_step(const infer::Weights& weights) {
  constexpr std::size_t kSteps = 600, kWarmUp = 50;
  const ModelConfig& config = weights.config();
  infer::Engine engine(weights, 1);
  Random random(1, RandomStream::kBench);
  std::vector<Token> told(config.features.size());
  std::vector<double> seconds;
  for (std::size_t i = 0; i < kSteps; ++i) {
    const Token token = random_token(random, config.vocabulary);
    for (std::size_t k = 0; k < told.size(); ++k) {
      told[k] = random_token(random, config.features[k].values);
    }
    seconds.push_back(seconds_of([&] { engine.step(std::span(&token, 1), told); }));
  }
  return median({seconds.begin() + kWarmUp, seconds.end()}) * 1e6;
}

}  // namespace lilt::eval
