// GET /api/options: what can be asked for.
#include <algorithm>
#include <type_traits>

#include "compose/range.h"
#include "compose/request.h"
#include "compose/rhythm.h"
#include "compose/suggestions.h"
#include "score/instrument.h"
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

// The parts of "fiddle, whistle, …".
std::vector<std::string> names_in(std::string list) {
  std::vector<std::string> names;
  for (std::size_t end; (end = list.find(", ")) != std::string::npos; list.erase(0, end + 2)) {
    names.push_back(list.substr(0, end));
  }
  names.push_back(std::move(list));
  return names;
}

Json instruments() {
  Json list = Json::array();
  for (const std::string& name : names_in(score::usual_instruments())) {
    list.push_back({{"name", name}, {"program", *score::find_instrument(name)}});
  }
  return list;
}

Json ranges() {
  Json list = Json::array();
  for (const std::string& name : names_in(compose::suggestions("range"))) {
    const Result<abc::PitchRange> range = compose::parse_range(name);
    list.push_back({{"name", name}, {"low", range->lowest}, {"high", range->highest}});
  }
  return list;
}

Json rhythms() {
  Json list = Json::array();
  for (const std::string& name : names_in(compose::suggestions("rhythm"))) {
    Json rhythm = {{"name", name}};
    if (const auto metre = compose::usual_metre(name)) rhythm["meter"] = metre->to_string();
    list.push_back(std::move(rhythm));
  }
  return list;
}

HttpResponse options_answer(Studio& studio) {
  Json options = {{"version", studio.version},
                  {"models", studio.models.names()},
                  {"fields", request_fields()},
                  {"instruments", instruments()},
                  {"ranges", ranges()},
                  {"rhythms", rhythms()},
                  {"keys", names_in(compose::suggestions("key"))},
                  {"meters", names_in(compose::suggestions("meter"))}};
  if (const auto composer = studio.models.composer(""); composer) {
    options["dialects"] = (*composer)->model().config().text.dialects;
  }
  return json_answer(options);
}

}  // namespace

void add_option_routes(Router& router, Studio& studio) {
  router.add("GET", "/api/options",
             [&studio](const HttpRequest&) { return options_answer(studio); });
}

}  // namespace lilt::studio
