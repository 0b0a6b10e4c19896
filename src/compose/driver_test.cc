#include "compose/driver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "composing.h"

namespace lilt::compose {
namespace {

using support::Collector;
using support::ignorant_model;

Request request(std::uint64_t seed) {
  return {.wishes = {.bars = 3}, .best_of = 3, .seed = seed, .number = 9};
}

std::vector<std::string> by_session(const Request& asked) {
  Session session(ignorant_model());
  Collector sink;
  EXPECT_TRUE(session.submit(asked, sink));
  while (session.step()) {
  }
  return sink.texts();
}

TEST(Driver, GivesThePiecesOfASession) {
  const std::vector<std::string> expected = by_session(request(1));
  for (const std::size_t threads : {1, 2, 4}) {
    Driver driver(ignorant_model(), threads);
    Collector sink;
    const Progress progress = driver.wait(*driver.submit(request(1), sink));
    EXPECT_EQ(sink.texts(), expected) << threads;
    EXPECT_EQ(progress.pieces, 9U);
    EXPECT_EQ(progress.drawn, 27U);
    EXPECT_GT(driver.characters(), 0U);
  }
}

TEST(Driver, ServesSeveralThatAskAtOnce) {
  Driver driver(ignorant_model(), 3);
  std::vector<Collector> sinks(6);
  {
    std::vector<std::jthread> people;
    for (std::size_t i = 0; i < sinks.size(); ++i) {
      people.emplace_back([&, i] { driver.wait(*driver.submit(request(i), sinks[i])); });
    }
  }
  for (std::size_t i = 0; i < sinks.size(); ++i)
    EXPECT_EQ(sinks[i].texts(), by_session(request(i)));
}

TEST(Driver, StopsWhenAskedTo) {
  Driver driver(ignorant_model(), 2);
  Request endless = request(1);
  endless.number = kMostPieces;
  Collector sink;
  const Result<Ticket> ticket = driver.submit(endless, sink);
  std::stop_source stop;
  std::jthread later([&] { stop.request_stop(); });
  const Progress progress = driver.wait(*ticket, stop.get_token());
  EXPECT_LT(progress.pieces, kMostPieces);
  EXPECT_EQ(sink.pieces.size(), progress.pieces);  // and none comes afterwards
}

TEST(Driver, CancelsWithoutLettingOthersWait) {
  Driver driver(ignorant_model(), 2);
  Request endless = request(1);
  endless.number = kMostPieces;
  Collector cancelled, kept;
  const Ticket first = *driver.submit(endless, cancelled);
  const Ticket second = *driver.submit(request(5), kept);
  driver.cancel(first);
  const std::size_t so_far = cancelled.pieces.size();
  driver.wait(second);
  EXPECT_EQ(kept.texts(), by_session(request(5)));
  EXPECT_EQ(cancelled.pieces.size(), so_far);
  EXPECT_EQ(driver.wait(first).pieces, 0U);  // it is forgotten
}

TEST(Driver, EndsWithARequestUnderWay) {
  Collector sink;
  Request endless = request(1);
  endless.number = kMostPieces;
  Driver driver(ignorant_model(), 2);
  EXPECT_TRUE(driver.submit(endless, sink));
}

TEST(Driver, TellsWhenARequestIsOver) {
  Driver driver(ignorant_model(), 2);
  Collector sink, fails;
  fails.throws = true;
  for (Collector* asks : {&sink, &fails}) {
    std::atomic<int> told = 0;
    const Ticket ticket = *driver.submit(request(1), *asks, [&] {
      ++told;
      told.notify_one();
    });
    told.wait(0);
    if (asks == &sink) {
      EXPECT_EQ(driver.wait(ticket).pieces, 9U);
    } else {
      EXPECT_THROW(driver.wait(ticket), std::runtime_error);
    }
    EXPECT_EQ(told, 1);
  }
}

TEST(Driver, DoesNotTellOfWhatIsCancelled) {
  Driver driver(ignorant_model(), 2);
  Request endless = request(1);
  endless.number = kMostPieces;
  Collector cancelled, kept;
  std::atomic<bool> is_told = false;
  driver.cancel(*driver.submit(endless, cancelled, [&] { is_told = true; }));
  driver.wait(*driver.submit(request(5), kept));
  EXPECT_FALSE(is_told);
}

TEST(Driver, ThrowsWhatTheSinkHasThrown) {
  Driver driver(ignorant_model(), 2);
  Collector fails, other;
  fails.throws = true;
  const Ticket ticket = *driver.submit(request(1), fails);
  EXPECT_THROW(driver.wait(ticket), std::runtime_error);
  driver.wait(*driver.submit(request(2), other));
  EXPECT_EQ(other.texts(), by_session(request(2)));
}

}  // namespace
}  // namespace lilt::compose
