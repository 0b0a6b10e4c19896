#include "train/ranks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "base/environment_error.h"
#include "nn/initialize.h"
#include "ranks_of_threads.h"
#include "train/learner.h"

namespace lilt::train {
namespace {

using support::on_ranks;

TEST(Ranks, ShareWhatEachHas) {
  for (const std::size_t size : {1, 2, 3, 5}) {
    on_ranks(size, [&](Ranks& ranks) {
      const std::vector<std::size_t> cuts = even_cuts(13, size);
      std::vector<int> whole(13, -1), expected(13);
      std::iota(expected.begin(), expected.end(), 0);
      for (std::size_t i = cuts[ranks.rank()]; i < cuts[ranks.rank() + 1]; ++i) {
        whole[i] = static_cast<int>(i);
      }
      share(ranks, std::span(whole), cuts);
      EXPECT_EQ(whole, expected);
      EXPECT_EQ(said_by_all(ranks, ranks.rank()).back(), size - 1);
    });
  }
}

TEST(Ranks, AllGetTheFirstError) {
  on_ranks(4, [&](Ranks& ranks) {
    const Status status = together(ranks, [&]() -> Status {
      if (ranks.rank() < 2) return success();
      return Error{ErrorCode::kCorpus, "no tunes " + std::to_string(ranks.rank())};
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kCorpus);
    EXPECT_EQ(status.error().message, ranks.rank() == 2 ? "no tunes 2" : "rank 2: no tunes 2");
    EXPECT_TRUE(together(ranks, [] { return success(); }));
  });
}

TEST(Ranks, AllGetTheFirstFailureOfTheEnvironment) {
  on_ranks(3, [&](Ranks& ranks) {
    const auto step = [&]() -> Status {
      if (ranks.rank() == 1) throw EnvironmentError("a.abc", "cannot be read");
      return success();
    };
    try {
      static_cast<void>(together(ranks, step));
      ADD_FAILURE() << "nothing was thrown";
    } catch (const FailureOfAll& e) {
      EXPECT_EQ(std::string(e.what()), "rank 1: a.abc: cannot be read");
    }
  });
}

// A window of a small network, learnt twice.
struct Learnt {
  std::vector<float> gradients, hidden;
  double nats = 0;

  bool operator==(const Learnt&) const = default;
};

Learnt learnt_by(Ranks& ranks, std::size_t leaves) {
  const ModelConfig config{.vocabulary = 7,
                           .embedding = 5,
                           .hidden = {9, 6},
                           .dropout = 0.2F,
                           .recurrent_dropout = 0.1F};
  Options options;
  options.batch = 24;
  options.window = 5;
  options.leaves = leaves;
  Window window;
  for (std::size_t i = 0; i < options.batch * options.window; ++i) {
    window.inputs.push_back(static_cast<Token>(i * i % 7));
    window.targets.push_back(static_cast<Token>(i * 5 % 7));
    window.starts.push_back(i % 11 == 0 ? 1 : 0);
  }
  nn::Team team(1 + ranks.rank() % 2);
  Learner learner(config, options, team, ranks);
  nn::initialize(config, 3, learner.network().weights());
  learner.network().weights_changed();
  Learnt learnt;
  for (std::uint64_t update = 0; update < 2; ++update) {
    learnt.nats += learner.learn(window, {.seed = 5, .update = update}).nats;
  }
  learnt.gradients.assign(learner.gradients().begin(), learner.gradients().end());
  learner.share_carried();
  learnt.hidden.assign(learner.carried().hidden(1).begin(), learner.carried().hidden(1).end());
  return learnt;
}

TEST(Learner, TheNumberOfRanksDoesNotChangeABit) {
  Alone alone;
  const Learnt whole = learnt_by(alone, 1);
  for (const std::size_t leaves : {1, 2, 3, 4, 6, 8, 12}) {
    const Learnt expected = learnt_by(alone, leaves);
    EXPECT_NEAR(expected.nats, whole.nats, 1e-5);
    EXPECT_NEAR(expected.gradients[3], whole.gradients[3], 1e-6);
    for (std::size_t size = 1; size <= std::min<std::size_t>(leaves, 7); ++size) {
      on_ranks(size, [&](Ranks& ranks) {
        EXPECT_EQ(learnt_by(ranks, leaves), expected) << leaves << " leaves, " << size << " ranks";
      });
    }
  }
}

}  // namespace
}  // namespace lilt::train
