#include "studio/answer.h"

#include <fmt/format.h>

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

// RFC 6266: the name as it is is percent-encoded UTF-8.
HttpResponse file_answer(std::string bytes, std::string_view type, std::string_view name) {
  std::string encoded;
  for (const char c : name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
    encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  HttpResponse answer{.content_type = std::string(type), .body = std::move(bytes)};
  answer.headers.emplace_back("Content-Disposition", "attachment; filename*=UTF-8''" + encoded);
  return answer;
}

Result<nlohmann::json> read_object(const HttpRequest& request) {
  nlohmann::json json = parse_untrusted_json(request.body);
  if (json.is_object()) return json;
  return Error{ErrorCode::kFormat, "expected a JSON object"};
}

}  // namespace lilt::studio
