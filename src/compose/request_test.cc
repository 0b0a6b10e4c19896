#include "compose/request.h"

#include <gtest/gtest.h>

namespace lilt::compose {
namespace {

TEST(Request, IsTheSameBehindItsJson) {
  Request request{.wishes = {.key = "Gdor", .metre = "9/8", .title = "\"One\"", .bars = 12},
                  .given = {.rewrite = "3-4"},
                  .best_of = 5,
                  .seed = 18446744073709551615ULL};
  request.wishes.chords = "on";
  request.sampling.top_p = 0.125;
  const std::string json = to_json(request);
  const Result<Request> read = request_from_json(json);
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(to_json(*read), json);
  EXPECT_EQ(read->wishes.key, "Gdor");
  EXPECT_EQ(read->wishes.chords, "on");
  EXPECT_EQ(read->seed, request.seed);
  EXPECT_EQ(read->sampling.temperature, 1);
}

TEST(Request, OfNothingHasTheDefaults) {
  EXPECT_EQ(to_json(*request_from_json("{}")), to_json(Request()));
}

TEST(Request, RefusesWhatItDoesNotKnowByName) {
  const auto refused = [](std::string_view json) {
    const Result<Request> request = request_from_json(json);
    return request ? "" : request.error().to_string();
  };
  EXPECT_NE(
      refused(R"({"temprature":1})").find("temprature: unknown member; did you mean temperature?"),
      std::string::npos);
  EXPECT_NE(refused(R"({"bars":"many"})").find("bars: expected a whole number"), std::string::npos);
  EXPECT_NE(refused(R"({"number":0})").find("number"), std::string::npos);
  EXPECT_NE(refused(R"({"top_p":0})").find("top_p"), std::string::npos);
  EXPECT_NE(refused(R"([1])"), "");
  EXPECT_NE(refused("what?"), "");
  EXPECT_NE(refused(""), "");
}

TEST(Request, AsksForOneThingOfATune) {
  const auto field = [](const GivenWish& given) {
    const Status status = validate({.given = given});
    return status ? "" : status.error().place.field;
  };
  EXPECT_EQ(field({}), "");
  EXPECT_EQ(field({.tune = "X:1"}), "tune");
  EXPECT_EQ(field({.rewrite = "1"}), "tune");
  EXPECT_EQ(field({.goes_on = true}), "tune");
  EXPECT_EQ(field({.tune = "X:1", .rewrite = "1", .goes_on = true}), "continue");
  EXPECT_EQ(field({.tune = "X:1", .rewrite = "1"}), "");
  EXPECT_EQ(field({.tune = "X:1", .vary = 30}), "");
  EXPECT_EQ(field({.vary = 30}), "tune");
  EXPECT_EQ(field({.tune = "X:1", .rewrite = "1", .vary = 30}), "vary");
  EXPECT_EQ(field({.tune = "X:1", .goes_on = true, .vary = 30}), "vary");
  EXPECT_EQ(field({.tune = "X:1", .vary = 101}), "vary");
}

TEST(Request, RewritesBarsThatAreSaid) {
  const std::string tune = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\nA8|B8|c8|]\n\n";
  const auto plan = [&](const std::string& bars) {
    return plan_for_given({.given = {.tune = tune, .rewrite = bars}}, abc::Alphabet(), {});
  };
  EXPECT_TRUE(plan("2"));
  EXPECT_TRUE(plan("1-3"));
  for (const char* const bars : {"x", "1-", "-2", "1-2-3", "1 - 2", "99999999999"}) {
    EXPECT_EQ(plan(bars).error().place.field, "rewrite") << bars;
  }
}

TEST(Request, StaysInAUsualRangeUnlessItBegins) {
  const abc::Alphabet all;
  EXPECT_EQ(new_tune_of({}, all)->tune.requirements.range.lowest, 55);
  EXPECT_EQ(new_tune_of({.wishes = {.range = "C4-C5"}}, all)->tune.requirements.range.lowest, 60);
  EXPECT_EQ(new_tune_of({.wishes = {.key = "G", .metre = "4/4", .start = "A"}}, all)
                ->tune.requirements.range.lowest,
            0);
}

}  // namespace
}  // namespace lilt::compose
