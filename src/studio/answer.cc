#include "studio/answer.h"

#include "model/untrusted_json.h"

namespace lilt::studio {
namespace {

std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

HttpResponse json_answer(const nlohmann::ordered_json& json, int status) {
  return {.status = status, .body = text_of(json) + "\n"};
}

HttpResponse error_answer(int status, std::string_view message, std::string_view field) {
  nlohmann::ordered_json error = {{"message", message}};
  if (!field.empty()) error["field"] = field;
  return json_answer({{"error", error}}, status);
}

HttpResponse error_answer(const Error& error) {
  Error plain = error;
  plain.place.field.clear();  // it is told beside the message
  return error_answer(400, plain.to_string(), error.place.field);
}

Result<nlohmann::json> read_object(const HttpRequest& request) {
  nlohmann::json json = parse_untrusted_json(request.body);
  if (json.is_object()) return json;
  return Error{ErrorCode::kFormat, "expected a JSON object"};
}

}  // namespace lilt::studio
