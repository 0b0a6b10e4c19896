#include "compose/commission.h"

#include <gtest/gtest.h>

#include "composing.h"

namespace lilt::compose {
namespace {

using support::Collector;
using support::ignorant_model;

Draft draft(std::size_t candidate, double bits, double typicality) {
  return {.candidate = candidate,
          .text = std::to_string(candidate),
          .bits_per_note = bits,
          .typicality = typicality};
}

TEST(BestOf, HasTheLeastSumOfItsRanks) {
  // Ranks in bits and typicality: 2 + 0, 0 + 2, 1 + 1, 3 + 3.
  std::vector<Draft> drafts = {draft(0, 3, -1), draft(1, 1, -3), draft(2, 2, -2), draft(3, 4, -4)};
  EXPECT_EQ(best_of(drafts).candidate, 0U);  // the first of equals
  drafts[0].bits_per_note = 3.5;
  drafts[3].bits_per_note = 3.2;
  EXPECT_EQ(best_of(drafts).candidate, 1U);
  drafts[2].typicality = -0.5;
  EXPECT_EQ(best_of(drafts).candidate, 2U);
}

TEST(BestOf, DoesNotDependOnTheirOrder) {
  const std::vector<Draft> drafts = {draft(2, 2, 0), draft(0, 2, 0), draft(1, 2, 0)};
  EXPECT_EQ(best_of(drafts).candidate, 0U);
}

std::shared_ptr<Commission> commission_of(const Request& request) {
  Result<std::shared_ptr<Commission>> made = Commission::of(ignorant_model(), request);
  EXPECT_TRUE(made) << made.error().to_string();
  return *made;
}

TEST(Commission, GivesPiecesInTheirOrderWheneverTheirDraftsCome) {
  const auto commission = commission_of({.best_of = 2, .seed = 7, .number = 3});
  std::vector<Order> orders;
  while (const std::optional<Order> order = commission->next()) orders.push_back(*order);
  ASSERT_EQ(orders.size(), 6U);
  EXPECT_EQ(commission->left(), 0U);
  Collector sink;
  for (const std::size_t i : {5, 2, 3, 4, 1}) {
    commission->take(orders[i], draft(orders[i].candidate, static_cast<double>(i), 0), sink);
    EXPECT_TRUE(sink.pieces.empty());
    EXPECT_FALSE(commission->is_over());
  }
  commission->take(orders[0], draft(0, 0, 0), sink);
  ASSERT_EQ(sink.pieces.size(), 3U);
  EXPECT_TRUE(commission->is_over());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(sink.pieces[i].number, i + 1);
    EXPECT_EQ(sink.pieces[i].seed, 7 + i);
    EXPECT_EQ(sink.pieces[i].drawn, 2U);
    EXPECT_EQ(sink.pieces[i].text, "0");  // the candidate with the fewer bits
  }
  EXPECT_EQ(sink.progress.drawn, 6U);
}

TEST(Commission, LetsFewPiecesWaitForOneThatTakesLong) {
  const auto commission = commission_of({.best_of = 2, .first = 5, .number = kMostPieces});
  std::vector<Order> orders;
  while (const std::optional<Order> order = commission->next()) orders.push_back(*order);
  ASSERT_EQ(orders.size(), 2 * kMostAhead);
  EXPECT_EQ(orders[0].piece, 5U);
  Collector sink;
  commission->take(orders[2], draft(0, 1, 0), sink);
  commission->take(orders[3], draft(1, 1, 0), sink);
  EXPECT_EQ(commission->left(), 0U);
  commission->take(orders[0], draft(0, 1, 0), sink);
  commission->take(orders[1], draft(1, 1, 0), sink);
  ASSERT_EQ(sink.pieces.size(), 2U);
  EXPECT_EQ(sink.pieces[1].number, 6U);
  EXPECT_EQ(commission->left(), 4U);
}

TEST(Commission, CountsWhatWasRefusedToo) {
  const auto commission = commission_of({.best_of = 2});
  const Order first = *commission->next(), second = *commission->next();
  Collector sink;
  Draft often = draft(1, 1, 0);
  often.drawn = 3;
  commission->take(second, often, sink);
  commission->take(first, draft(0, 2, 0), sink);
  EXPECT_EQ(sink.pieces[0].drawn, 4U);
  EXPECT_EQ(sink.progress.drawn, 4U);
}

TEST(Commission, ThatIsCancelledHasNothingMore) {
  const auto commission = commission_of({.number = 5});
  const Order order = *commission->next();
  commission->cancel();
  EXPECT_EQ(commission->left(), 0U);
  EXPECT_FALSE(commission->next());
  EXPECT_TRUE(commission->is_over());
  Collector sink;
  commission->take(order, draft(0, 1, 0), sink);
  EXPECT_TRUE(sink.pieces.empty());
}

constexpr const char* kGiven = "X:3\nT:Given\nC:Me\nM:4/4\nL:1/8\nK:G\nABcd efga|g8|]\n\n";

TEST(Commission, WhatIsWrittenAnewIsNew) {
  const auto commission = commission_of({.given = {.tune = kGiven, .rewrite = "1"}});
  const std::shared_ptr<const Plan> plan = commission->plan({});
  const std::string original = std::get<Rewriting>(plan->kind).original;
  EXPECT_FALSE(commission->accept({}, {.plan = plan, .text = original}));
  EXPECT_TRUE(commission->accept(
      {}, {.plan = plan, .text = original, .drawn = 1000}));  // there is no other
  const auto accepted =
      commission->accept({.piece = 5}, {.plan = plan,
                                        .text = "X:1\nT:Given\nM:4/4\nL:1/8\nK:G\nA8|g8|]\n\n",
                                        .bits = 6,
                                        .notes = 2});
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->text, "X:7\nT:Given\nC:Me\nM:4/4\nL:1/8\nK:G\nA8|g8|]\n\n");
  EXPECT_EQ(accepted->bits_per_note, 3);
}

TEST(EndsAsPlanned, OnThePlannedNoteAtLeastAsLongOverItsChord) {
  const auto plan = std::make_shared<Plan>();
  plan->outline.emplace();
  plan->outline->bars.resize(2);
  const auto ends = [&](const char* music) {
    const std::string text = std::string("X:1\nT:a\nM:4/4\nL:1/8\nK:C\n") + music;
    return ends_as_planned({.plan = plan, .text = text});
  };
  EXPECT_TRUE(ends("c8|d7 e|]\n\n"));  // no note was planned
  plan->outline->bars[1] = {.rest_degree = 0, .rest_length = 1};
  EXPECT_TRUE(ends("c8|d6 c2|]\n\n"));
  EXPECT_TRUE(ends("c8|c8|]\n\n"));
  EXPECT_FALSE(ends("c8|d7 c|]\n\n"));
  EXPECT_FALSE(ends("c8|d6 e2|]\n\n"));
  EXPECT_TRUE(ends("\"F\"c8|\"C7\"c8|]\n\n"));
  EXPECT_FALSE(ends("\"C\"c8|\"F\"c8|]\n\n"));
  plan->outline->bars[1].rest_degree = 7;
  EXPECT_TRUE(ends("\"C\"c8|\"G\"g8|]\n\n"));
}

TEST(Commission, TellsOfAModelThatHasHardlyLearntAnything) {
  const auto remarks = [](const std::string& provenance) {
    ModelContents contents = support::random_composer(1);
    contents.provenance = provenance;
    return (*Commission::of(support::opened(contents), {}))->plan({})->remarks;
  };
  ASSERT_EQ(remarks(R"({"loss": 2.5})").size(), 1U);
  EXPECT_NE(remarks(R"({"loss": 2.5})")[0].find("hardly learnt anything (3.6 bits per character"),
            std::string::npos);
  EXPECT_EQ(remarks(R"({"best": {"valid_bits_per_character": 1e9}, "loss": 1})").size(), 1U);
  for (const char* good : {"{}", R"({"loss": 1})", R"({"loss": "high", "best": []})",
                           R"({"best": {"valid_bits_per_character": 1.1}, "loss": 2.5})"}) {
    EXPECT_TRUE(remarks(good).empty()) << good;
  }
}

TEST(Candidates, AreOneUnlessBarsAreWrittenAnew) {
  EXPECT_EQ(candidates({}), 1U);
  EXPECT_EQ(candidates({.given = {.rewrite = "1"}}), 8U);
  EXPECT_EQ(candidates({.given = {.rewrite = "1"}, .best_of = 3}), 3U);
}

TEST(Finished, HasItsNumberAndWhereItComesFrom) {
  Plan plan;
  EXPECT_EQ(finished("X:1\nT:a\nR:jig\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n", plan, 12, 3),
            "X:12\nT:a\nZ:Lilt, seed 3\nR:jig\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n");
  plan.kind = NewTune{{{{'C', "Nobody"}, {'Z', "Somebody"}}}};
  EXPECT_EQ(finished("X:1\nT:a\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n", plan, 1, 4),
            "X:1\nT:a\nC:Nobody\nZ:Somebody\nZ:Lilt, seed 4\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n");
}

}  // namespace
}  // namespace lilt::compose
