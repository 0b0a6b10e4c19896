// The fields of a struct of options, each declared once for everybody who has to know them: JSON,
// the command line, checks, the record of a run, pages.
//
// Beside the struct stands a function that visits its fields:
//
//   template <FieldsOf<Request> R, class Visit>
//   void visit_fields(R& r, Visit&& visit) {
//     visit(Field{.name = "temperature", .help = "Below 1 more cautious", .least = 0},
//     r.temperature); …
//   }
//
// A value is a bool, a whole number, a float, a double, a text, an enumeration with names_of()
// (base/names.h), an optional one of these or a vector of them. What a field is unless told
// otherwise is what the struct holds that is made without arguments.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/names.h"
#include "base/result.h"

namespace lilt {

struct Field {
  std::string_view name;        // as in JSON; the command line makes "--top-k" of "top_k"
  std::string_view help;        // for people, without bounds and default
  std::string_view group = {};  // under which heading help shows it
  std::string_view value = {};  // what help calls the value, such as KEY; nothing: by its kind
  // Bounds of a number, or of each number of a vector. `above` and `below` are excluded themselves.
  std::optional<double> least = {}, above = {}, most = {}, below = {};
};

// Whether T is Struct, const or not.
template <class T, class Struct>
concept FieldsOf = std::same_as<std::remove_const_t<T>, Struct>;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;

template <class T>
concept WholeNumber = std::integral<T> && !std::same_as<T, bool>;

// "of 1 to 16", "of at least 0 and less than 1", "of more than 0", or nothing.
[[nodiscard]] std::string bounds_text(const Field& field);

// "field: expected WHAT, found FOUND".
[[nodiscard]] Error bad_value(const Field& field, const std::string& what, std::string_view found);

// Whether a number is finite and within the bounds.
[[nodiscard]] bool is_within(const Field& field, double number);

// The shortest decimal text that is read back as the same number.
[[nodiscard]] std::string number_text(double number);
[[nodiscard]] std::string number_text(float number);
// The number that this text of a float means: 0.15, where the float itself is 0.150000006.
[[nodiscard]] double decimal(float number);

// A whole number as it was typed: digits, perhaps after a minus sign.
struct TypedWholeNumber {
  bool is_negative = false;
  std::uint64_t magnitude = 0;
  bool is_too_large = false;  // for `magnitude`
};
[[nodiscard]] std::optional<TypedWholeNumber> read_whole_number(std::string_view text);
// A decimal number such as -1.5e-7, nothing before or after it.
[[nodiscard]] std::optional<double> read_number(std::string_view text);

// The parts of "a,b,c".
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

// The value as a person would type it: 0.95, on, cosine; 256,256.
template <class T>
[[nodiscard]] std::string value_text(const T& value) {
  if constexpr (std::same_as<T, bool>) {
    return value ? "on" : "off";
  } else if constexpr (std::integral<T>) {
    return std::to_string(value);
  } else if constexpr (std::floating_point<T>) {
    return number_text(value);
  } else if constexpr (Named<T>) {
    return std::string(name_of(value));
  } else if constexpr (kIsOptional<T>) {
    return value ? value_text(*value) : "";
  } else if constexpr (kIsVector<T>) {
    std::string text;
    for (const auto& element : value) text += (text.empty() ? "" : ",") + value_text(element);
    return text;
  } else {
    return value;
  }
}

// What an error says was expected of one value: "a whole number of 1 to 16", "sigmoid or tanh".
template <class T>
[[nodiscard]] std::string expectation(const Field& field) {
  if constexpr (std::same_as<T, bool>) {
    return "on or off";
  } else if constexpr (Named<T>) {
    return alternatives<T>();
  } else if constexpr (std::integral<T> || std::floating_point<T>) {
    Field bounded = field;
    if (std::unsigned_integral<T> && !field.least && !field.above) bounded.least = 0;
    const std::string bounds = bounds_text(bounded);
    return std::string(std::integral<T> ? "a whole number" : "a number") +
           (bounds.empty() ? "" : " " + bounds);
  } else if constexpr (kIsOptional<T> || kIsVector<T>) {
    return expectation<typename T::value_type>(field);
  } else {
    return "a text";
  }
}

// Refuses a number that is not finite or out of bounds, naming the field.
template <class T>
[[nodiscard]] Status check_value(const Field& field, const T& value) {
  if constexpr (kIsOptional<T>) {
    if (value) return check_value(field, *value);
  } else if constexpr (kIsVector<T>) {
    for (const typename T::value_type& element : value) {
      if (Status s = check_value(field, element); !s) return s;
    }
  } else if constexpr (WholeNumber<T> || std::floating_point<T>) {
    if (!is_within(field, static_cast<double>(value))) {
      return bad_value(field, expectation<T>(field), value_text(value));
    }
  }
  return success();
}

template <WholeNumber T>
[[nodiscard]] std::optional<T> narrowed(const TypedWholeNumber& number) {
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  const std::uint64_t limit = !number.is_negative ? most : std::unsigned_integral<T> ? 0 : most + 1;
  if (number.is_too_large || number.magnitude > limit) return {};
  return static_cast<T>(number.is_negative ? 0 - number.magnitude : number.magnitude);
}

// read_value() of a number.
template <class T>
[[nodiscard]] Result<T> read_number_value(const Field& field, std::string_view text, T example) {
  std::optional<T> number;
  bool is_number = false;
  if constexpr (std::integral<T>) {
    const std::optional<TypedWholeNumber> typed = read_whole_number(text);
    is_number = typed.has_value();
    if (typed) number = narrowed<T>(*typed);
    if (typed && !number && !typed->is_negative && !field.most && !field.below) {
      const std::string most = std::to_string(std::numeric_limits<T>::max());
      return bad_value(field, "a whole number of at most " + most, text);
    }
  } else if (const std::optional<double> typed = read_number(text)) {
    is_number = true;
    if (is_within(field, *typed)) number = static_cast<T>(*typed);
  }
  if (number && is_within(field, static_cast<double>(*number))) return *number;
  if (is_number || example == 0) return bad_value(field, expectation<T>(field), text);
  const std::string kind = std::integral<T> ? "a whole number" : "a number";
  return bad_value(field, kind + " such as " + value_text(example), text);
}

// Reads what was typed for a field; of a vector, texts with commas between them. `example` is what
// the field has now, to say what a number looks like.
template <class T>
[[nodiscard]] Result<T> read_value(const Field& field, std::string_view text,
                                   const T& example = {}) {
  const auto refused = [&](const std::string& what) { return bad_value(field, what, text); };
  if constexpr (kIsOptional<T>) {
    using Value = typename T::value_type;
    const Result<Value> value = read_value<Value>(field, text, example.value_or(Value{}));
    if (!value) return value.error();
    return T(*value);
  } else if constexpr (kIsVector<T>) {
    using Value = typename T::value_type;
    T values;
    for (const std::string_view part : split_list(text)) {
      Result<Value> value =
          read_value<Value>(field, part, example.empty() ? Value{} : Value(example.front()));
      if (!value) return value.error();
      values.push_back(*std::move(value));
    }
    return values;
  } else if constexpr (std::same_as<T, bool>) {
    if (text == "on" || text == "true") return true;
    if (text == "off" || text == "false") return false;
    return refused(expectation<T>(field));
  } else if constexpr (Named<T>) {
    if (const std::optional<T> value = value_named<T>(text)) return *value;
    return refused(expectation<T>(field));
  } else if constexpr (std::integral<T> || std::floating_point<T>) {
    return read_number_value(field, text, example);
  } else {
    return T(text);
  }
}

// Refuses the first field that is out of its bounds.
template <class Struct>
[[nodiscard]] Status check_fields(const Struct& options) {
  Status status = success();
  visit_fields(options, [&](const Field& field, const auto& value) {
    if (status) status = check_value(field, value);
  });
  return status;
}

template <class Struct>
[[nodiscard]] std::vector<std::string> field_names() {
  std::vector<std::string> names;
  const Struct options;
  visit_fields(options, [&](const Field& field, const auto&) { names.emplace_back(field.name); });
  return names;
}

// Calls visit(field, value of a, value of b) for each field of two structs.
template <class A, class B, class Visit>
void visit_both(A& a, B& b, Visit&& visit) {
  visit_fields(a, [&](const Field& field, auto& of_a) {
    visit_fields(b, [&](const Field& other, auto& of_b) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(of_a)>,
                                 std::remove_cvref_t<decltype(of_b)>>) {
        if (field.name == other.name) visit(field, of_a, of_b);
      }
    });
  });
}

}  // namespace lilt
