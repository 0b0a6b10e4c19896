// docs/studio-openapi.json, for tests that hold answers against it.
#pragma once

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "studio/http.h"

namespace lilt::studio {

[[nodiscard]] inline const nlohmann::json& openapi_document() {
  static const nlohmann::json kDocument = nlohmann::json::parse(
      std::ifstream(std::string(LILT_TEST_DATA) + "/../docs/studio-openapi.json"));
  return kDocument;
}

// A schema, or what it refers to.
[[nodiscard]] inline const nlohmann::json& resolved(const nlohmann::json& schema) {
  if (!schema.contains("$ref")) return schema;
  return openapi_document().at(nlohmann::json::json_pointer(std::string(schema["$ref"]).substr(1)));
}

[[nodiscard]] inline bool is_of_type(const nlohmann::json& value, const std::string& type) {
  return (type == "string" && value.is_string()) || (type == "number" && value.is_number()) ||
         (type == "integer" && value.is_number_integer()) ||
         (type == "boolean" && value.is_boolean()) || (type == "array" && value.is_array()) ||
         (type == "object" && value.is_object()) || (type == "null" && value.is_null());
}

// Whether it is of one of the types that a schema tells.
[[nodiscard]] inline bool has_type_of(const nlohmann::json& schema, const nlohmann::json& value) {
  const auto type = schema.find("type");
  if (type == schema.end()) return true;
  if (type->is_string()) return is_of_type(value, *type);
  return std::any_of(type->begin(), type->end(),
                     [&](const nlohmann::json& one) { return is_of_type(value, one); });
}

[[nodiscard]] std::string mistake(const nlohmann::json& value, const nlohmann::json& schema,
                                  const std::string& at);

// Of an object whose members a schema tells, or of what kind they all are.
[[nodiscard]] inline std::string mistake_in_members(const nlohmann::json& value,
                                                    const nlohmann::json& schema,
                                                    const std::string& at) {
  const nlohmann::json none = nlohmann::json::object();
  const nlohmann::json properties = schema.value("properties", none);
  const auto others = schema.find("additionalProperties");
  for (const auto& name : schema.value("required", nlohmann::json::array())) {
    if (!value.contains(name)) return at + ": no " + name.dump();
  }
  for (const auto& [name, member] : value.items()) {
    const bool is_told = properties.contains(name);
    if (!is_told && (others == schema.end() || *others == true)) continue;
    if (!is_told && *others == false) return at + ": undocumented " + name;
    std::string s = mistake(member, is_told ? properties[name] : *others, at + "." + name);
    if (!s.empty()) return s;
  }
  return {};
}

// What is wrong with a value, or "".
[[nodiscard]] inline std::string mistake(const nlohmann::json& value,
                                         const nlohmann::json& schema_or_reference,
                                         const std::string& at) {
  const nlohmann::json& schema = resolved(schema_or_reference);
  if (!has_type_of(schema, value)) {
    return at + ": expected " + schema["type"].dump() + ", found " + value.dump().substr(0, 80);
  }
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
    return at + ": unexpected " + value.dump();
  }
  if (value.is_array() && schema.contains("items")) {
    for (const nlohmann::json& item : value) {
      if (std::string s = mistake(item, schema["items"], at + "[]"); !s.empty()) return s;
    }
  }
  return value.is_object() ? mistake_in_members(value, schema, at) : std::string();
}

// "/api/book/{id}" as routes have it: "/api/book/{}".
[[nodiscard]] inline std::string route_of(std::string path) {
  for (std::size_t at = 0; (at = path.find('{', at)) != std::string::npos; ++at) {
    path.replace(at, path.find('}', at) - at + 1, "{}");
  }
  return path;
}

// What is not documented of an answer of a route, or "".
[[nodiscard]] inline std::string mistake_in_answer(std::string method, const std::string& route,
                                                   const HttpResponse& answer) {
  for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
  for (const auto& [path, methods] : openapi_document()["paths"].items()) {
    if (route_of(path) != route || !methods.contains(method)) continue;
    const nlohmann::json& responses = methods[method]["responses"];
    const std::string status = std::to_string(answer.status), at = method + " " + path;
    if (!responses.contains(status) && answer.status < 400) return at + ": undocumented " + status;
    const nlohmann::json& content =
        responses[responses.contains(status) ? status : "default"]["content"];
    if (answer.content_type != "application/json") return {};  // a file, a stream
    if (!content.contains(answer.content_type)) return at + ": undocumented JSON";
    return mistake(nlohmann::json::parse(answer.body, nullptr, false),
                   content[answer.content_type]["schema"], at);
  }
  return "undocumented: " + method + " " + route;
}

}  // namespace lilt::studio
