#include "compose/series.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "composing.h"

namespace lilt::compose {
namespace {

using support::Collector;
using support::ignorant_model;

Request request(std::size_t i) {
  return {.wishes = {.bars = static_cast<int>(2 + i % 3)}, .seed = 10 + i};
}

std::string alone(const Request& asked) {
  Session session(ignorant_model());
  Collector sink;
  EXPECT_TRUE(session.submit(asked, sink));
  while (session.step()) {
  }
  return sink.pieces.at(0).text;
}

TEST(ComposeSeries, GivesThePiecesOfItsRequestsInOrder) {
  constexpr std::size_t kCount = 70;  // more than are under way at once
  for (const std::size_t threads : {1, 3}) {
    Driver driver(ignorant_model(), threads);
    Collector sink;
    const Result<Progress> progress = compose_series(driver, {.count = kCount}, request, sink);
    ASSERT_TRUE(progress);
    EXPECT_EQ(progress->pieces, kCount);
    EXPECT_EQ(progress->of, kCount);
    EXPECT_EQ(sink.progress.pieces, kCount);
    ASSERT_EQ(sink.pieces.size(), kCount);
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}, kCount - 1}) {
      const Piece& piece = sink.pieces[i];
      std::string expected = alone(request(i));
      expected.replace(0, expected.find('\n'), "X:" + std::to_string(i + 1));
      EXPECT_EQ(piece.text, expected);
      EXPECT_EQ(piece.number, i + 1);
      EXPECT_EQ(piece.seed, 10 + i);
      EXPECT_EQ(piece.tune.field(U'X'), std::to_string(i + 1));
    }
  }
}

TEST(ComposeSeries, EndsAtARequestThatIsRefused) {
  Driver driver(ignorant_model(), 2);
  Collector sink;
  const auto progress = compose_series(
      driver, {.count = 5},
      [](std::size_t i) { return i == 3 ? Request{.wishes = {.key = "H"}} : request(i); }, sink);
  ASSERT_FALSE(progress);
  EXPECT_EQ(progress.error().place.field, "key");
}

TEST(ComposeSeries, EndsWhenTheSinkHasEnoughOrFails) {
  Driver driver(ignorant_model(), 2);
  Collector enough, fails;
  enough.most = 3;
  EXPECT_EQ(compose_series(driver, {.count = 100}, request, enough)->pieces, 3U);
  EXPECT_EQ(enough.pieces.size(), 3U);
  fails.throws = true;
  EXPECT_THROW((void)compose_series(driver, {.count = 100}, request, fails), std::runtime_error);
}

TEST(ComposePieces, GivesWhatIsAskedForOrTunesLikeOthers) {
  Driver driver(ignorant_model(), 2);
  Request asked = request(0);
  asked.number = 3;
  Collector plain, like;
  Likes likes(asked);
  EXPECT_EQ(compose_pieces(driver, asked, likes, plain)->pieces, 3U);
  EXPECT_EQ(plain.pieces[0].text, alone(request(0)));
  asked.wishes.bars.reset();
  likes = likes_of(asked, "X:1\nT:A\nM:3/4\nL:1/8\nK:Em\nG6|A6|G6|\n", ignorant_model(), {});
  EXPECT_EQ(compose_pieces(driver, asked, likes, like)->pieces, 3U);
  for (const Piece& piece : like.pieces) {
    EXPECT_EQ(piece.tune.key.to_string(), "Em");
    EXPECT_EQ(wishes_like(piece.tune).bars, 3);
  }
  asked.first = 2;
  asked.number = 2;
  likes = likes_of(asked, "X:1\nT:A\nM:3/4\nL:1/8\nK:Em\nG6|A6|G6|\n", ignorant_model(), {});
  Collector rest;
  EXPECT_EQ(compose_pieces(driver, asked, likes, rest)->pieces, 2U);
  for (const std::size_t i : {0, 1}) EXPECT_EQ(rest.pieces[i].text, like.pieces[i + 1].text);
  asked.wishes.key = "H";
  EXPECT_FALSE(compose_pieces(driver, asked, Likes(asked), plain));
}

TEST(ComposeSeries, StopsWhenAskedTo) {
  Driver driver(ignorant_model(), 2);
  Collector sink;
  std::stop_source stop;
  std::jthread later([&] { stop.request_stop(); });
  const auto progress =
      compose_series(driver, {.count = kMostPieces}, request, sink, stop.get_token());
  ASSERT_TRUE(progress);
  EXPECT_LT(progress->pieces, kMostPieces);
  EXPECT_EQ(sink.pieces.size(), progress->pieces);
}

}  // namespace
}  // namespace lilt::compose
