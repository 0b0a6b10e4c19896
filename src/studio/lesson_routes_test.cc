#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "compose/model.h"
#include "studio/studio_test.h"
#include "tunes.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class LessonRoutesTest : public testing::Test {
 protected:
  LessonRoutesTest() {
    routes_.studio().models.add("tiny", LILT_TEST_DATA "/models/tiny-1.safetensors");
  }
  ~LessonRoutesTest() override {
    Lessons& lessons = routes_.studio().teaching.lessons();
    for (const LessonFolder& lesson : lessons.all()) lessons.remove(lesson);
  }

  // The answer's JSON, which has that status.
  Json told(int status, const std::string& method, const std::string& target,
            const Json& body = {}) {
    const HttpResponse answer = routes_.ask(method, target, body.is_null() ? "" : body.dump());
    EXPECT_EQ(answer.status, status) << target << answer.body;
    return Json::parse(answer.body);
  }
  Json refused(int status, const std::string& target, const Json& body) {
    return told(status, "POST", target, body)["error"];
  }

  void add_collection(const std::string& name, std::size_t count) {
    told(201, "POST", "/api/collections",
         {{"name", name}, {"files", {{{"name", "a.abc"}, {"text", support::jigs(count)}}}}});
  }

  Json wait_for(const std::string& id, const std::string& state) {
    Json lesson;
    for (int i = 0; i < 6000; ++i) {
      lesson = told(200, "GET", "/api/lessons/" + id);
      if (lesson["state"] == state) return lesson;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << lesson;
    return lesson;
  }

  RoutesForTests routes_;
};

TEST_F(LessonRoutesTest, CollectionsComeAndGo) {
  EXPECT_EQ(told(200, "GET", "/api/collections"), Json({{"collections", Json::array()}}));
  add_collection("my jigs", 12);
  const Json list = told(200, "GET", "/api/collections")["collections"];
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0]["name"], "my_jigs");
  EXPECT_EQ(list[0]["tunes"], 12);
  EXPECT_EQ(told(200, "GET", "/api/collections/my_jigs")["rhythms"]["jig"], 12);
  told(404, "GET", "/api/collections/..");
  told(404, "DELETE", "/api/collections/x");
  told(200, "DELETE", "/api/collections/my_jigs");
  told(404, "GET", "/api/collections/my_jigs");
}

TEST_F(LessonRoutesTest, WhatIsNoCollectionIsRefusedAtItsField) {
  const std::string path = "/api/collections";
  const Json file = {{"name", "a.abc"}, {"text", support::jigs(1)}};
  EXPECT_EQ(refused(400, path, {{"files", {file}}})["field"], "name");
  EXPECT_EQ(refused(400, path, {{"name", 7}, {"files", {file}}})["field"], "name");
  EXPECT_EQ(refused(400, path, {{"name", "a"}})["field"], "files");
  EXPECT_EQ(refused(400, path, {{"name", "a"}, {"files", Json::array()}})["field"], "files");
  EXPECT_EQ(refused(400, path, {{"name", "a"}, {"files", {"text"}}})["field"], "files");
  EXPECT_EQ(refused(400, path, {{"name", "a"}, {"files", {{{"text", 1}}}}})["field"], "text");
  EXPECT_EQ(refused(400, path, {{"name", "a"}, {"files", {{{"text", "none"}}}}})["field"], "files");
  refused(400, path, Json::array());
  EXPECT_EQ(refused(400, path, {{"name", "a"}, {"files", {file}}, {"folder", "/"}})["field"],
            "folder");
}

TEST_F(LessonRoutesTest, ALessonIsLearntMeasuredAndGivenAway) {
  add_collection("mine", 40);
  const Json begun =
      told(201, "POST", "/api/lessons",
           {{"name", "My jigs"}, {"collections", {"mine"}}, {"preset", "small"}, {"epochs", 2}});
  EXPECT_EQ(begun["id"], "My_jigs");
  EXPECT_EQ(begun["name"], "My jigs");
  const Json lesson = wait_for("My_jigs", "done");
  EXPECT_EQ(lesson["epochs"].size(), 2U);
  EXPECT_EQ(lesson["samples"].size(), 6U);
  EXPECT_EQ(told(200, "GET", "/api/lessons/My_jigs?after=1")["epochs"].size(), 1U);
  told(400, "GET", "/api/lessons/My_jigs?after=x");
  EXPECT_EQ(told(200, "GET", "/api/lessons")["lessons"].size(), 1U);

  const Json models = told(200, "GET", "/api/models")["models"];
  ASSERT_EQ(models.size(), 2U);
  EXPECT_EQ(models[0]["name"], "tiny");
  EXPECT_EQ(models[0]["lesson"], nullptr);
  EXPECT_EQ(models[1]["name"], "My_jigs");
  EXPECT_EQ(models[1]["lesson"], "My_jigs");
  EXPECT_EQ(models[1]["dialects"], Json({"mine"}));
  EXPECT_TRUE(routes_.studio().models.composer("My_jigs"));

  const Json figures = told(200, "POST", "/api/models/My_jigs/evaluate");
  EXPECT_EQ(figures["model"], "My_jigs");
  EXPECT_EQ(figures["tunes"], 4);
  EXPECT_GT(figures["bits_per_note"], 0);
  EXPECT_EQ(figures["learnt_from"], Json({"mine.abc"}));
  EXPECT_GT(figures["bytes"], 10'000);
  EXPECT_EQ(figures["created"], begun["created"]);
  EXPECT_EQ(figures["tunes_known"], nullptr);
  const Json both = told(200, "POST", "/api/models/My_jigs/compare",
                         {{"collection", "mine"}, {"with", "My_jigs"}});
  ASSERT_EQ(both["models"].size(), 2U);
  EXPECT_EQ(both["models"][1]["bits_per_note_difference"], 0);
  const auto knows_tunes = [&] {
    return told(200, "GET", "/api/models")["models"][1]["knows_tunes"].get<bool>();
  };
  for (int i = 0; i < 6000 && !knows_tunes(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const Json known = told(200, "POST", "/api/models/My_jigs/evaluate", {{"collection", "mine"}});
  EXPECT_EQ(known["tunes"], 40);
  EXPECT_GE(known["tunes_known"], 36);  // all but those that it held out
  EXPECT_EQ(refused(400, "/api/models/My_jigs/compare", {{"with", "none"}})["field"], "with");
  EXPECT_EQ(refused(400, "/api/models/tiny/evaluate", Json::object())["field"], "collection");
  EXPECT_EQ(refused(400, "/api/models/tiny/evaluate", {{"lesson", "none"}})["field"], "lesson");
  refused(404, "/api/models/none/evaluate", Json::object());

  const HttpResponse file = routes_.ask("GET", "/api/models/My_jigs/export");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.headers.at(0).second, "attachment; filename*=UTF-8''My_jigs.safetensors");
  const auto model = compose::Model::open(Bytes::copy_of(std::as_bytes(std::span(file.body))));
  EXPECT_TRUE(model) << model.error().to_string();
  told(404, "GET", "/api/models/none/export");

  told(200, "DELETE", "/api/lessons/My_jigs");
  told(404, "GET", "/api/lessons/My_jigs");
  EXPECT_EQ(told(200, "GET", "/api/models")["models"].size(), 1U);
}

TEST_F(LessonRoutesTest, ALessonIsStoppedAndResumed) {
  add_collection("mine", 40);
  const Json asked = {{"name", "a"},
                      {"collections", {"mine"}},
                      {"preset", "small"},
                      {"epochs", 1000},
                      {"samples", 0}};
  told(201, "POST", "/api/lessons", asked);
  const Json other = refused(409, "/api/lessons", asked);
  EXPECT_EQ(other["field"], "beside");
  wait_for("a", "learning");
  EXPECT_EQ(told(200, "POST", "/api/lessons/a/stop")["state"], "stopping");
  wait_for("a", "stopped");
  EXPECT_EQ(refused(400, "/api/lessons/a/resume", {{"epochs", 0}})["field"], "epochs");
  const Json lesson = told(200, "POST", "/api/lessons/a/resume", Json::object());
  EXPECT_TRUE(lesson["state"] == "starting" || lesson["state"] == "learning") << lesson;
  told(404, "POST", "/api/lessons/b/stop");
}

TEST_F(LessonRoutesTest, WhatCannotBeLearntIsRefusedAtItsField) {
  const auto field = [&](const Json& asked) {
    return refused(400, "/api/lessons", asked)["field"];
  };
  add_collection("mine", 12);
  EXPECT_EQ(field({{"collections", {"mine"}}, {"preset", "small"}}), "name");
  EXPECT_EQ(field({{"name", "a"}, {"preset", "small"}}), "collections");
  EXPECT_EQ(field({{"name", "a"}, {"collections", {"none"}}, {"preset", "small"}}), "collections");
  EXPECT_EQ(field({{"name", "a"}, {"collections", {"mine"}}, {"preset", "huge"}}), "preset");
  EXPECT_EQ(field({{"name", "a"}, {"collections", {"mine"}}, {"from", "none"}}), "from");
  EXPECT_EQ(field({{"name", "a"}, {"collections", {"mine"}}, {"program", "sh"}}), "program");
}

TEST_F(LessonRoutesTest, PresetsSayHowLongTheyTake) {
  add_collection("mine", 12);
  const Json presets = told(200, "GET", "/api/lesson-presets?collections=mine")["presets"];
  ASSERT_EQ(presets.size(), 3U);
  EXPECT_EQ(presets[0]["name"], "further");
  EXPECT_EQ(presets[0]["epochs"], 10);
  EXPECT_GT(presets[0]["characters"], 1000);
  EXPECT_GT(presets[0]["seconds"], 0);
  EXPECT_GT(presets[2]["seconds"], presets[0]["seconds"]);
  told(404, "GET", "/api/lesson-presets?collections=none");
}

// A model of a lesson is not called as one that there is.
TEST_F(LessonRoutesTest, NamesOfModelsStayTheirs) {
  add_collection("mine", 12);
  EXPECT_EQ(
      told(201, "POST", "/api/lessons",
           {{"name", "tiny"}, {"collections", {"mine"}}, {"preset", "small"}, {"epochs", 1}})["id"],
      "tiny-2");
}

}  // namespace
}  // namespace lilt::studio
