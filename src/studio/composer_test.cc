#include "studio/composer.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <optional>
#include <vector>

#include "compose/session.h"
#include "composing.h"

namespace lilt::studio {
namespace {

using compose::Progress;
using compose::Request;
using support::ignorant_model;

// Keeps what it is told, for a test that waits for the end.
class Audience : public Listener {
 public:
  explicit Audience(std::size_t most = compose::kMostPieces) : most_(most) {}

  bool take(const compose::Piece& piece) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(ended_);
    texts_.push_back(piece.text);
    changed_.notify_all();
    return texts_.size() < most_;
  }
  void end(const Progress& progress, const std::string& failure) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(ended_);
    ended_ = progress;
    failure_ = failure;
    changed_.notify_all();
  }

  void wait_for_pieces(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return texts_.size() >= count; });
  }
  Progress wait_for_end() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_.has_value(); });
    return *ended_;
  }
  [[nodiscard]] bool is_over() {
    const std::lock_guard lock(mutex_);
    return ended_.has_value();
  }
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
  std::optional<Progress> ended_;
  std::string failure_;
};

Request request(std::uint64_t seed, std::size_t number = 3) {
  return {.wishes = {.bars = 3}, .best_of = 2, .seed = seed, .number = number};
}

Request endless() { return request(1, compose::kMostPieces); }

std::vector<std::string> by_session(const Request& asked) {
  compose::Session session(ignorant_model());
  support::Collector sink;
  EXPECT_TRUE(session.submit(asked, sink));
  while (session.step()) {
  }
  return sink.texts();
}

std::shared_ptr<Audience> asks(Composer& composer, const Request& asked,
                               const std::stop_token& stop = {}, std::size_t most = 1 << 20) {
  auto audience = std::make_shared<Audience>(most);
  composer.submit(asked, audience, stop);
  return audience;
}

TEST(Composer, GivesManyAtOnceThePiecesOfASession) {
  Composer composer(ignorant_model(), {.threads = 2});
  std::vector<std::shared_ptr<Audience>> all;
  for (std::uint64_t seed = 0; seed < 20; ++seed) all.push_back(asks(composer, request(seed)));
  for (std::uint64_t seed = 0; seed < all.size(); ++seed) {
    const Progress progress = all[seed]->wait_for_end();
    EXPECT_EQ(all[seed]->texts(), by_session(request(seed))) << seed;
    EXPECT_EQ(all[seed]->failure(), "");
    EXPECT_EQ(progress.pieces, 3U);
    EXPECT_EQ(progress.drawn, 6U);
  }
  EXPECT_EQ(composer.busy(), 0U);
}

TEST(Composer, ServesOthersBesideOneWhoWantsMuch) {
  Composer composer(ignorant_model(), {.threads = 1});
  const auto much = asks(composer, endless());
  EXPECT_EQ(asks(composer, request(5))->wait_for_end().pieces, 3U);
  EXPECT_FALSE(much->is_over());
}

TEST(Composer, EndsWhenWhoeverAskedIsGone) {
  Composer composer(ignorant_model(), {.threads = 2});
  std::stop_source gone;
  const auto audience = asks(composer, endless(), gone.get_token());
  audience->wait_for_pieces(1);
  gone.request_stop();
  const Progress progress = audience->wait_for_end();
  EXPECT_EQ(progress.pieces, audience->texts().size());
  EXPECT_EQ(audience->failure(), "cancelled");
  EXPECT_EQ(composer.busy(), 0U);

  EXPECT_EQ(asks(composer, endless(), gone.get_token())->wait_for_end().of, compose::kMostPieces);
}

TEST(Composer, EndsWhenTheListenerHasEnough) {
  Composer composer(ignorant_model(), {.threads = 2});
  const auto audience = asks(composer, endless(), {}, 2);
  audience->wait_for_end();
  EXPECT_EQ(audience->texts().size(), 2U);
  EXPECT_EQ(audience->failure(), "cancelled");
}

TEST(Composer, EndsARequestThatTakesTooLong) {
  Composer composer(ignorant_model(), {.threads = 2, .longest = std::chrono::milliseconds(100)});
  const auto begun = std::chrono::steady_clock::now();
  const auto audience = asks(composer, endless());
  const Progress progress = audience->wait_for_end();
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(100));
  EXPECT_LT(progress.pieces, progress.of);
  EXPECT_EQ(audience->failure(), "no such tune was found in two minutes");
  EXPECT_EQ(asks(composer, request(3))->wait_for_end().pieces, 3U);  // and goes on with others
}

TEST(Composer, IsFullWithAsManyAsItTakes) {
  Composer composer(ignorant_model(), {.threads = 1, .most = 2});
  std::stop_source gone;
  const auto first = asks(composer, endless(), gone.get_token());
  EXPECT_FALSE(composer.is_full());
  const auto second = asks(composer, endless());
  EXPECT_TRUE(composer.is_full());
  gone.request_stop();
  first->wait_for_end();
  EXPECT_FALSE(composer.is_full());
}

TEST(Composer, TellsWhatCannotBe) {
  Composer composer(ignorant_model(), {.threads = 1});
  Request asked = request(1);
  asked.report = true;  // of a model that knows no tunes
  const auto audience = asks(composer, asked);
  EXPECT_EQ(audience->wait_for_end().pieces, 0U);
  EXPECT_NE(audience->failure().find("knows the tunes"), std::string::npos);
}

TEST(Composer, TellsThoseUnderWayThatItStops) {
  std::shared_ptr<Audience> audience;
  {
    Composer composer(ignorant_model(), {.threads = 2});
    audience = asks(composer, endless());
    audience->wait_for_pieces(1);
  }
  EXPECT_TRUE(audience->is_over());
  EXPECT_EQ(audience->failure(), "the server stops");
}

}  // namespace
}  // namespace lilt::studio
