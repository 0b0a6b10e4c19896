// With networks that know nothing: whatever they prefer, all but the chord symbols has to stay.
#include "compose/harmoniser.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "compose/accompaniment.h"
#include "composing.h"

namespace lilt::compose {
namespace {

const char* const kTunes[] = {
    "X:9\nT:Plain\nC:Nobody\nM:4/4\nL:1/8\nK:G\n"
    "GABc d2^c2-|^c2d2 (e2c2|GA)Bc ^d4-|^d4 [Gd]4-|[G^d]8|]\n\n",
    "X: 1\nT:Été, repeats, endings\nR:jig\nM:6/8\nL:1/16\nK:Ador % dorian\nP:AB\nP:A\n"
    "A2|:\"D\"(d2f2a2 a2)f2d2-|d6 (.e2\"^up\"f2g2|\"Gm7-5\"g2\"G\"e2c2) ~e4A2|A6- A4e2|1 d6 d6:|\n"
    "|2 d6 d4||\nw:la la\n|:g2-|{a}g2b2a2 (a2g2f2|e2)d2c2 ^d4e2|f6- f6|g2e2c2 d4:|\n\n",
    "X:1\nT:Changes\nM:3/4\nL:1/4\nK:F#m\n(3A/B/c/ d>\"Am\"e|[K:D]f {g}f e|\nM:4/4\n"
    "\"A7\"[ce]2 z2|d4:|\n\n",
};

std::vector<Piece> harmonised(const std::string& tune, const Model& model, std::size_t number) {
  Session session(model, 2);
  support::Collector sink;
  Request request{.number = number};
  request.given = {.tune = tune, .harmonise = true};
  const Result<Ticket> ticket = session.submit(request, sink);
  EXPECT_TRUE(ticket) << (ticket ? "" : ticket.error().to_string());
  while (session.step()) {
  }
  return sink.pieces;
}

Model model_in_c() {
  ModelContents model = support::random_composer(3);
  model.config.text.in_c = true;
  return support::opened(model);
}

std::vector<Model> models() {
  return {support::ignorant_model(), support::stubborn_model(2), model_in_c()};
}

TEST(Harmoniser, KeepsAllButChordSymbols) {
  for (const Model& model : models()) {
    for (const std::string tune : kTunes) {
      const std::vector<Piece> pieces = harmonised(tune, model, 1);
      ASSERT_EQ(pieces.size(), 1U);
      const std::string& text = pieces[0].text;
      EXPECT_TRUE(abc::read_tune(text).is_correct()) << text;
      EXPECT_EQ(without_chord_symbols(text), without_chord_symbols(tune)) << text;
      EXPECT_TRUE(begins_bars_with_symbols(text)) << text;
    }
  }
}

TEST(Harmoniser, FindsTheSameAgainAndOthersBehindIt) {
  const std::vector<Piece> once = harmonised(kTunes[0], support::ignorant_model(), 1);
  const std::vector<Piece> several = harmonised(kTunes[0], support::ignorant_model(), 4);
  ASSERT_EQ(several.size(), 4U);
  EXPECT_EQ(several[0].text, once[0].text);
  std::set<std::string> found;
  for (const Piece& piece : several) {
    EXPECT_TRUE(piece.text.starts_with("X:" + std::to_string(8 + piece.number) + "\n"));
    found.insert(piece.text.substr(piece.text.find('\n')));
    EXPECT_GE(piece.bits_per_note, once[0].bits_per_note);
  }
  EXPECT_EQ(found.size(), 4U);
}

TEST(Harmoniser, SaysWhatCannotBe) {
  const auto field = [](Request request) {
    request.given.harmonise = true;
    const Status status = check(request, support::ignorant_model());
    return status ? std::string() : status.error().place.field;
  };
  const std::string tune = kTunes[0];
  EXPECT_EQ(field({.given = {.tune = tune}}), "");
  EXPECT_EQ(field({}), "tune");
  EXPECT_EQ(field({.given = {.tune = "X:1\nT:a\nM:4/4\nK:C\n"}}), "tune");
  EXPECT_EQ(field({.given = {.tune = tune, .rewrite = "1"}}), "harmonise");
  EXPECT_EQ(field({.given = {.tune = tune, .goes_on = true}}), "harmonise");
  EXPECT_EQ(field({.wishes = {.bars = 8}, .given = {.tune = tune}}), "bars");
  EXPECT_EQ(field({.wishes = {.key = "D"}, .given = {.tune = tune}}), "key");
  EXPECT_EQ(field({.given = {.tune = tune}, .best_of = 2}), "best_of");
  EXPECT_EQ(field({.given = {.tune = tune}, .newer_than = 50}), "novel");
  EXPECT_EQ(field({.given = {.tune = tune}, .number = 9}), "number");
}

}  // namespace
}  // namespace lilt::compose
