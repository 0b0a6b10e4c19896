#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/environment_error.h"
#include "studio/studio_test.h"
#include "studio/tune_card.h"
#include "temporary_folder.h"

namespace lilt::studio {
namespace {

using nlohmann::json;

std::string tune(const std::string& title, const std::string& music = "DEFA d4|]") {
  return "X:1\nT:" + title + "\nR:reel\nM:4/4\nL:1/8\nK:D\n" + music + "\n";
}

class BookRoutes : public testing::Test {
 protected:
  BookRoutes() {
    routes_.studio().book = std::make_unique<SharedBook>(folder_.path() / "tunes.db");
  }

  json get(const std::string& target) { return json_in(routes_.ask("GET", target)); }
  HttpResponse put(const std::string& target, const json& body) {
    return routes_.ask("PUT", target, body.dump());
  }
  json add(const std::string& title, const std::string& music = "DEFA d4|]") {
    return json_in(routes_.post("/api/book", {{"abc", tune(title, music)}}));
  }
  // "400 stars: expected …"
  static std::string refusal(const HttpResponse& answer) {
    const json body = json_in(answer);
    if (!body.contains("error")) return std::to_string(answer.status);
    const json& error = body["error"];
    return std::to_string(answer.status) + " " + error.value("field", "") + ": " +
           error.value("message", "");
  }
  static std::vector<std::int64_t> ids(const json& page) {
    std::vector<std::int64_t> ids;
    for (const json& one : page["tunes"]) ids.push_back(one["id"]);
    return ids;
  }

  support::TemporaryFolder folder_;
  RoutesForTests routes_;
};

using Ids = std::vector<std::int64_t>;

TEST_F(BookRoutes, AddAndFind) {
  const HttpResponse added =
      routes_.post("/api/book", {{"abc", tune("First")},
                                 {"stars", 4},
                                 {"tags", {"b", "a"}},
                                 {"notes", "slow"},
                                 {"request", {{"key", "D"}, {"steps", json::array({1, 2})}}}});
  EXPECT_EQ(added.status, 201);
  const json first = json_in(added);
  EXPECT_EQ(first["id"], 1);
  EXPECT_EQ(first["revision"], 1);
  EXPECT_EQ(first["title"], "First");
  EXPECT_EQ(first["key"], "D");
  EXPECT_EQ(first["meter"], "4/4");
  EXPECT_EQ(first["rhythm"], "reel");
  EXPECT_EQ(first["tags"], (json{"a", "b"}));
  EXPECT_EQ(first["request"]["steps"][1], 2);
  EXPECT_EQ(first["from"], nullptr);
  EXPECT_EQ(get("/api/book/1"), first);
  const json second = json_in(
      routes_.post("/api/book", {{"abc", tune("Second")}, {"from", 1}, {"title", "Other"}}));
  EXPECT_EQ(second["from"], 1);
  EXPECT_EQ(second["title"], "Other");
  EXPECT_EQ(second["abc"], tune("Other"));
  const json page = get("/api/book");
  EXPECT_EQ(page["total"], 2);
  EXPECT_EQ(ids(page), (Ids{2, 1}));
  EXPECT_EQ(get("/api/book/tags")["tags"][0], (json{{"tag", "a"}, {"tunes", 1}}));
}

TEST_F(BookRoutes, Search) {
  add("First");
  add("Second", "GABc d4|]");
  EXPECT_EQ(ids(get("/api/book?words=fir")), Ids{1});
  EXPECT_EQ(ids(get("/api/book?words=reel&sort=title&limit=1&offset=1")), Ids{2});
  EXPECT_EQ(ids(get("/api/book?melody=D%20E%20%5EF%20A")), Ids{1});
  EXPECT_EQ(ids(get("/api/book?stars=1")), Ids{});
  EXPECT_EQ(ids(get("/api/book?tunes=2,7")), Ids{2});
  EXPECT_EQ(get("/api/book?melody=%2B2+%2B2+%2B3&words=first")["mistakes"], false);
  const auto refused = [&](const std::string& query) {
    return refusal(routes_.ask("GET", "/api/book?" + query));
  };
  EXPECT_EQ(refused("stars=6"), "400 stars: expected a whole number of 0 to 5, found 6");
  EXPECT_EQ(refused("sort=size"),
            "400 sort: expected best, new, old, changed, title or stars, found size");
  EXPECT_EQ(refused("word=a"), "400 word: unknown member; did you mean words?");
  EXPECT_EQ(refused("limit=100000").substr(0, 10), "400 limit:");
  EXPECT_EQ(refused("melody=x").substr(0, 11), "400 melody:");
}

TEST_F(BookRoutes, ChangeByRevision) {
  add("First");
  const json changed =
      json_in(put("/api/book/1", {{"revision", 1}, {"stars", 5}, {"title", "Renamed"}}));
  EXPECT_EQ(changed["revision"], 2);
  EXPECT_EQ(changed["stars"], 5);
  EXPECT_EQ(changed["abc"], tune("Renamed"));
  const HttpResponse outdated = put("/api/book/1", {{"revision", 1}, {"abc", tune("Late")}});
  EXPECT_EQ(refusal(outdated), "409 revision: somebody else has changed this tune meanwhile");
  EXPECT_EQ(json_in(outdated)["tune"], changed);
  EXPECT_EQ(refusal(put("/api/book/1", {{"stars", 5}})),
            "400 revision: expected the revision that is changed, found none");
  EXPECT_EQ(refusal(put("/api/book/1", {{"revision", 2}, {"stars", 9}})),
            "400 stars: expected 0 to 5 stars, found 9");
  EXPECT_EQ(refusal(put("/api/book/1", {{"revision", 2}, {"title", "a\nb"}})),
            "400 title: expected a line of at most 300 bytes in UTF-8");
  EXPECT_EQ(refusal(put("/api/book/1", {{"revision", 2}, {"request", 7}})),
            "400 request: expected a JSON object");
  EXPECT_EQ(refusal(put("/api/book/1", {{"revision", 2}, {"colour", 7}})),
            "400 colour: unknown member");
  for (const char* path : {"/api/book/7", "/api/book/0", "/api/book/-1", "/api/book/a",
                           "/api/book/99999999999999999999", "/api/book/1x"}) {
    EXPECT_EQ(put(path, {{"revision", 1}}).status, 404) << path;
    EXPECT_EQ(routes_.ask("GET", path).status, 404) << path;
    EXPECT_EQ(routes_.ask("DELETE", path).status, 404) << path;
  }
  EXPECT_EQ(routes_.ask("PUT", "/api/book/1", "[").status, 400);
}

TEST_F(BookRoutes, UndoAndTakeOut) {
  add("First");
  static_cast<void>(put("/api/book/1", {{"revision", 1}, {"title", "Renamed"}}));
  const json versions = get("/api/book/1/history")["versions"];
  ASSERT_EQ(versions.size(), 1U);
  EXPECT_EQ(versions[0]["abc"], tune("First"));
  EXPECT_EQ(json_in(routes_.post("/api/book/1/restore", {{"revision", 2}, {"to", 1}}))["title"],
            "First");
  EXPECT_EQ(routes_.post("/api/book/1/restore", {{"revision", 2}, {"to", 1}}).status, 409);
  EXPECT_EQ(routes_.ask("DELETE", "/api/book/1?revision=2").status, 409);
  EXPECT_EQ(routes_.ask("DELETE", "/api/book/1?revision=3").status, 200);
  EXPECT_EQ(routes_.ask("DELETE", "/api/book/1").status, 404);
  EXPECT_EQ(get("/api/book")["total"], 0);
  const json back = json_in(routes_.post("/api/book/1/restore", json::object()));
  EXPECT_EQ(back["title"], "First");
  EXPECT_EQ(back["id"], 1);
  EXPECT_EQ(routes_.ask("DELETE", "/api/book/1").status, 200);
  EXPECT_EQ(routes_.post("/api/book/9/restore", json::object()).status, 404);
}

TEST_F(BookRoutes, NearVariants) {
  add("One", "DEFA d2fd|edBA FABd|e2f2 gfed|cABc d4|]");
  add("Two", "DEFA ddfd|edBA FABd|eeff gfge|cABc d4|]");
  const json near = get("/api/book/1/near");
  EXPECT_EQ(ids(near), Ids{2});
  EXPECT_GT(near["tunes"][0]["similarity"], 0.5);
}

TEST_F(BookRoutes, Import) {
  std::string text = tune("A") + "\n" + tune("Long", "DEFA d4 d4|D8|]") + "\n" + tune("A") + "\n";
  for (int i = 0; i < 2000; ++i) text += tune("Tune " + std::to_string(i)) + "\n";
  const json found = json_in(routes_.post("/api/book/import", {{"text", text}, {"tags", {"new"}}}));
  EXPECT_EQ(found["added"], 2001);
  EXPECT_EQ(found["known"], 1);
  EXPECT_EQ(found["refused"], 1);
  EXPECT_EQ(found["ids"].size(), 2001U);
  EXPECT_EQ(found["refusals"][0]["title"], "Long");
  EXPECT_EQ(found["refusals"][0]["mistakes"][0]["code"], "bar-too-long");
  EXPECT_EQ(get("/api/book?tag=new&limit=1")["total"], 2001);
  EXPECT_EQ(refusal(routes_.post("/api/book/import", {{"text", "words"}})),
            "400 : expected tunes in ABC notation, found none");
  EXPECT_EQ(refusal(routes_.post("/api/book/import", {{"text", ""}})),
            "400 : expected tunes in ABC notation, found none");
}

// A body that is read at once.
class Received : public BodyStream {
 public:
  explicit Received(std::string& to, bool& is_whole) : to_(to), is_whole_(is_whole) {}
  bool write(std::string text) override { return to_ += text, true; }
  void finish() override { is_whole_ = true; }

 private:
  std::string& to_;
  bool& is_whole_;
};

TEST_F(BookRoutes, Export) {
  EXPECT_EQ(refusal(routes_.ask("GET", "/api/book/export.abc")),
            "400 : expected a tune, found none");
  add("Second", "GABc d4|]");
  add("First");
  const HttpResponse abc = routes_.ask("GET", "/api/book/export.abc");
  EXPECT_EQ(abc.status, 200);
  EXPECT_EQ(abc.body.substr(0, 12), "X:1\nT:First\n");
  EXPECT_NE(abc.body.find("X:2\nT:Second\n"), std::string::npos);
  EXPECT_EQ(abc.headers[0].second, "attachment; filename*=UTF-8''tunes.abc");

  std::string bytes;
  bool is_whole = false;
  {
    const HttpResponse archive = routes_.ask("GET", "/api/book/export.mid.zip?words=first");
    ASSERT_TRUE(archive.stream);
    EXPECT_EQ(routes_.ask("GET", "/api/book/export.mid.zip").status, 503);  // one at a time
    archive.stream(std::make_shared<Received>(bytes, is_whole));
  }
  EXPECT_TRUE(is_whole);
  EXPECT_EQ(bytes.substr(0, 2), "PK");
  EXPECT_NE(bytes.find("First.mid"), std::string::npos);
  EXPECT_EQ(bytes.find("Second.mid"), std::string::npos);
  EXPECT_EQ(routes_.ask("GET", "/api/book/export.musicxml.zip").status, 200);
  EXPECT_EQ(routes_.ask("GET", "/api/book/export.exe.zip").status, 404);
  EXPECT_EQ(routes_.ask("GET", "/api/book/export.abc?paper=a0").status, 400);
}

TEST_F(BookRoutes, SayWhatIsWrongWithTheFile) {
  folder_.write("words.db", std::string(5000, 'w'));
  routes_.studio().book = std::make_unique<SharedBook>(folder_.path() / "words.db");
  const HttpResponse answer = routes_.ask("GET", "/api/book");
  EXPECT_EQ(answer.status, 500);
  EXPECT_NE(answer.body.find("found a file of another kind"), std::string::npos);
}

TEST(TuneCard, GetsATitle) {
  const auto titled = [](const char* abc) { return *with_title(abc, "New"); };
  EXPECT_EQ(titled("X:1\nT:Old\nT:Second\nK:C\nC|\n"), "X:1\nT:New\nT:Second\nK:C\nC|\n");
  EXPECT_EQ(titled("X:1\nM:4/4\nK:C\nC|\nT:Within\n"), "X:1\nT:New\nM:4/4\nK:C\nC|\nT:Within\n");
  EXPECT_EQ(titled("K:C\nC|"), "T:New\nK:C\nC|");
  EXPECT_EQ(titled(""), "T:New\n");
}

}  // namespace
}  // namespace lilt::studio
