// The server and docs/studio-openapi.json say the same.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "compose/request.h"
#include "studio/studio_test.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::json;

constexpr const char* kTune = "X:1\nT:A\nM:4/4\nL:1/8\nK:D\nD8|]\n";

const Json& document() {
  static const Json kDocument =
      Json::parse(std::ifstream(std::string(LILT_TEST_DATA) + "/../docs/studio-openapi.json"));
  return kDocument;
}

const Json& resolved(const Json& schema) {
  if (!schema.contains("$ref")) return schema;
  return document().at(Json::json_pointer(std::string(schema["$ref"]).substr(1)));
}

// What is wrong with a value, or "".
std::string mistake(const Json& value, const Json& schema_or_reference, const std::string& at) {
  const Json& schema = resolved(schema_or_reference);
  const std::string type = schema.value("type", "");
  const bool fits =
      type.empty() || (type == "string" && value.is_string()) ||
      (type == "number" && value.is_number()) || (type == "integer" && value.is_number_integer()) ||
      (type == "boolean" && value.is_boolean()) || (type == "array" && value.is_array()) ||
      (type == "object" && value.is_object());
  if (!fits) return at + ": expected " + type + ", found " + value.dump().substr(0, 80);
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
    return at + ": unexpected " + value.dump();
  }
  if (type == "array" && schema.contains("items")) {
    for (const Json& item : value) {
      if (std::string s = mistake(item, schema["items"], at + "[]"); !s.empty()) return s;
    }
  }
  if (type != "object" || !schema.contains("properties")) return {};
  for (const Json& name : schema["required"]) {
    if (!value.contains(name)) return at + ": no " + name.dump();
  }
  for (const auto& [name, member] : value.items()) {
    if (!schema["properties"].contains(name)) {
      if (schema.contains("additionalProperties")) return at + ": undocumented " + name;
      continue;
    }
    std::string s = mistake(member, schema["properties"][name], at + "." + name);
    if (!s.empty()) return s;
  }
  return {};
}

std::string upper(std::string method) {
  for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
  return method;
}

// Calls visit(method, path, operation) for each.
template <class Visit>
void visit_operations(Visit&& visit) {
  for (const auto& [path, methods] : document()["paths"].items()) {
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
  visit_operations([&](const std::string& method, std::string path, const Json&) {
    for (std::size_t at = 0; (at = path.find('{', at)) != std::string::npos; ++at) {
      path.replace(at, path.find('}', at) - at + 1, "{}");
    }
    documented.insert(method + " " + path);
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
    const Json& content = operation["responses"]["200"]["content"];
    if (!content.contains("application/json")) return;
    EXPECT_EQ(mistake(json_in(answer), content["application/json"]["schema"], path), "");
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
      EXPECT_EQ(mistake(json_in(answer), document()["components"]["schemas"]["Error"], path), "");
      return json_in(answer)["error"].value("field", "");
    };
    EXPECT_EQ(refused_field("surprise", 1), "surprise") << path;
    for (const auto& [name, member] : schema["properties"].items()) {
      const bool is_text = member["type"] == "string";
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

TEST(OpenApi, HasEveryFieldOfARequest) {
  std::set<std::string> documented, there = {"model"};
  for (const auto& [name, schema] :
       document()["components"]["schemas"]["ComposeRequest"]["properties"].items()) {
    documented.insert(name);
  }
  for (const std::string& name : field_names<compose::Request>()) there.insert(name);
  EXPECT_EQ(documented, there);
}

}  // namespace
}  // namespace lilt::studio
