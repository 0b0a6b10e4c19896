// GET /api/options: what can be asked for.
#include <algorithm>
#include <type_traits>

#include "compose/range.h"
#include "compose/request.h"
#include "studio/answer.h"
#include "studio/studio.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
std::string kind_of() {
  if constexpr (kIsOptional<T>) {
    return kind_of<typename T::value_type>();
  } else if constexpr (kIsVector<T>) {
    return "list";
  } else if constexpr (std::same_as<T, bool>) {
    return "boolean";
  } else if constexpr (std::integral<T>) {
    return "integer";
  } else if constexpr (std::floating_point<T>) {
    return "number";
  } else {
    return "text";
  }
}

template <class T>
Json json_of_field(const Field& field, const T& value) {
  Json json = {
      {"name", field.name}, {"help", field.help}, {"group", field.group}, {"kind", kind_of<T>()}};
  if (!field.value.empty()) json["value"] = field.value;
  json["default"] = json_of(value);
  if (field.least) json["least"] = *field.least;
  if (field.above) json["above"] = *field.above;
  if (field.most) json["most"] = *field.most;
  if (field.below) json["below"] = *field.below;
  return json;
}

Json request_fields() {
  Json fields = Json::array();
  const compose::Request usual;
  visit_fields(usual, [&](const Field& field, const auto& value) {
    fields.push_back(json_of_field(field, value));
  });
  return fields;
}

}  // namespace

void add_option_routes(Router& router, Studio& studio) {
  router.add("GET", "/api/options", [&studio](const HttpRequest&) {
    return json_answer({{"version", studio.version},
                        {"models", studio.models.names()},
                        {"fields", request_fields()},
                        {"instruments", compose::instruments()}});
  });
}

}  // namespace lilt::studio
