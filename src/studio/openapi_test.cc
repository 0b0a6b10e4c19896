// The server and docs/studio-openapi.json say the same.
#include <gtest/gtest.h>

#include <set>

#include "compose/request.h"
#include "studio/openapi_document.h"
#include "studio/studio_test.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::json;

constexpr const char* kTune = "X:1\nT:A\nM:4/4\nL:1/8\nK:D\nD8|]\n";

std::string upper(std::string method) {
  for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
  return method;
}

// Calls visit(method, path, operation) for each.
template <class Visit>
void visit_operations(Visit&& visit) {
  for (const auto& [path, methods] : openapi_document()["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) visit(upper(method), path, operation);
  }
}

// The schema of an operation's request where it tells all members; null otherwise.
Json request_schema(const Json& operation) {
  if (!operation.contains("requestBody")) return {};
  const Json& schema = resolved(operation["requestBody"]["content"]["application/json"]["schema"]);
  return schema.contains("additionalProperties") ? schema : Json();
}

TEST(OpenApi, HasEveryRoute) {
  std::set<std::string> documented, there;
  visit_operations([&](const std::string& method, const std::string& path, const Json&) {
    documented.insert(method + " " + route_of(path));
  });
  Studio studio(1, std::filesystem::temp_directory_path() / "lilt-no-such-folder");
  Router router;
  add_routes(router, studio);
  for (const Router::Route& route : router.routes()) there.insert(route.method + " " + route.path);
  EXPECT_EQ(documented, there);
}

TEST(OpenApi, AnswersAreAsDocumented) {
  RoutesForTests routes;
  visit_operations([&](const std::string& method, const std::string& path, const Json& operation) {
    Json body;
    if (operation.contains("requestBody")) {
      const Json& content = operation["requestBody"]["content"]["application/json"];
      if (!content.contains("example")) return;
      body = content["example"];
      EXPECT_EQ(mistake(body, content["schema"], path), "");
    } else if (path != "/api/options") {
      return;
    }
    const HttpResponse answer = routes.ask(method, path, body.dump());
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body.substr(0, 300);
  });
}

TEST(OpenApi, MembersAreCheckedAsDocumented) {
  RoutesForTests routes;
  visit_operations([&](const std::string& method, const std::string& path, const Json& operation) {
    const Json schema = request_schema(operation);
    if (schema.is_null()) return;
    const auto refused_field = [&](const std::string& name, const Json& value) {
      Json body = Json::object();
      if (schema["properties"].contains("abc")) body["abc"] = kTune;
      body[name] = value;
      const HttpResponse answer = routes.ask(method, path, body.dump());
      EXPECT_EQ(answer.status, 400) << path << " " << body;
      return json_in(answer)["error"].value("field", "");
    };
    EXPECT_EQ(refused_field("surprise", 1), "surprise") << path;
    for (const auto& [name, member] : schema["properties"].items()) {
      const bool is_text = resolved(member)["type"] == "string";
      EXPECT_EQ(refused_field(name, is_text ? Json(17) : Json("x")), name) << path;
      if (member.contains("maximum")) {
        EXPECT_EQ(refused_field(name, static_cast<double>(member["maximum"]) + 1), name) << path;
      }
      if (member.contains("minimum")) {
        EXPECT_EQ(refused_field(name, static_cast<double>(member["minimum"]) - 1), name) << path;
      }
    }
  });
}

TEST(OpenApi, WhatIsNotDocumentedIsFound) {
  const auto tells = [](const Json& schema, const Json& value) {
    return mistake(value, schema, "it");
  };
  const Json closed = {{"type", "object"},
                       {"properties", {{"a", {{"type", {"integer", "null"}}}}}},
                       {"required", {"a"}},
                       {"additionalProperties", false}};
  EXPECT_EQ(tells(closed, {{"a", nullptr}}), "");
  EXPECT_EQ(tells(closed, {{"a", "x"}}), R"(it.a: expected ["integer","null"], found "x")");
  EXPECT_EQ(tells(closed, Json::object()), R"(it: no "a")");
  EXPECT_EQ(tells(closed, {{"a", 1}, {"b", 1}}), "it: undocumented b");
  const Json counts = {{"type", "object"}, {"additionalProperties", {{"type", "integer"}}}};
  EXPECT_EQ(tells(counts, {{"jig", 3}}), "");
  EXPECT_EQ(tells(counts, {{"jig", 0.5}}), R"(it.jig: expected "integer", found 0.5)");
  EXPECT_EQ(tells({{"type", "array"}, {"items", closed}}, {{{"a", 1}}, {{"a", true}}}),
            R"(it[].a: expected ["integer","null"], found true)");
  const HttpResponse answer{.status = 200, .headers = {}, .body = "{}", .stream = {}};
  EXPECT_NE(mistake_in_answer("GET", "/api/book/{}", answer), "");
  EXPECT_EQ(mistake_in_answer("GET", "/api/surprise", answer), "undocumented: get /api/surprise");
}

TEST(OpenApi, HasEveryFieldOfARequest) {
  std::set<std::string> documented, there = {"model"};
  for (const auto& [name, schema] :
       openapi_document()["components"]["schemas"]["ComposeRequest"]["properties"].items()) {
    documented.insert(name);
  }
  for (const std::string& name : field_names<compose::Request>()) there.insert(name);
  EXPECT_EQ(documented, there);
}

}  // namespace
}  // namespace lilt::studio
