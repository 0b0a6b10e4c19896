// Fields of structs (base/field.h) as JSON, in both directions.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/field.h"
#include "base/nearest.h"

namespace lilt {

// What an error says was expected of a field as JSON: "a list, each a whole number of 1 to 16".
template <class T>
[[nodiscard]] std::string json_expectation(const Field& field) {
  if constexpr (std::same_as<T, bool>) {
    return "true or false";
  } else if constexpr (kIsOptional<T>) {
    return json_expectation<typename T::value_type>(field);
  } else if constexpr (kIsVector<T>) {
    return "a list, each " + json_expectation<typename T::value_type>(field);
  } else {
    return expectation<T>(field);
  }
}

template <class T>
[[nodiscard]] nlohmann::json json_of(const T& value) {
  if constexpr (kIsVector<T>) {
    nlohmann::json list = nlohmann::json::array();
    for (const typename T::value_type& element : value) list.push_back(json_of(element));
    return list;
  } else if constexpr (kIsOptional<T>) {
    return value ? json_of(*value) : nlohmann::json();
  } else if constexpr (Named<T>) {
    return name_of(value);
  } else if constexpr (std::same_as<T, float>) {
    return decimal(value);
  } else {
    return value;
  }
}

// Makes numbers what was typed for them where they are the floats that it became: 0.15.
template <class Json>
void shorten_floats(Json& json) {
  if (json.is_structured()) {
    for (Json& element : json) shorten_floats(element);
  } else if (json.is_number_float()) {
    const auto number = json.template get<double>();
    if (std::abs(number) > std::numeric_limits<float>::max()) return;
    const auto single = static_cast<float>(number);
    if (static_cast<double>(single) == number) json = decimal(single);
  }
}

// One object with a member for each field; an optional value that is absent has none.
template <class Json = nlohmann::json, class Struct>
[[nodiscard]] Json fields_to_json(const Struct& options) {
  Json json = Json::object();
  visit_fields(options, [&](const Field& field, const auto& value) {
    nlohmann::json member = json_of(value);
    if (!member.is_null()) json[std::string(field.name)] = std::move(member);
  });
  return json;
}

// Reads one value, and checks its bounds. Null is an optional value that is absent.
template <class T>
[[nodiscard]] Status read_json(const Field& field, const nlohmann::json& json, T& value) {
  const auto refused = [&] {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    return bad_value(field, json_expectation<T>(field), json.dump(-1, ' ', false, kReplace));
  };
  if constexpr (kIsOptional<T>) {
    if (json.is_null()) return value.reset(), success();
    return read_json(field, json, value.emplace());
  } else if constexpr (kIsVector<T>) {
    if (!json.is_array()) return refused();
    value.clear();
    for (const nlohmann::json& element : json) {
      typename T::value_type one{};
      if (Status s = read_json(field, element, one); !s) return s;
      value.push_back(std::move(one));
    }
    return success();
  } else if constexpr (std::same_as<T, bool>) {
    if (!json.is_boolean()) return refused();
    value = json.get<bool>();
    return success();
  } else if constexpr (std::integral<T>) {
    if (!json.is_number_integer()) return refused();
    const std::optional<T> number = narrowed<T>(*read_whole_number(json.dump()));
    if (!number) return refused();
    value = *number;
    return check_value(field, value);
  } else if constexpr (std::floating_point<T>) {
    if (!json.is_number() || !is_within(field, json.get<double>())) return refused();
    value = json.get<T>();
    return check_value(field, value);
  } else if constexpr (Named<T>) {
    const std::optional<T> found =
        json.is_string() ? value_named<T>(json.get_ref<const std::string&>()) : std::nullopt;
    if (!found) return refused();
    value = *found;
    return success();
  } else {
    if (!json.is_string()) return refused();
    value = json.get<std::string>();
    return success();
  }
}

// Reads the fields that an object has, whatever else it has; other fields stay as they are.
template <class Struct>
[[nodiscard]] Status read_fields(const nlohmann::json& json, Struct& options) {
  Status status = success();
  visit_fields(options, [&](const Field& field, auto& value) {
    const auto found = json.find(field.name);
    if (status && found != json.end()) status = read_json(field, *found, value);
  });
  return status;
}

// Reads the fields that an object has; the others stay as they are in `options`. Refuses members
// that are no field.
template <class Struct>
[[nodiscard]] Result<Struct> fields_from_json(const nlohmann::json& json, Struct options = {}) {
  if (!json.is_object()) return Error{ErrorCode::kOption, "expected a JSON object"};
  const std::vector<std::string> names = field_names<Struct>();
  for (const auto& [key, value] : json.items()) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    return Error{ErrorCode::kOption, "unknown member" + did_you_mean(key, names), {.field = key}};
  }
  if (Status s = read_fields(json, options); !s) return s.error();
  return options;
}

}  // namespace lilt
