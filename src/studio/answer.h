// What routes answer, and how they read what they are asked: JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "model/field_json.h"
#include "studio/http.h"

namespace lilt::studio {

[[nodiscard]] HttpResponse json_answer(const nlohmann::ordered_json& json, int status = 200);

// {"error": {"message": …, "field": …}}: a sentence for people and the member of the request that
// it is about, if any.
[[nodiscard]] HttpResponse error_answer(int status, std::string_view message,
                                        std::string_view field = {});
// 400, of the request's own.
[[nodiscard]] HttpResponse error_answer(const Error& error);

// A file to be saved under that name, UTF-8 (score::safe_file_name()).
[[nodiscard]] HttpResponse file_answer(std::string bytes, std::string_view type,
                                       std::string_view name);

// The JSON object in the body. Errors: no JSON, something else, nested too deeply.
[[nodiscard]] Result<nlohmann::json> read_object(const HttpRequest& request);

// The body's members as the fields of a struct (base/field.h); others are refused by name.
template <class Struct>
[[nodiscard]] Result<Struct> read_fields_of(const HttpRequest& request) {
  const Result<nlohmann::json> json = read_object(request);
  if (!json) return json.error();
  return fields_from_json<Struct>(*json);
}

}  // namespace lilt::studio
