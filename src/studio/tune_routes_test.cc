#include <gtest/gtest.h>

#include "studio/studio_test.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::json;

constexpr const char* kTune =
    "X:1\nT:é𝄞\nM:6/8\nL:1/8\nQ:3/8=60\nK:D\nD|:\"D\"D3 F3|A3 d3:|\nA3 z3|d6|]\n";

TEST(TuneRoutes, ChecksWithPlacesOfUtf16) {
  RoutesForTests routes;
  const Json fine = json_in(routes.post("/api/check", {{"abc", kTune}}));
  EXPECT_EQ(fine["correct"], true);
  const Json wrong =
      json_in(routes.post("/api/check", {{"abc", "X:1\nT:é𝄞\nM:4/4\nL:1/8\nK:D\nD8|D7|D8|]\n"}}));
  EXPECT_EQ(wrong["correct"], false);
  ASSERT_GE(wrong["diagnoses"].size(), 1U);
  const Json& first = wrong["diagnoses"][0];
  EXPECT_EQ(first["line"], 6);
  EXPECT_EQ(first["severity"], "error");
  EXPECT_GE(first["from"], 29);  // é is one unit, 𝄞 two
  EXPECT_LE(first["to"], 32);
}

TEST(TuneRoutes, PlaysNotesBarsAndBeats) {
  RoutesForTests routes;
  const Json played = json_in(routes.post("/api/notes", {{"abc", kTune}}));
  ASSERT_TRUE(played.contains("notes")) << played;
  EXPECT_DOUBLE_EQ(played["tempo"], 60);
  Json melody = Json::array();
  for (const Json& note : played["notes"]) {
    if (note["part"] == "melody") melody.push_back({note["time"], note["pitch"]});
  }
  ASSERT_EQ(melody.size(), 11U);  // the repeat played twice
  EXPECT_EQ(melody[0][1], 62);
  EXPECT_NEAR(melody[1][0], 1.0 / 3, 1e-9);
  EXPECT_NEAR(melody[5][0], 4 + 1.0 / 3, 1e-9);

  const Json& bars = played["bars"];
  ASSERT_EQ(bars.size(), 7U);
  std::vector<int> numbers;
  for (const Json& bar : bars) numbers.push_back(bar["number"]);
  EXPECT_EQ(numbers, (std::vector<int>{0, 1, 2, 1, 2, 3, 4}));
  EXPECT_EQ(bars[0]["whole"], false);
  ASSERT_EQ(played["beats"].size(), 12U);  // none in the pickup
  EXPECT_NEAR(played["beats"][1], 1 + 1.0 / 3, 1e-9);

  const Json faster = json_in(routes.post("/api/notes", {{"abc", kTune}, {"tempo", 120}}));
  EXPECT_NEAR(faster["length"], static_cast<double>(played["length"]) / 2, 1e-9);
}

TEST(TuneRoutes, Transposes) {
  RoutesForTests routes;
  const std::string up =
      json_in(routes.post("/api/transpose", {{"abc", kTune}, {"semitones", 2}}))["abc"];
  EXPECT_NE(up.find("K:E\n"), std::string::npos) << up;
  EXPECT_NE(up.find("\"E\"E3 G3"), std::string::npos) << up;
  const std::string to =
      json_in(routes.post("/api/transpose", {{"abc", kTune}, {"key", "G"}}))["abc"];
  EXPECT_NE(to.find("K:G\n"), std::string::npos) << to;
}

TEST(TuneRoutes, Draws) {
  RoutesForTests routes;
  const Json score = json_in(routes.post("/api/score", {{"abc", kTune}, {"width", 500}}));
  ASSERT_TRUE(score.contains("svg")) << score;
  EXPECT_LE(score["width"], 510);
  ASSERT_EQ(score["notes"].size(), 8U);
  EXPECT_EQ(score["notes"][0]["from"], 35);
  ASSERT_EQ(score["bars"].size(), 5U);
  EXPECT_EQ(score["bars"][1]["number"], 1);
  EXPECT_EQ(score["bars"][1]["rects"].size(), 1U);
  EXPECT_NE(std::string(score["svg"]).find(">D</text>"), std::string::npos);

  EXPECT_NE(std::string(score["svg"]).find("é"), std::string::npos);

  const Json bare = json_in(routes.post(
      "/api/score", {{"abc", kTune}, {"chords", false}, {"title", false}, {"transpose", 2}}));
  EXPECT_EQ(std::string(bare["svg"]).find("é"), std::string::npos);
  EXPECT_EQ(std::string(bare["svg"]).find(">D</text>"), std::string::npos);
  EXPECT_EQ(std::string(bare["svg"]).find(">E</text>"), std::string::npos);
}

TEST(TuneRoutes, Exports) {
  RoutesForTests routes;
  const HttpResponse midi = routes.post("/api/export", {{"abc", kTune}, {"format", "mid"}});
  EXPECT_EQ(midi.status, 200);
  EXPECT_EQ(midi.content_type, "audio/midi");
  EXPECT_EQ(midi.body.substr(0, 4), "MThd");
  ASSERT_EQ(midi.headers.size(), 1U);
  EXPECT_EQ(midi.headers[0].second, "attachment; filename*=UTF-8''%C3%A9%F0%9D%84%9E.mid");
  EXPECT_EQ(routes.post("/api/export", {{"abc", kTune}, {"format", "abc"}}).body, kTune);
}

TEST(TuneRoutes, RefusesByField) {
  RoutesForTests routes;
  const auto field = [&](const char* route, const Json& body) {
    const HttpResponse answer = routes.post(route, body);
    EXPECT_EQ(answer.status, 400) << body;
    return json_in(answer)["error"].value("field", "");
  };
  EXPECT_EQ(field("/api/notes", {{"abc", ""}}), "abc");
  EXPECT_EQ(field("/api/notes", {{"abc", 1}}), "abc");
  EXPECT_EQ(field("/api/notes", {{"abc", "X:1\nK:D\n"}}), "abc");
  EXPECT_EQ(field("/api/notes", {{"abc", std::string(200'000, 'A')}}), "abc");
  EXPECT_EQ(field("/api/notes", {{"abc", kTune}, {"tempo", 1}}), "tempo");
  EXPECT_EQ(field("/api/transpose", {{"abc", kTune}}), "key");
  EXPECT_EQ(field("/api/transpose", {{"abc", kTune}, {"key", "H"}}), "key");
  EXPECT_EQ(field("/api/transpose", {{"abc", kTune}, {"semitones", 99}}), "semitones");
  EXPECT_EQ(field("/api/export", {{"abc", kTune}, {"format", "exe"}}), "format");
  EXPECT_EQ(field("/api/export", {{"abc", kTune}, {"instrument", "vuvuzela"}}), "instrument");
  EXPECT_EQ(field("/api/check", {{"abc", kTune}, {"colour", 1}}), "colour");
  EXPECT_EQ(routes.ask("POST", "/api/check", "[1]").status, 400);
  EXPECT_EQ(routes.ask("POST", "/api/check", "{").status, 400);
  EXPECT_EQ(routes.ask("POST", "/api/check", std::string(1000, '[')).status, 400);
}

}  // namespace
}  // namespace lilt::studio
