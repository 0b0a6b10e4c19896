#include "compose/plan_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "compose/request.h"

namespace lilt::compose {
namespace {

// Endings, a sequence, a bar that returns nearly and one that returns to a far one.
Plan planned() {
  Plan plan;
  plan.sounding = Sounding{*abc::parse_key("Em").key};
  plan.outline = abc::outline_of(
      "X:1\nT:a\nM:2/4\nL:1/8\nK:C\n"
      "|:cdec|defd|cdec|1g4:|2c4||\n|:gagf|gagg|a4|g2f2|e4|cdec|f2f2|defd|c4:|\n");
  return plan;
}

TEST(PlanJson, IsTheSameOutlineWhenReadAgain) {
  const Plan plan = planned();
  const std::string json = plan_to_json(plan).dump();
  const Result<Form> form = parse_form(json, 0);
  ASSERT_TRUE(form) << form.error().to_string() << json;
  EXPECT_EQ(form->key, "Em");
  EXPECT_EQ(form->metre, "2/4");
  EXPECT_EQ(form->outline.sections, plan.outline->sections) << json;
  EXPECT_EQ(form->outline.bars, plan.outline->bars) << json;
}

TEST(PlanJson, IsTakenByARequest) {
  const std::string plan = plan_to_json(planned()).dump();
  const Result<Request> request = request_from_json("{\"form\": " + plan + "}");
  ASSERT_TRUE(request) << request.error().to_string();
  const Result<NewTuneWishes> wishes = new_tune_of(*request, {});
  ASSERT_TRUE(wishes) << wishes.error().to_string();
  EXPECT_EQ(wishes->all.key, "Em");
  EXPECT_EQ(wishes->all.metre, "2/4");
  EXPECT_EQ(wishes->tune.outline.bars, planned().outline->bars);
  Request other = *request;
  other.wishes.key = "Am";
  EXPECT_EQ(new_tune_of(other, {})->all.key, "Am");
  other.wishes.bars = 3;
  EXPECT_EQ(new_tune_of(other, {}).error().place.field, "bars");
}

TEST(PlanJson, SaysWhatIsWrongWhere) {
  const auto message = [](const std::string& json) {
    const Result<Form> form = parse_form(json, 0);
    EXPECT_FALSE(form) << json;
    EXPECT_EQ(form ? "" : form.error().place.field, "form");
    return form ? "" : form.error().message;
  };
  EXPECT_EQ(message("{"), "expected a plan as JSON, found other text");
  EXPECT_EQ(message("{}"), "sections: expected 1 to 64 of them, found \"null\"");
  EXPECT_EQ(message(R"({"sections":[{"bars":0}]})"),
            "section 1, bars: expected 1 to 1000, found \"0\"");
  EXPECT_TRUE(message(R"({"sections":[{"bars":4},{"bars":4,"endings":[1,1]}]})")
                  .starts_with("section 2, endings: expected"));
  EXPECT_TRUE(message(R"({"sections":[{"bars":4,"repeated":true,"endings":[4,1]}]})")
                  .starts_with("section 1, endings: expected 1 to 3"));
  EXPECT_TRUE(message(R"({"sections":[{"bar":4}]})").starts_with("section 1: expected no members"));
  const auto of_bars = [&](const std::string& bars) {
    return message(R"({"sections":[{"bars":4}],"bars":)" + bars + "}");
  };
  EXPECT_TRUE(of_bars("[{},{},{},{},{}]").starts_with("bars: expected at most the 4"));
  EXPECT_TRUE(of_bars(R"([{"returns":"exact","to":1}])").starts_with("bar 1, to: expected"));
  EXPECT_TRUE(of_bars(R"([{},{"returns":"twice","to":1}])").starts_with("bar 2: expected new,"));
  EXPECT_TRUE(of_bars(R"([{},{},{},{"returns":"near","to":1}])").starts_with("bar 4: expected a"));
  EXPECT_TRUE(of_bars(R"([{"rest":[12,0]}])").starts_with("bar 1, rest: expected 0 to 11"));
  EXPECT_TRUE(of_bars(R"([{"height":0}])").starts_with("bar 1, height: expected 1 to 19"));
  EXPECT_TRUE(of_bars(R"([7])").starts_with("bar 1: expected an object"));
  EXPECT_TRUE(of_bars(R"([{},{"returns":"sequence","to":1,"shift":7}])")
                  .starts_with("bar 2, shift: expected -6 to 6"));
}

TEST(PlanJson, OfNothingPlannedIsNull) { EXPECT_TRUE(plan_to_json(Plan()).is_null()); }

}  // namespace
}  // namespace lilt::compose
